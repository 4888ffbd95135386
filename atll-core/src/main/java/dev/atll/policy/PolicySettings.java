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
 *     {@link Long#MAX_VALUE} for no deadline
 * @param tombstonePermilleMax share of deletions in what a purge would move from which it is considered
 * @param runsPerReadMax most runs that a read may meet on its way down, level 0 included;
 *     {@link Integer#MAX_VALUE} for no bound
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
        Integer.MAX_VALUE);
  }
}
