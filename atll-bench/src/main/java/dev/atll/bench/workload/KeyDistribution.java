package dev.atll.bench.workload;

/** Draws numbers of keys. Not thread-safe. */
@FunctionalInterface
public interface KeyDistribution {
  /**
   * Draws one.
   *
   * @param random the source of chance
   * @return a number of a key that exists
   */
  long next(Random64 random);
}
