package dev.atll.recovery;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.env.Storage;
import dev.atll.memtable.Memtable;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.TableNames;
import dev.atll.sstable.TableOptions;
import dev.atll.sstable.TableReader;
import dev.atll.sstable.TableSetWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a repair puts the parts of a long log that memory should not hold: tables in the directory of
 * the new store, which no manifest names. They go when this is closed; those that a crash leaves there
 * are swept as orphans when that store is opened. For one thread.
 */
public final class LogSpill implements AutoCloseable {
  /** Far above what the new store numbers its own files with. */
  private static final long FIRST_NUMBER = 900_000_000_000L;

  private final Storage storage;
  private final ReplayBudget budget;
  private final List<Long> numbers = new ArrayList<>();

  /**
   * Spills into a directory.
   *
   * @param storage directory of a store that is open, or of none
   * @param options say how much memory the log may take
   */
  public LogSpill(Storage storage, dev.atll.api.Options options) {
    this.storage = storage;
    this.budget = ReplayBudget.of(options, Runtime.getRuntime().maxMemory());
  }

  /** Whether a memtable should be spilled before a batch of so many bytes joins it. */
  boolean isFull(Memtable memtable, int batchBytes) {
    return memtable.bytes() + batchBytes > budget.totalBytes() && !memtable.isEmpty();
  }

  /** Writes the newest version of each key to a table, and opens that; the caller closes it. */
  TableReader spill(Memtable memtable) throws IOException {
    TableSetWriter writer =
        new TableSetWriter(
            storage, this::nextNumber, TableOptions.DEFAULT, new byte[0][], new byte[0][], Long.MAX_VALUE);
    List<TableInfo> infos;
    try (EntryCursor cursor = memtable.cursor()) {
      byte[] before = Keys.EMPTY;
      boolean first = true;
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        byte[] key = cursor.keyArray();
        int from = cursor.keyOffset();
        int length = cursor.keyLength();
        if (first || Keys.compare(before, 0, before.length, key, from, length) != 0) {
          writer.add(cursor);
          before = java.util.Arrays.copyOfRange(key, from, from + length);
          first = false;
        }
      }
      infos = writer.finish();
    } catch (Throwable e) {
      writer.abandon();
      throw e;
    }
    long number = infos.getFirst().fileNumber();
    String name = TableNames.fileName(number);
    return TableReader.open(storage.open(name), number, name, null);
  }

  private long nextNumber() {
    numbers.add(FIRST_NUMBER + numbers.size());
    return numbers.getLast();
  }

  /** Deletes what was spilled; its readers must be closed. */
  @Override
  public void close() {
    for (long number : numbers) {
      String name = TableNames.fileName(number);
      try {
        if (storage.exists(name)) {
          storage.delete(name);
        }
      } catch (IOException e) {
        // An orphan: the next opening of the store sweeps it.
      }
    }
    storage.close();
  }
}
