package dev.atll.compact;

import dev.atll.api.CorruptionException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.env.Storage;
import dev.atll.env.SyncFailureException;
import dev.atll.mvcc.Retention;
import dev.atll.mvcc.VersionFilter;
import dev.atll.base.MergingCursor;
import dev.atll.tree.RunViews;
import dev.atll.tree.TableCache;
import dev.atll.sstable.EntryDigest;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.TableNames;
import dev.atll.sstable.TableSetWriter;
import dev.atll.sstable.filter.FilterPlan;
import dev.atll.version.Run;
import dev.atll.version.TableFile;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Carries out one {@link JobPlan}, a slice at a time: merges the inputs, drops what no reader needs,
 * writes the outputs. The tree is not changed: {@link #finish()} returns the edit for that.
 *
 * <p>Before the edit is handed out, the job checks itself: every entry read was written or dropped
 * for a counted reason, and the sum of the digests of the entries it meant to write is that of the
 * entries its outputs were fed (invariant I9).
 *
 * <p>Used by one thread at a time.
 */
public final class CompactionJob {
  private final JobPlan plan;
  private final Storage storage;
  private final TableCache tables;
  private final RunViews views;
  private final VersionFilter filter;
  private final MergingCursor input;
  private final TableSetWriter output;
  private boolean started;
  private boolean more;
  private long entriesIn;
  private long entriesOut;
  private long droppedShadowed;
  private long droppedDeletions;
  private long digest;
  private long bytesDone;

  /**
   * Prepares a job.
   *
   * @param retention what readers need, sampled after the job's leases were taken
   * @param numbers gives file numbers never used before
   * @param filters which filters the output gets
   * @param fileBytesMin an output file smaller than this goes on over a slot's end
   */
  public CompactionJob(
      JobPlan plan,
      Storage storage,
      TableCache tables,
      RunViews views,
      Retention retention,
      LongSupplier numbers,
      FilterPlan filters,
      long fileBytesMin) {
    this.plan = plan;
    this.storage = storage;
    this.tables = tables;
    this.views = views;
    this.filter = new VersionFilter(retention, this::isBottom);
    EntryCursor[] cursors = new EntryCursor[plan.inputs().size()];
    for (int i = 0; i < cursors.length; i++) {
      // A scan holds nothing until its first step, so a table that cannot be opened leaks none.
      Run run = plan.inputs().get(i).run();
      cursors[i] = tables.get(run.fileNumber()).scan(run.low(), run.high());
    }
    this.input = new MergingCursor(cursors);
    List<byte[]> fileCuts = new ArrayList<>();
    for (JobPlan.Target target : plan.targets()) {
      if (target.low().length > 0) {
        fileCuts.add(target.low());
      }
    }
    this.output =
        new TableSetWriter(
            storage,
            numbers,
            tables.options(),
            filters,
            plan.cuts(),
            fileCuts.toArray(new byte[0][]),
            fileBytesMin);
  }

  /** The plan. */
  public JobPlan plan() {
    return plan;
  }

  /** Input bytes merged so far, an estimate. */
  public long bytesDone() {
    return bytesDone;
  }

  /** Bytes written so far, an estimate. */
  public long bytesWritten() {
    return output.bytesWritten();
  }

  /** Numbers of the output files made so far. */
  public List<Long> createdNumbers() {
    return output.createdNumbers();
  }

  private boolean isBottom(byte[] key, int offset, int length) {
    for (Run run : plan.olderRuns()) {
      byte[] low = run.low();
      byte[] high = run.high();
      if (Keys.compare(low, 0, low.length, key, offset, length) <= 0
          && (high == null || Keys.compare(key, offset, length, high, 0, high.length) < 0)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Merges about so many input bytes.
   *
   * @return whether the input is used up, so that {@link #finish()} may be called
   */
  public boolean step(long bytes) throws IOException {
    if (!started) {
      started = true;
      more = input.seekToFirst();
    }
    long until = bytesDone + bytes;
    while (more && bytesDone < until) {
      entriesIn++;
      // Twelve bytes stand for what an entry takes besides key and value.
      bytesDone += input.keyLength() + input.valueLength() + 12;
      switch (filter.judge(input)) {
        case KEEP -> {
          entriesOut++;
          digest +=
              EntryDigest.of(
                  Keys.hash(input.keyArray(), input.keyOffset(), input.keyLength()),
                  input.revision(),
                  input.kind(),
                  input.valueSegment(),
                  input.valueOffset(),
                  input.valueLength());
          output.add(input);
        }
        case SHADOWED -> droppedShadowed++;
        case SPENT_DELETION -> droppedDeletions++;
      }
      more = input.next();
    }
    return !more;
  }

  /** Ends and syncs the output files and their names, checks the counts, and makes the edit. */
  public CompactionResult finish() throws IOException {
    assert started && !more;
    List<TableInfo> infos = output.finish();
    check(infos);
    if (!infos.isEmpty()) {
      SyncFailureException.syncDirectory(storage);
    }
    VersionEdit edit = new VersionEdit();
    for (var in : plan.inputs()) {
      edit.removedRuns.add(new VersionEdit.LevelRunId(in.level(), in.run().id()));
    }
    long bytesWritten = 0;
    for (TableInfo info : infos) {
      bytesWritten += info.fileBytes();
      edit.addedFiles.add(
          new TableFile(
              info.fileNumber(),
              info.fileBytes(),
              info.entries(),
              info.tombstones(),
              info.keyBytes() + info.valueBytes()));
      for (JobPlan.Target target : plan.targets()) {
        boolean touches =
            Keys.compare(info.largestKey(), target.low()) >= 0
                && (target.high() == null || Keys.compare(info.smallestKey(), target.high()) < 0);
        Run run =
            touches
                ? views.create(
                    info.fileNumber(),
                    target.low(),
                    target.high(),
                    target.minRevision(),
                    target.maxRevision(),
                    target.overwritePermille(),
                    target.deletionsSinceMillis(),
                    target.burden())
                : null;
        if (run != null) {
          edit.addedRuns.add(new VersionEdit.LevelRun(plan.targetLevel(), run));
        }
      }
    }
    byte[] guard = plan.removedGuard();
    if (guard != null) {
      edit.removedGuards.add(new VersionEdit.LevelGuard(plan.level(), guard));
    }
    input.close();
    return new CompactionResult(
        edit,
        plan.bytesPlanned(),
        bytesWritten,
        entriesIn,
        entriesOut,
        droppedShadowed,
        droppedDeletions);
  }

  private void check(List<TableInfo> infos) {
    long writtenEntries = 0;
    long writtenDigest = 0;
    for (TableInfo info : infos) {
      writtenEntries += info.entries();
      writtenDigest += info.digest();
    }
    if (entriesIn != entriesOut + droppedShadowed + droppedDeletions
        || entriesOut != writtenEntries
        || digest != writtenDigest) {
      String name = infos.isEmpty() ? "(no output)" : TableNames.fileName(infos.get(0).fileNumber());
      throw new CorruptionException(
          name,
          0,
          String.format(
              Locale.ROOT,
              "compaction %d does not add up: %d entries in, %d shadowed, %d spent deletions,"
                  + " %d out, %d written",
              plan.jobId(),
              entriesIn,
              droppedShadowed,
              droppedDeletions,
              entriesOut,
              writtenEntries));
    }
  }

  /**
   * Gives up: closes the inputs and deletes the outputs.
   *
   * @param inDoubt whether the job's edit may turn up when the store is opened again: then the
   *     outputs stay, and the next opening sweeps them if it did not
   */
  public void abandon(boolean inDoubt) {
    input.close();
    if (inDoubt) {
      output.leave();
      return;
    }
    output.abandon();
    for (long number : output.createdNumbers()) {
      tables.forget(number);
    }
  }
}
