package dev.atll.bench.experiment;

/**
 * When a phase ends at the latest.
 *
 * @param opsPerWorker operations each worker does at most
 * @param nanos how long it lasts at most
 */
record Limits(long opsPerWorker, long nanos) {
  /** Until the workers have no more to do. */
  static Limits none() {
    return new Limits(Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
