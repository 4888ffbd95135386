package dev.atll.sstable.filter;

/**
 * Which filter the keys of a partition get.
 *
 * @param kind preferred kind; a partition of few keys gets a blocked Bloom filter all the same
 * @param bitsPerKey 0 for no filter, else 1 to {@link #BITS_MAX}
 */
public record FilterChoice(FilterKind kind, double bitsPerKey) {
  /** The most bits a key may get: more than that no probe can use. */
  public static final double BITS_MAX = 32;

  /** No filter. */
  public static final FilterChoice NONE = new FilterChoice(FilterKind.BLOCKED_BLOOM, 0);

  /** Checks the range; {@code IllegalArgumentException} outside it. */
  public FilterChoice {
    if (!(bitsPerKey == 0 || (bitsPerKey >= 1 && bitsPerKey <= BITS_MAX))) {
      throw new IllegalArgumentException("filter bits a key must be 0 or 1 to 32: " + bitsPerKey);
    }
  }

  /** A choice for any number of bits: below 1 there is no filter, above the most there are these. */
  public static FilterChoice of(FilterKind kind, double bitsPerKey) {
    return bitsPerKey >= 1 ? new FilterChoice(kind, Math.min(BITS_MAX, bitsPerKey)) : NONE;
  }
}
