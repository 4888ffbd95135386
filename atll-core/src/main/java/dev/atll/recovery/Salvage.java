package dev.atll.recovery;

import dev.atll.api.CorruptionException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.env.Storage;
import dev.atll.manifest.ManifestSalvage;
import dev.atll.memtable.Memtable;
import dev.atll.record.BatchEntries;
import dev.atll.sstable.BlockCache;
import dev.atll.sstable.SalvageCursor;
import dev.atll.sstable.TableNames;
import dev.atll.sstable.TableReader;
import dev.atll.version.Run;
import dev.atll.version.Version;
import dev.atll.wal.WalSalvage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads all that is whole of a damaged store, in key order, the newest version of each key, and lists
 * what is not. Changes nothing in the directory. For one thread.
 *
 * <p>With the manifest in force, tables are read in the bounds it gives them, and what it says was
 * dropped stays dropped. Without one, every table there is counts in full: then a key that was deleted
 * may be back, if its deletion was merged away and an older table had not yet been deleted; that is
 * told too.
 */
public final class Salvage implements AutoCloseable {
  /** Problems named one by one; more are only counted. */
  private static final int PROBLEMS_MAX = 10_000;

  private final Storage storage;
  private final List<String> problems = new ArrayList<>();
  private final Map<Long, TableReader> tables = new HashMap<>();
  private final List<TableReader> spilled = new ArrayList<>();
  private final PriorityQueue<Source> sources = new PriorityQueue<>(Source::compareTo);
  private byte[] key = Keys.EMPTY;
  private boolean any;
  private int tablesLost;
  private long unnamed;

  /** Something to read from, standing on an entry. */
  private static final class Source implements Comparable<Source> {
    final @Nullable SalvageCursor table;
    final EntryCursor entry;

    Source(@Nullable SalvageCursor table, EntryCursor entry) {
      this.table = table;
      this.entry = entry;
    }

    boolean next() {
      return table != null ? table.next() : entry.next();
    }

    /** By key, then the newer revision first. */
    @Override
    public int compareTo(Source other) {
      int byKey =
          Keys.compare(
              entry.keyArray(),
              entry.keyOffset(),
              entry.keyLength(),
              other.entry.keyArray(),
              other.entry.keyOffset(),
              other.entry.keyLength());
      return byKey != 0 ? byKey : Long.compare(other.entry.revision(), entry.revision());
    }
  }

  /**
   * Opens what can be opened.
   *
   * @param storage of the damaged store; must be locked by the caller
   * @param spill where parts of the log go that memory should not hold; the caller closes it after
   *     this object
   * @throws IOException if the directory itself cannot be read
   */
  public Salvage(Storage storage, LogSpill spill) throws IOException {
    this.storage = storage;
    boolean done = false;
    try {
      open(spill);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private void open(LogSpill spill) throws IOException {
    ManifestSalvage.Found found = ManifestSalvage.read(storage, this::damaged);
    if (found == null) {
      problem("no manifest to go by: every table counts in full, deleted keys may be back");
      for (String name : storage.list()) {
        long number = TableNames.fileNumber(name);
        if (number >= 0) {
          add(number, Keys.EMPTY, null);
        }
      }
    } else {
      Version version = found.version();
      version.levelZero().forEach(this::add);
      for (int level = 1; level <= version.levelCount(); level++) {
        version.level(level).slots().forEach(slot -> slot.runs().forEach(this::add));
      }
    }
    readLog(found, spill);
  }

  private void readLog(ManifestSalvage.@Nullable Found found, LogSpill spill) throws IOException {
    BatchEntries entries = new BatchEntries();
    Memtable[] log = {new Memtable(1, 1)};
    WalSalvage.read(
        storage,
        found == null ? null : found.storeId(),
        found == null ? 0 : found.version().firstLogSegment(),
        found == null ? 0 : found.version().flushedRevision(),
        (revision, bytes, offset, length) -> {
          if (spill.isFull(log[0], length)) {
            spilled.add(spill.spill(log[0]));
            log[0] = new Memtable(1L + spilled.size(), 1);
          }
          entries.reset(bytes, offset, length);
          while (entries.next()) {
            log[0].put(
                revision,
                entries.kind(),
                entries.array(),
                entries.keyOffset(),
                entries.keyLength(),
                entries.array(),
                entries.valueOffset(),
                entries.valueLength());
          }
        },
        this::damaged);
    for (TableReader part : spilled) {
      add(part, Keys.EMPTY, null);
    }
    EntryCursor cursor = log[0].cursor();
    if (cursor.seekToFirst()) {
      sources.add(new Source(null, cursor));
    }
  }

  private void add(Run run) {
    add(run.fileNumber(), run.low(), run.high());
  }

  private void add(long number, byte[] low, byte @Nullable [] high) {
    TableReader reader = tables.get(number);
    if (reader == null) {
      String name = TableNames.fileName(number);
      try {
        if (!storage.exists(name)) {
          throw new CorruptionException(name, 0, "the table is missing");
        }
        reader = TableReader.open(storage.open(name), number, name, new BlockCache(1 << 20));
        tables.put(number, reader);
      } catch (CorruptionException e) {
        tablesLost++;
        damaged(e);
        return;
      } catch (IOException e) {
        tablesLost++;
        damaged(new CorruptionException(name, 0, "unreadable table", e));
        return;
      }
    }
    add(reader, low, high);
  }

  private void add(TableReader reader, byte[] low, byte @Nullable [] high) {
    SalvageCursor cursor = new SalvageCursor(reader, low, high, this::damaged);
    if (cursor.next()) {
      sources.add(new Source(cursor, cursor.entry()));
    }
  }

  private void damaged(CorruptionException e) {
    String after = any ? ", near the key " + name(key) : "";
    problem(String.valueOf(e.getMessage()) + after);
  }

  private void problem(String what) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(what);
    } else {
      unnamed++;
    }
  }

  private static String name(byte[] bytes) {
    int shown = Math.min(bytes.length, 40);
    String hex = java.util.HexFormat.of().formatHex(bytes, 0, shown);
    return "0x" + hex + (shown < bytes.length ? "..." : "");
  }

  /**
   * Goes to the next live key.
   *
   * @param consumer gets its newest whole version; the cursor is only to be read
   * @return false when there is none
   */
  public boolean next(java.util.function.Consumer<EntryCursor> consumer) {
    while (!sources.isEmpty()) {
      Source newest = sources.remove();
      EntryCursor entry = newest.entry;
      boolean older =
          any
              && Keys.compare(
                      key, 0, key.length, entry.keyArray(), entry.keyOffset(), entry.keyLength())
                  == 0;
      boolean live = !older && entry.kind() == ValueKind.PUT;
      if (!older) {
        any = true;
        key =
            java.util.Arrays.copyOfRange(
                entry.keyArray(), entry.keyOffset(), entry.keyOffset() + entry.keyLength());
      }
      if (live) {
        consumer.accept(entry);
      }
      if (newest.next()) {
        sources.add(newest);
      }
      if (live) {
        return true;
      }
    }
    return false;
  }

  /** Tells of an entry that was whole, and that the new store does not take. */
  public void notSaved(byte[] lost, String why) {
    problem("the entry with the key " + name(lost) + " is not saved: " + why);
  }

  /** Tables that could not be opened at all. */
  public int tablesLost() {
    return tablesLost;
  }

  /** What is not whole, one line each, in the order in which it was met. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    if (unnamed > 0) {
      all.add("and " + unnamed + " more");
    }
    return all;
  }

  @Override
  public void close() {
    tables.values().forEach(TableReader::close);
    spilled.forEach(TableReader::close);
  }
}
