package dev.atll.observe;

/**
 * The buckets of our histograms: linear within each power of two, as in HdrHistogram.
 *
 * <p>Values below 128 have a bucket each. Above, each power of two is cut into 64 buckets, so a
 * bucket's midpoint is within 1/128 (0.8 %) of every value in it.
 */
final class LogLinear {
  static final int SUB_BITS = 6;

  /** Enough for every non-negative long. */
  static final int BUCKETS = indexOf(Long.MAX_VALUE) + 1;

  private LogLinear() {}

  static int indexOf(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value | 1);
    int shift = Math.max(0, exponent - SUB_BITS);
    return (shift << SUB_BITS) + (int) (value >>> shift);
  }

  /** The least value of a bucket. */
  static long lowest(int index) {
    int shift = Math.max(0, (index >>> SUB_BITS) - 1);
    return (long) (index - (shift << SUB_BITS)) << shift;
  }

  /** The greatest value of a bucket. */
  static long highest(int index) {
    int shift = Math.max(0, (index >>> SUB_BITS) - 1);
    return lowest(index) + (1L << shift) - 1;
  }

  /** The value that stands for a bucket. */
  static long midpoint(int index) {
    long low = lowest(index);
    return low + (highest(index) - low) / 2;
  }
}
