package dev.atll.policy;

/**
 * What a policy may know of one run.
 *
 * @param runId id of the run, for logs
 * @param bytes estimated data bytes within the run's bounds
 * @param entries estimated entries within the run's bounds
 * @param tombstones estimated deletions within the run's bounds
 * @param overwritePermille estimated share of entries whose key exists in an older run, 0 to 1000
 * @param fileDeadPermille share of the run's table file that no live run shows, 0 to 1000
 * @param probes gets that probed this run in vain and went on to the next older run
 * @param falsePositives block reads of this run in vain
 * @param seeks cursor seeks that positioned this run besides the next older one
 */
public record RunFacts(
    long runId,
    long bytes,
    long entries,
    long tombstones,
    int overwritePermille,
    int fileDeadPermille,
    long probes,
    long falsePositives,
    long seeks) {}
