package dev.atll.policy;

/**
 * Fixed numbers of the tree that policies work with.
 *
 * @param memtableBytes size at which a memtable is flushed
 * @param fanout T: ratio of neighbouring levels' sizes, at least 2
 * @param slotBytesTarget data bytes a slot should hold; it may split beyond twice that
 * @param runsCap most runs any slot may hold, whatever the policy
 * @param spaceAmplificationMax bound on stored ÷ live data bytes, above 1
 * @param deleteDeadlineMillis how long a deletion may wait until what it deleted is gone from disk;
 *     {@link #OFF} for no deadline, as which 365,000 days and more count
 * @param tombstonePermilleMax share of deletions in what a purge would move from which it is considered
 * @param runsPerReadMax most runs that a read may meet on its way down, level 0 included;
 *     {@link #OFF} for no bound, as which 1,000,000 and more count
 */
public record PolicySettings(
    long memtableBytes,
    int fanout,
    long slotBytesTarget,
    int runsCap,
    double spaceAmplificationMax,
    long deleteDeadlineMillis,
    int tombstonePermilleMax,
    int runsPerReadMax) {
  /** Looks in the time that deletions have, even if nothing else asks for one: they age all the same. */
  public static final int LOOKS_PER_DEADLINE = 20;

  /** What stands for a rule that is off, in options, here and in recordings. */
  public static final int OFF = 0;

  // What recordings say that were made when "off" had a spelling for each rule.
  private static final long DEADLINE_NONE_MILLIS = 365_000L * 24 * 3600 * 1000;
  private static final int RUNS_PER_READ_NONE = 1_000_000;

  /** Makes one representation of what is off, so that rules that are off cost nothing. */
  public PolicySettings {
    if (deleteDeadlineMillis >= DEADLINE_NONE_MILLIS) {
      deleteDeadlineMillis = OFF;
    }
    if (runsPerReadMax >= RUNS_PER_READ_NONE) {
      runsPerReadMax = OFF;
    }
  }

  /** Whether deletions have a deadline. */
  public boolean hasDeadline() {
    return deleteDeadlineMillis != OFF;
  }

  /** Whether the runs that a read may meet are bounded. */
  public boolean boundsReads() {
    return runsPerReadMax != OFF;
  }

  /** Settings without a bound on the runs of a read. */
  public PolicySettings(
      long memtableBytes,
      int fanout,
      long slotBytesTarget,
      int runsCap,
      double spaceAmplificationMax,
      long deleteDeadlineMillis,
      int tombstonePermilleMax) {
    this(
        memtableBytes,
        fanout,
        slotBytesTarget,
        runsCap,
        spaceAmplificationMax,
        deleteDeadlineMillis,
        tombstonePermilleMax,
        OFF);
  }
}
