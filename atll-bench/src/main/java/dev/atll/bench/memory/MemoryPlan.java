package dev.atll.bench.memory;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.workload.KeyOrder;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.Workload;
import java.util.List;
import java.util.Locale;

/**
 * What a comparison under a limit of memory does.
 *
 * @param turns engines, workloads, rounds and the like; its number of keys is not used
 * @param memoryBytes the limit of each engine's process: heap, native memory and page cache
 * @param heapBytes the heap of each
 * @param data sizes of the data as multiples of the limit
 * @param probes what is asked besides workloads, after them
 */
public record MemoryPlan(
    ComparisonPlan turns, long memoryBytes, long heapBytes, List<Double> data, List<Probe> probes) {
  /** What a JVM needs besides its heap, before an engine has anything. */
  private static final long JVM_BYTES = 64L << 20;

  private static final long HEAP_BYTES_MIN = 16L << 20;

  // An engine that holds its blocks outside needs little, and what a heap has grown to while loading
  // it does not give back: of 1.9 GB a fifth was cached in 900 MiB with a heap of 300, with one of
  // 128 more than a quarter.
  private static final long HEAP_PART = 8;
  private static final long HEAP_BYTES_ENOUGH = 64L << 20;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if something does not fit
   */
  public MemoryPlan {
    data = List.copyOf(data);
    probes = List.copyOf(probes);
    if (heapBytes < HEAP_BYTES_MIN || heapBytes + JVM_BYTES > memoryBytes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a heap of %d MiB within %d MiB of memory; allowed %d MiB to 64 MiB less than memory",
              heapBytes >> 20, memoryBytes >> 20, HEAP_BYTES_MIN >> 20));
    }
    if (data.isEmpty() || data.stream().distinct().count() != data.size()) {
      throw new IllegalArgumentException("sizes of data must be named once each: " + data);
    }
    for (Workload workload : turns.workloads()) {
      if (workload.order() != KeyOrder.HASHED || (!workload.loaded() && !workload.finite())) {
        throw new IllegalArgumentException(
            workload.name() + " is not measured under a limit of memory: stores are loaded in"
                + " random key order");
      }
    }
  }

  /**
   * The heap within so much memory if nothing else is asked for, in bytes: an eighth, but 64 MiB where
   * a third is more than that.
   */
  public static long heapBytes(long memoryBytes) {
    return Math.max(memoryBytes / HEAP_PART, Math.min(HEAP_BYTES_ENOUGH, memoryBytes / 3));
  }

  /** How many keys a multiple of the memory is. */
  long keys(double multiple) {
    return Math.max(1, (long) (memoryBytes * multiple / (KeySpace.KEY_BYTES + turns.valueBytes())));
  }

  /**
   * The most space that all stores of a size may need at once: an engine that merges may hold twice
   * its data, and its log.
   */
  long diskBytes() {
    double largest = data.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return (long) (turns.engines().size() * largest * memoryBytes * 2.5);
  }
}
