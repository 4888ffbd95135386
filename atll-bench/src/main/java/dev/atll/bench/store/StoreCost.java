package dev.atll.bench.store;

/**
 * What a store has cost at one moment.
 *
 * @param diskBytes size of all its files
 * @param bytesWritten bytes it wrote to files since it was opened; -1 if it cannot tell
 * @param memoryBytes buffers, caches and indexes it holds, on the heap or not; -1 if it cannot tell
 */
public record StoreCost(long diskBytes, long bytesWritten, long memoryBytes) {
  /** Stands for a figure that the store does not keep. */
  public static final long UNKNOWN = -1;
}
