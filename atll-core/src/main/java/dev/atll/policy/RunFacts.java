package dev.atll.policy;

import java.util.List;

/**
 * What a policy may know of one run.
 *
 * @param runId id of the run, for logs
 * @param bytes estimated data bytes within the run's bounds
 * @param entries estimated entries within the run's bounds
 * @param tombstones estimated deletions within the run's bounds
 * @param overwritePermille estimated share of entries whose key exists in an older run, 0 to 1000
 * @param tombstoneAgeMillis how long the oldest deletion in the run has been waiting; 0 without one
 * @param retained whether a snapshot or the retention window may still see what the run replaced or
 *     deleted, so that rewriting it might drop nothing
 * @param fileDeadPermille share of the run's table file that no live run shows, 0 to 1000
 * @param probes gets that probed this run in vain and went on to the next older run
 * @param missProbes those of them that found no value in any run
 * @param falsePositives block reads of this run in vain, by gets that went on
 * @param missFalsePositives those of them by gets that found no value in any run
 * @param seeks cursor seeks that positioned this run besides the next older one
 * @param missNanos what a block of this run costs a read on average beyond one in memory, from the
 *     share of blocks that had to be read and the time that took; 0 where the table was mapped
 *     when it was last read
 */
public record RunFacts(
    long runId,
    long bytes,
    long entries,
    long tombstones,
    int overwritePermille,
    long tombstoneAgeMillis,
    boolean retained,
    int fileDeadPermille,
    long probes,
    long missProbes,
    long falsePositives,
    long missFalsePositives,
    long seeks,
    long missNanos) {
  /**
   * The runs of a slot as {@link SlotFacts} keeps them, for who gives the same ones again and again:
   * what is added up over them is then added up once.
   *
   * @param newestFirst copied, unless this method made it
   */
  public static List<RunFacts> slot(List<RunFacts> newestFirst) {
    return RunList.of(newestFirst);
  }

  /** The same at another time. */
  RunFacts aged(long ageMillis, boolean isRetained) {
    return new RunFacts(
        runId,
        bytes,
        entries,
        tombstones,
        overwritePermille,
        ageMillis,
        isRetained,
        fileDeadPermille,
        probes,
        missProbes,
        falsePositives,
        missFalsePositives,
        seeks,
        missNanos);
  }

  /** Bytes of older entries that this run's replaced. */
  double overwrittenBytes() {
    return bytes * (overwritePermille / 1000.0);
  }

  /** The part of the table's dead bytes that falls to this view of it. */
  double fileDeadBytes() {
    int dead = Math.min(999, fileDeadPermille);
    return bytes * (dead / (1000.0 - dead));
  }
}
