package dev.atll.observe.event;

/**
 * Traffic and sampled latency of one kind of operation over an interval.
 *
 * @param op the kind
 * @param count operations in the interval
 * @param opsPerSecond rate over the interval
 * @param p50Nanos median latency; 0 if nothing was sampled, as for the others
 * @param p95Nanos 95th percentile
 * @param p99Nanos 99th percentile
 * @param p999Nanos 99.9th percentile
 * @param maxNanos largest sample
 */
public record OpStats(
    OpKind op,
    long count,
    double opsPerSecond,
    long p50Nanos,
    long p95Nanos,
    long p99Nanos,
    long p999Nanos,
    long maxNanos) {}
