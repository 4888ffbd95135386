package dev.atll.observe;

/** The three kinds of metric. */
public enum MetricKind {
  /** A sum that only grows; see {@link Counter}. */
  COUNTER,
  /** A value that goes up and down; see {@link Gauge}. */
  GAUGE,
  /** A distribution; see {@link Histogram}. */
  HISTOGRAM
}
