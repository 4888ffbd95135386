package dev.atll.bench.workload;

/** One thread's endless or finite stream of operations. Not thread-safe. */
@FunctionalInterface
public interface OpSource {
  /**
   * Draws the next operations.
   *
   * @param into cleared, then filled with at most {@code count} operations; left empty only at the
   *     end of the stream
   * @param count how many are wanted, at least 1 and at most the buffer's capacity
   */
  void fill(OpBuffer into, int count);
}
