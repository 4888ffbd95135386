package dev.atll.policy;

/**
 * Prices of events, measured once when the store opens and logged, so that decisions can be
 * repeated from the log. All in nanoseconds.
 *
 * @param probeNanos one filter probe of a run
 * @param blockReadNanos one data block searched
 * @param seekNanos positioning one run for a cursor
 * @param readByteNanos reading one byte in a merge
 * @param writeByteNanos writing one byte in a merge
 */
public record UnitCosts(
    double probeNanos,
    double blockReadNanos,
    double seekNanos,
    double readByteNanos,
    double writeByteNanos) {}
