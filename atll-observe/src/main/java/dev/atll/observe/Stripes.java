package dev.atll.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Spreads threads over a few copies of a number, so that they seldom write the same line. */
final class Stripes {
  static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  // Beyond eight the gain is small and every histogram pays 30 KB a stripe.
  private static final int COUNT_MAX = 8;
  static final int COUNT =
      Math.min(
          COUNT_MAX,
          Integer.highestOneBit(Math.max(1, 2 * Runtime.getRuntime().availableProcessors() - 1)));

  private Stripes() {}

  /** The calling thread's stripe, 0 to {@code COUNT - 1}; stable per thread. */
  static int mine() {
    // Fibonacci hashing: neighbouring thread ids land on different stripes.
    return (int) ((Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L) >>> 40) & (COUNT - 1);
  }
}
