package dev.atll.bench.workload;

/**
 * What a workload is run with.
 *
 * @param keys how many keys the store is loaded with, or loads; 1 to 2^40
 * @param threads how many threads share the work, at least 1
 * @param seed everything drawn follows from it
 * @param hotSet settings of the workload whose hot set moves
 */
public record WorkloadSettings(long keys, int threads, long seed, ShiftingHotSet hotSet) {
  /** Checks the ranges. */
  public WorkloadSettings {
    if (keys < 1 || keys > 1L << 40) {
      throw new IllegalArgumentException("keys = " + keys + ", allowed 1 to 2^40");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads = " + threads + ", allowed from 1");
    }
  }

  /** With the default hot set. */
  public WorkloadSettings(long keys, int threads, long seed) {
    this(keys, threads, seed, ShiftingHotSet.defaults());
  }
}
