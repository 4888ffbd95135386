package dev.atll.observe;

/** Under which names metrics are exported. */
public enum NameStyle {
  /** Our own names, see {@link Metrics}. */
  CONVENTIONAL,
  /** The source design's names, see {@link PromisedNames}; metrics without one are left out. */
  PROMISED
}
