package dev.atll.compact;

import dev.atll.observe.event.ActionKind;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.VersionEdit.LevelRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One compaction, fully worked out: which runs go in, where the output goes, what may be dropped.
 *
 * @param jobId number of the job
 * @param decisionId number of the decision that chose it
 * @param kind what it does, for events
 * @param level level of the slot acted on
 * @param slot rank of that slot when the job was planned, for events
 * @param targetLevel level of the output
 * @param inputs runs that go in
 * @param targets slots that the output goes to, in key order
 * @param cuts keys at which the output's partitions end
 * @param olderRuns runs older than the output that may hold its keys: where one of them covers a
 *     key, a deletion of the key stays
 * @param removedGuard the guard of the level that goes with this job; null in all but joins
 * @param bytesPlanned bytes of the inputs
 */
public record JobPlan(
    long jobId,
    long decisionId,
    ActionKind kind,
    int level,
    int slot,
    int targetLevel,
    List<LevelRun> inputs,
    List<Target> targets,
    byte[][] cuts,
    List<Run> olderRuns,
    byte @Nullable [] removedGuard,
    long bytesPlanned) {

  /** Copies the lists. */
  public JobPlan {
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
    olderRuns = List.copyOf(olderRuns);
  }

  /**
   * A slot that receives one run of the output.
   *
   * @param low first key of the slot
   * @param high first key after the slot; null for no bound
   * @param minRevision lower end of the new run's revision interval
   * @param maxRevision upper end of the new run's revision interval
   * @param overwritePermille estimated share of its entries whose key exists in an older run
   * @param deletionsSinceMillis when the oldest deletion in its inputs was flushed; 0 if none is
   * @param burden what the new run's lower boundary starts with
   */
  public record Target(
      byte[] low,
      byte @Nullable [] high,
      long minRevision,
      long maxRevision,
      int overwritePermille,
      long deletionsSinceMillis,
      Burden burden) {}
}
