package dev.atll.bench.workload;

import java.util.Locale;

/**
 * A range of the key space that draws a larger share of the accesses, uniformly inside and outside.
 *
 * @param low where it begins, 0 to 1; a range that passes 1 goes on at 0
 * @param width how much of the key space it is, above 0 and below 1
 * @param share how much of the accesses it draws, 0 to 1
 */
public record HotRange(double low, double width, double share) {
  /** Checks the ranges. */
  public HotRange {
    if (!(low >= 0 && low <= 1 && width > 0 && width < 1 && share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "hot range low %s width %s share %s", low, width, share));
    }
  }

  /**
   * Draws the number of a key.
   *
   * @param random the source of chance
   * @param keys how many keys there are
   */
  public long draw(Random64 random, long keys) {
    double place =
        random.nextDouble() < share
            ? low + random.nextDouble() * width
            : low + width + random.nextDouble() * (1 - width);
    return Math.min(keys - 1, (long) ((place - Math.floor(place)) * keys));
  }

  /** The same range elsewhere; the place is taken modulo 1. */
  public HotRange at(double place) {
    return new HotRange(place - Math.floor(place), width, share);
  }

  /**
   * The Bhattacharyya coefficient, the integral of the root of the product of two densities, of this
   * range and an equally wide one: 1 if both draw alike, towards 0 the less they meet. It bounds
   * what adapting each part of the key space by itself can gain.
   *
   * @param other a range of the same width
   */
  public double similarity(HotRange other) {
    double apart = Math.abs(low - other.low);
    double overlap = Math.max(0, width - Math.min(apart, 1 - apart));
    double inside = share / width;
    double outside = (1 - share) / (1 - width);
    double otherInside = other.share / width;
    double otherOutside = (1 - other.share) / (1 - width);
    return overlap * Math.sqrt(inside * otherInside)
        + (width - overlap) * Math.sqrt(inside * otherOutside)
        + (width - overlap) * Math.sqrt(outside * otherInside)
        + (1 - 2 * width + overlap) * Math.sqrt(outside * otherOutside);
  }
}
