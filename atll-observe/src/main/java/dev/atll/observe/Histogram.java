package dev.atll.observe;

/**
 * A distribution of whole numbers. Safe for any number of threads; recording neither locks nor
 * allocates.
 */
public interface Histogram {

  /**
   * Records one observation.
   *
   * @param value in the unit its metric names; negative values count as 0
   */
  void record(long value);
}
