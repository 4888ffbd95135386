package dev.atll.observe.export;

import dev.atll.observe.Metrics;
import dev.atll.observe.PromisedNames;

/** Under which names metrics are exported. */
public enum NameStyle {
  /** Our own names, see {@link Metrics}. */
  CONVENTIONAL,
  /** The source design's names, see {@link PromisedNames}; metrics without one are left out. */
  PROMISED
}
