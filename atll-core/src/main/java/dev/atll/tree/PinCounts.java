package dev.atll.tree;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many readers hold a state, counted in stripes a cache line apart, so that readers on different
 * threads do not pass one line to and fro.
 *
 * <p>A reader increments its stripe, then checks that the state is still current, and if not takes
 * the increment back and tries the new one. So once a state is no longer current, a stripe seen at
 * zero can only be raised by readers that will not touch the state; all stripes seen at zero, one
 * after the other, mean that nobody holds it.
 */
final class PinCounts {
  private static final int STRIPES = 8;
  private static final int LONGS_PER_LINE = 16; // two lines: adjacent-line prefetch shares pairs

  private final AtomicLongArray counts = new AtomicLongArray(STRIPES * LONGS_PER_LINE);

  static int stripeOfCurrentThread() {
    return (int) (Thread.currentThread().threadId() & (STRIPES - 1)) * LONGS_PER_LINE;
  }

  void increment(int stripe) {
    counts.getAndIncrement(stripe);
  }

  void decrement(int stripe) {
    long before = counts.getAndDecrement(stripe);
    assert before > 0 : "unpinned more often than pinned";
  }

  boolean allZero() {
    for (int i = 0; i < STRIPES; i++) {
      if (counts.get(i * LONGS_PER_LINE) != 0) {
        return false;
      }
    }
    return true;
  }

  /** About how many hold it: stripes are read one after the other. */
  long sum() {
    long sum = 0;
    for (int i = 0; i < STRIPES; i++) {
      sum += counts.get(i * LONGS_PER_LINE);
    }
    return sum;
  }
}
