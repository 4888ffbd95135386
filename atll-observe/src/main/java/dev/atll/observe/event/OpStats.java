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
 * @param latencies the samples as {@code HistogramSnapshot.sparse} tells them, so that intervals
 *     can be merged: percentiles cannot be averaged; empty if nothing was sampled, or not kept
 */
public record OpStats(
    OpKind op,
    long count,
    double opsPerSecond,
    long p50Nanos,
    long p95Nanos,
    long p99Nanos,
    long p999Nanos,
    long maxNanos,
    Longs latencies) {}
