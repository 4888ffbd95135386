package dev.atll.bench.workload;

/** Bijective scrambling of numbers, and the small generator built on it. */
public final class Mixing {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mixing() {}

  /**
   * A one-to-one map of all longs that looks random. The finaliser of SplitMix64 (Steele, Lea,
   * Flood, OOPSLA 2014, with Stafford's "variant 13" constants).
   */
  public static long mix(long number) {
    long z = number + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The inverse of {@link #mix}. */
  public static long unmix(long mixed) {
    long z = mixed ^ (mixed >>> 31) ^ (mixed >>> 62);
    z *= 0x319642B2D24D8EC3L;
    z = z ^ (z >>> 27) ^ (z >>> 54);
    z *= 0x96DE1B173F119089L;
    z = z ^ (z >>> 30) ^ (z >>> 60);
    return z - GOLDEN;
  }
}
