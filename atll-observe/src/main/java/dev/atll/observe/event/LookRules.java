package dev.atll.observe.event;

/**
 * What stays the same from look to look while one policy decides.
 *
 * @param policy name of the policy
 * @param scheduler name of what picks among the policy's candidates
 * @param seed seed of the chance in both
 * @param sinceLook the first look of this policy, fresh then; the scheduler's was look 1
 * @param memtableBytes size at which a memtable is flushed
 * @param fanout ratio of neighbouring levels' sizes
 * @param slotBytesTarget bytes a slot should hold
 * @param runsCap most runs of a slot
 * @param spaceAmplificationMax bound on stored ÷ live bytes
 * @param deleteDeadlineMillis how long a deletion may wait for its purge; 0, or 365,000 days and more, for
 *     as long as it likes
 * @param tombstonePermilleMax share of deletions from which a purge is considered
 * @param runsPerReadMax most runs that a read may meet; 0, or 1,000,000, for any number
 * @param probeNanos price of a filter probe
 * @param blockReadNanos price of a block searched
 * @param seekNanos price of positioning a run
 * @param readByteNanos price of a byte read in a merge
 * @param writeByteNanos price of a byte written in a merge
 */
public record LookRules(
    Label policy,
    Label scheduler,
    long seed,
    long sinceLook,
    long memtableBytes,
    int fanout,
    long slotBytesTarget,
    int runsCap,
    double spaceAmplificationMax,
    long deleteDeadlineMillis,
    int tombstonePermilleMax,
    int runsPerReadMax,
    double probeNanos,
    double blockReadNanos,
    double seekNanos,
    double readByteNanos,
    double writeByteNanos) {}
