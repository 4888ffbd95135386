package dev.atll.observe;

/** The unit in which a metric's values are recorded; adapters convert to their own convention. */
public enum MetricUnit {
  /** Things that are counted. */
  COUNT,
  /** Bytes. */
  BYTES,
  /** Nanoseconds. */
  NANOS,
  /** A ratio or share without unit. */
  RATIO
}
