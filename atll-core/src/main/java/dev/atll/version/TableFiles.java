package dev.atll.version;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tables by number, ascending: the same order in every process, so that what a seed does is the same.
 * Immutable; those of an edit share what it leaves with those before it.
 */
public final class TableFiles extends AbstractMap<Long, TableFile> {
  /** No tables. */
  public static final TableFiles NONE = new TableFiles(LongMap.empty(), 0);

  private final LongMap<TableFile> files;
  private final long bytes;

  private TableFiles(LongMap<TableFile> files, long bytes) {
    this.files = files;
    this.bytes = bytes;
  }

  /** These tables, whose numbers must differ. */
  public static TableFiles of(Collection<TableFile> tables) {
    return NONE.with(List.copyOf(tables), List.of());
  }

  /** Bytes of all tables. */
  public long bytes() {
    return bytes;
  }

  /**
   * With some tables more and some fewer.
   *
   * @param more may hold tables that are known already, as they are known
   * @param fewer numbers of tables that go, of those that are known or come
   * @return this object if nothing changes
   * @throws IllegalArgumentException if a table is known otherwise
   */
  TableFiles with(List<TableFile> more, Collection<Long> fewer) {
    TreeMap<Long, @Nullable TableFile> changes = new TreeMap<>();
    long sum = bytes;
    for (TableFile file : more) {
      TableFile known = changes.get(file.number());
      known = known == null ? files.get(file.number()) : known;
      if (known != null && !known.equals(file)) {
        throw new IllegalArgumentException("table " + file.number() + " is known otherwise");
      }
      if (known == null) {
        changes.put(file.number(), file);
        sum += file.bytes();
      }
    }
    for (Long number : fewer) {
      TableFile fresh = changes.remove(number);
      TableFile known = fresh == null ? files.get(number) : null;
      if (known != null) {
        changes.put(number, null);
      }
      TableFile gone = fresh == null ? known : fresh;
      sum -= gone == null ? 0 : gone.bytes();
    }
    return changes.isEmpty() ? this : new TableFiles(files.with(changes), sum);
  }

  /** Calls with the number of each table that the other lacks, ascending. */
  public void forEachMissingFrom(TableFiles other, LongConsumer action) {
    for (Iterator<Entry<Long, TableFile>> i = files.iterator(); i.hasNext(); ) {
      long number = i.next().getKey();
      if (!other.contains(number)) {
        action.accept(number);
      }
    }
  }

  /** Whether there is a table of this number. */
  public boolean contains(long number) {
    return files.contains(number);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key instanceof Long number && contains(number);
  }

  @Override
  public @Nullable TableFile get(@Nullable Object key) {
    return key instanceof Long number ? files.get(number) : null;
  }

  @Override
  public Set<Map.Entry<Long, TableFile>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return files.size();
      }

      @Override
      public Iterator<Map.Entry<Long, TableFile>> iterator() {
        return files.iterator();
      }
    };
  }
}
