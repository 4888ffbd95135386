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
import dev.atll.sstable.OutputCheck;
import dev.atll.sstable.TableInfo;
import dev.atll.sstable.TableReader;
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
import org.jspecify.annotations.Nullable;

/**
 * Carries out one {@link JobPlan}, a slice at a time: merges the inputs, drops what no reader needs,
 * writes the outputs. The tree is not changed: {@link #finish()} returns the edit for that.
 *
 * <p>Before the edit is handed out, the job checks itself (invariant I9): every block is read with
 * its checksum, whatever was checked before; where the inputs are whole tables, what was read is
 * what they say they hold; every entry read was written or dropped for a counted reason; and the
 * output files, read back, hold exactly the entries that the job meant to write.
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
  private final OutputCheck check = new OutputCheck();
  // What the inputs hold by their own account, if all of them are whole tables.
  private final boolean inputsKnown;
  private final long inputEntries;
  private final long inputDigest;
  private long digestIn;
  private @Nullable List<TableInfo> written;
  private int verified;
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
    boolean known = true;
    long knownEntries = 0;
    long knownDigest = 0;
    for (int i = 0; i < cursors.length; i++) {
      // A scan holds nothing until its first step, so a table that cannot be opened leaks none.
      Run run = plan.inputs().get(i).run();
      TableReader table = tables.get(run.fileNumber());
      cursors[i] = table.scan(run.low(), run.high());
      known &= showsAll(run, table.info());
      knownEntries += table.info().entries();
      knownDigest += table.info().digest();
    }
    this.inputsKnown = known;
    this.inputEntries = knownEntries;
    this.inputDigest = knownDigest;
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

  private static boolean showsAll(Run run, TableInfo table) {
    byte[] high = run.high();
    return Keys.compare(run.low(), table.smallestKey()) <= 0
        && (high == null || Keys.compare(table.largestKey(), high) < 0);
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
   * Merges about so many input bytes, or reads back about so many of the output.
   *
   * @return whether all is written and verified, so that {@link #finish()} may be called
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
          digestIn += output.add(input, check);
        }
        case SHADOWED -> {
          droppedShadowed++;
          countDropped();
        }
        case SPENT_DELETION -> {
          droppedDeletions++;
          countDropped();
        }
      }
      more = input.next();
    }
    return !more && verify(until - bytesDone);
  }

  private void countDropped() {
    if (inputsKnown) {
      digestIn += OutputCheck.digest(input);
    }
  }

  /** Ends the output files, then reads back file by file; returns whether that is all. */
  private boolean verify(long bytes) throws IOException {
    List<TableInfo> infos = written;
    if (infos == null) {
      checkCounts();
      infos = output.finish();
      written = infos;
    }
    for (long left = bytes; verified < infos.size() && left > 0; verified++) {
      TableInfo info = infos.get(verified);
      check.read(tables.get(info.fileNumber()));
      left -= info.fileBytes();
    }
    return verified == infos.size();
  }

  /** Syncs the names of the output files and makes the edit; only once {@link #step} said so. */
  public CompactionResult finish() throws IOException {
    List<TableInfo> infos = written;
    if (infos == null || verified < infos.size()) {
      throw new IllegalStateException("job " + plan.jobId() + " is not done");
    }
    check.passOrThrow(infos);
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

  private void checkCounts() {
    boolean allAccountedFor = entriesIn == entriesOut + droppedShadowed + droppedDeletions;
    boolean allRead =
        !inputsKnown || (entriesIn == inputEntries && digestIn == inputDigest);
    if (!allAccountedFor || !allRead) {
      String name =
          plan.inputs().isEmpty()
              ? "(no input)"
              : TableNames.fileName(plan.inputs().get(0).run().fileNumber());
      throw new CorruptionException(
          name,
          0,
          String.format(
              Locale.ROOT,
              "compaction %d does not add up: its inputs hold %s, %d entries were read, %d shadowed,"
                  + " %d spent deletions, %d to be written",
              plan.jobId(),
              inputsKnown ? inputEntries + " entries" : "parts of tables",
              entriesIn,
              droppedShadowed,
              droppedDeletions,
              entriesOut));
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
