package dev.atll.version;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tables by number, ascending: the same order in every process, so that what a seed does is the same.
 * Immutable. Two arrays and no tree: each edit makes a new one, of thousands of tables.
 */
public final class TableFiles extends AbstractMap<Long, TableFile> {
  /** No tables. */
  public static final TableFiles NONE = new TableFiles(new long[0], new TableFile[0]);

  private final long[] numbers;
  private final TableFile[] files;

  private TableFiles(long[] numbers, TableFile[] files) {
    this.numbers = numbers;
    this.files = files;
  }

  /** These tables, whose numbers must differ. */
  public static TableFiles of(Collection<TableFile> tables) {
    TableFile[] files = tables.toArray(new TableFile[0]);
    Arrays.sort(files, (a, b) -> Long.compare(a.number(), b.number()));
    return new TableFiles(Arrays.stream(files).mapToLong(TableFile::number).toArray(), files);
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
    Map<Long, TableFile> fresh = new TreeMap<>();
    for (TableFile file : more) {
      TableFile known = fresh.put(file.number(), file);
      known = known == null ? get(file.number()) : known;
      if (known != null && !known.equals(file)) {
        throw new IllegalArgumentException("table " + file.number() + " is known otherwise");
      }
      if (containsKey(file.number())) {
        fresh.remove(file.number());
      }
    }
    if (fresh.isEmpty() && fewer.isEmpty()) {
      return this;
    }
    long[] nextNumbers = new long[numbers.length + fresh.size()];
    TableFile[] nextFiles = new TableFile[nextNumbers.length];
    int count = 0;
    int at = 0;
    for (TableFile file : fresh.values()) {
      while (at < numbers.length && numbers[at] < file.number()) {
        count = copy(files[at++], fewer, nextNumbers, nextFiles, count);
      }
      count = copy(file, fewer, nextNumbers, nextFiles, count);
    }
    while (at < numbers.length) {
      count = copy(files[at++], fewer, nextNumbers, nextFiles, count);
    }
    return new TableFiles(Arrays.copyOf(nextNumbers, count), Arrays.copyOf(nextFiles, count));
  }

  private static int copy(
      TableFile file, Collection<Long> without, long[] numbers, TableFile[] files, int count) {
    if (!without.isEmpty() && without.contains(file.number())) {
      return count;
    }
    numbers[count] = file.number();
    files[count] = file;
    return count + 1;
  }

  /** Calls with the number of each table that the other lacks, ascending. */
  public void forEachMissingFrom(TableFiles other, LongConsumer action) {
    int at = 0;
    for (long number : numbers) {
      while (at < other.numbers.length && other.numbers[at] < number) {
        at++;
      }
      if (at == other.numbers.length || other.numbers[at] != number) {
        action.accept(number);
      }
    }
  }

  /** Whether there is a table of this number. */
  public boolean contains(long number) {
    return Arrays.binarySearch(numbers, number) >= 0;
  }

  @Override
  public int size() {
    return numbers.length;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key instanceof Long number && contains(number);
  }

  @Override
  public @Nullable TableFile get(@Nullable Object key) {
    int at = key instanceof Long number ? Arrays.binarySearch(numbers, number) : -1;
    return at < 0 ? null : files[at];
  }

  @Override
  public Set<Map.Entry<Long, TableFile>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return numbers.length;
      }

      @Override
      public Iterator<Map.Entry<Long, TableFile>> iterator() {
        return new Iterator<>() {
          private int at;

          @Override
          public boolean hasNext() {
            return at < numbers.length;
          }

          @Override
          public Map.Entry<Long, TableFile> next() {
            if (at == numbers.length) {
              throw new NoSuchElementException();
            }
            return Map.entry(numbers[at], files[at++]);
          }
        };
      }
    };
  }
}
