package dev.atll.sstable.filter;

import org.jspecify.annotations.Nullable;

/** The kinds of filter, and the number of each in a file. */
public enum FilterKind {
  /** {@link BlockedBloom}: one cache miss a probe, cheap to build. */
  BLOCKED_BLOOM(1),

  /** {@link Ribbon}: about a third smaller for the same rate, dearer to build and to probe. */
  RIBBON(2);

  private final int number;

  FilterKind(int number) {
    this.number = number;
  }

  /** The number in a file. */
  public int number() {
    return number;
  }

  /** The kind with a number; null if this version knows none. */
  public static @Nullable FilterKind ofNumber(int number) {
    for (FilterKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    return null;
  }

  /** The expected false-positive rate over so many keys; 1 for no keys or no bits. */
  public double falsePositiveRate(int keys, double bitsPerKey) {
    if (keys == 0 || bitsPerKey <= 0) {
      return 1;
    }
    return switch (this) {
      case BLOCKED_BLOOM ->
          BlockedBloom.falsePositiveRate(bitsPerKey, BlockedBloom.probesFor(bitsPerKey));
      case RIBBON -> Ribbon.plan(keys, bitsPerKey).falsePositiveRate();
    };
  }

  /**
   * How fast the rate falls with each further bit a key, near ten bits: the rate is about
   * {@code exp(-decay * bits)}. A plain Bloom filter would have ln² 2 = 0.48, a perfect one ln 2.
   */
  public double decayPerBit() {
    return switch (this) {
      case BLOCKED_BLOOM -> 0.43;
      case RIBBON -> 0.64;
    };
  }
}
