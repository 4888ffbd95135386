package dev.atll.bench.experiment;

/** One thread's part of a piece of work, done step by step so that it can be paused and stopped. */
interface Worker {
  /**
   * Does the next operations.
   *
   * @param count how many at most, at least 1
   * @return whether there may be more
   */
  boolean step(int count);

  /** What was done so far. */
  Tally tally();
}
