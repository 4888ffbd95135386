package dev.atll.bench.workload;

/** SplitMix64: a seeded generator that costs about a nanosecond a draw. Not thread-safe. */
public final class Random64 {
  private long state;

  /** A generator whose draws depend on the seed alone. */
  public Random64(long seed) {
    state = Mixing.mix(seed);
  }

  /** The next 64 bits. */
  public long nextLong() {
    return Mixing.mix(state++);
  }

  /**
   * A number below a bound; the bias of the multiplication (Lemire 2019) is below bound ÷ 2^64.
   *
   * @param bound at least 1
   */
  public long nextLong(long bound) {
    return Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }
}
