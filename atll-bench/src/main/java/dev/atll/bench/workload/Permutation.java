package dev.atll.bench.workload;

/**
 * A fixed one-to-one map of 0..n-1 onto itself that looks random: the ranks of a skewed draw go
 * through it, so that hot keys do not lie together.
 *
 * <p>Scrambles the next power of two and walks the cycle back into the range (Black and Rogaway,
 * "Ciphers with arbitrary finite domains", 2002); fewer than two steps on average.
 */
public final class Permutation {
  private final long count;
  private final long mask;
  private final int shift;

  /** The map of 0..count-1. */
  public Permutation(long count) {
    this.count = count;
    int bits = Math.max(2, 64 - Long.numberOfLeadingZeros(count - 1));
    mask = (1L << bits) - 1;
    shift = (bits + 1) / 2;
  }

  /** Where a number goes. */
  public long apply(long number) {
    long z = number;
    do {
      // Odd products and right shifts are one-to-one on the low bits.
      z = (z * 0xBF58476D1CE4E5B9L + 0x632BE59BD9B4E019L) & mask;
      z ^= z >>> shift;
      z = (z * 0x94D049BB133111EBL + 0x2545F4914F6CDD1DL) & mask;
      z ^= z >>> shift;
    } while (z >= count);
    return z;
  }
}
