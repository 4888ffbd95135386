package dev.atll.flush;

import dev.atll.api.AtllException;
import dev.atll.api.StorageFullException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.env.Storage;
import dev.atll.env.SyncFailureException;
import dev.atll.memtable.Memtable;
import dev.atll.mvcc.Retention;
import dev.atll.mvcc.VersionFilter;
import dev.atll.tree.ReadTree;
import dev.atll.tree.RunViews;
import dev.atll.tree.TableCache;
import dev.atll.sstable.OutputCheck;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.filter.FilterPlan;
import dev.atll.sstable.TableSetWriter;
import dev.atll.version.Burden;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.TableFile;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Writes one sealed memtable to one table, cut at the guards of level 1 so that its parts can be
 * handed to the slots without writing them again. Used by one thread.
 */
public final class FlushJob {
  // One key in 64 is looked for in the filters of the tree: 8,000 lookups for a 64 MiB memtable of
  // 116-byte entries, about 1 % of the flush, and a standard error below 0.6 percentage points.
  private static final int OVERWRITE_SAMPLE_PERIOD = 64;

  /**
   * What a flush wrote.
   *
   * @param edit adds the table to level 0 and moves the flushed revision on
   * @param entriesIn entries of the memtable
   * @param entriesOut entries written
   * @param bytesWritten length of the table; 0 if nothing was left to write
   * @param fileNumber number of the table; 0 if there is none
   */
  public record Result(
      VersionEdit edit, long entriesIn, long entriesOut, long bytesWritten, long fileNumber) {}

  private FlushJob() {}

  /** An estimate only: a damaged filter of an old table must not keep new entries from their table. */
  private static boolean mayOverwrite(ReadTree tree, Lookup lookup) {
    try {
      return tree.mayContain(lookup);
    } catch (AtllException e) {
      return true;
    }
  }

  /**
   * Runs the flush.
   *
   * @param memtable sealed, and the oldest that is not yet flushed
   * @param tree the tree it will lie on, for the estimate of overwrites
   * @param guards guards of level 1
   * @param filters which filters the table gets
   */
  public static Result run(
      Memtable memtable,
      ReadTree tree,
      Guards guards,
      Retention retention,
      Storage storage,
      TableCache tables,
      RunViews views,
      LongSupplier numbers,
      long nowMillis,
      FilterPlan filters)
      throws IOException {
    VersionFilter filter = new VersionFilter(retention, (key, offset, length) -> false);
    TableSetWriter output =
        new TableSetWriter(
            storage,
            numbers,
            tables.options(),
            filters,
            guards.keys(),
            new byte[0][],
            Long.MAX_VALUE);
    long in = 0;
    long out = 0;
    long sampled = 0;
    long sampledHits = 0;
    Lookup lookup = new Lookup();
    OutputCheck check = new OutputCheck();
    List<TableInfo> infos;
    try (EntryCursor cursor = memtable.cursor()) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        in++;
        if (filter.judge(cursor) != VersionFilter.Fate.KEEP) {
          continue;
        }
        output.add(cursor, check);
        if (out++ % OVERWRITE_SAMPLE_PERIOD == 0) {
          sampled++;
          lookup.ask(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength(), Long.MAX_VALUE);
          if (mayOverwrite(tree, lookup)) {
            sampledHits++;
          }
        }
      }
      infos = output.finish();
      // Read back while the memtable and its log are still there.
      for (TableInfo info : infos) {
        check.read(tables.get(info.fileNumber()));
      }
      check.passOrThrow(infos);
      SyncFailureException.syncDirectory(storage);
    } catch (SyncFailureException e) {
      output.leave(); // invariant I13
      throw e;
    } catch (Throwable e) {
      output.createdNumbers().forEach(tables::forget);
      output.abandon();
      throw e;
    }
    VersionEdit edit = new VersionEdit();
    edit.flushedRevision = memtable.lastRevision();
    edit.retainedFloor = retention.floor();
    if (infos.isEmpty()) {
      return new Result(edit, in, out, 0, 0);
    }
    TableInfo info = infos.get(0);
    edit.addedFiles.add(
        new TableFile(
            info.fileNumber(),
            info.fileBytes(),
            info.entries(),
            info.tombstones(),
            info.keyBytes() + info.valueBytes()));
    Run run;
    try {
      run =
          views.create(
              info.fileNumber(),
              Keys.EMPTY,
              null,
              memtable.firstRevision(),
              memtable.lastRevision(),
              (int) (sampled == 0 ? 0 : 1000 * sampledHits / sampled),
              nowMillis,
              new Burden());
    } catch (StorageFullException e) {
      // No descriptor to open it with, say. It will be tried again, each time with another table.
      output.abandon();
      throw e;
    }
    assert run != null : "a table with entries shows none";
    edit.addedRuns.add(new VersionEdit.LevelRun(0, run));
    return new Result(edit, in, out, info.fileBytes(), info.fileNumber());
  }
}
