package dev.atll.observe;

import dev.atll.observe.event.Longs;

/**
 * A distribution at one moment. Immutable.
 *
 * <p>Quantiles are exact for values below 128 and otherwise within 1/128 (0.8 %) of an observed
 * value of the asked rank.
 */
public final class HistogramSnapshot {
  private final long[] buckets;
  private final long count;
  private final long sum;
  private final long max;

  HistogramSnapshot(long[] buckets, long sum, long max) {
    this.buckets = buckets;
    this.sum = sum;
    this.max = max;
    long observations = 0;
    for (long bucket : buckets) {
      observations += bucket;
    }
    this.count = observations;
  }

  /**
   * One without an observation.
   *
   * @return what a histogram shows at first
   */
  public static HistogramSnapshot empty() {
    return new HistogramSnapshot(new long[LogLinear.BUCKETS], 0, 0);
  }

  /**
   * How many observations there are.
   *
   * @return the count
   */
  public long count() {
    return count;
  }

  /**
   * The sum of all observations, exact unless it overflows.
   *
   * @return the sum
   */
  public long sum() {
    return sum;
  }

  /**
   * The largest observation: exact for a whole history, to a bucket for the difference of two.
   *
   * @return the maximum, 0 if there is none
   */
  public long max() {
    return max;
  }

  /**
   * The mean.
   *
   * @return the mean, 0 if there is no observation
   */
  public double mean() {
    return count == 0 ? 0 : (double) sum / count;
  }

  /**
   * The least value that at least a share {@code q} of the observations do not exceed.
   *
   * @param q between 0 and 1
   * @return the value, 0 if there is no observation
   */
  public long quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile " + q + " not in [0, 1]");
    }
    long rank = Math.max(1, (long) Math.ceil(q * count));
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= rank) {
        return Math.min(LogLinear.midpoint(i), max);
      }
    }
    return max;
  }

  /**
   * The distribution in short, to be sent and merged elsewhere.
   *
   * @return pairs of a bucket's number and its count, for buckets that are not empty; a bucket's
   *     number is 64 s + (v >> s) for the values v of it, s being the number of v's binary digits
   *     beyond seven, or 0
   */
  public Longs sparse() {
    int used = 0;
    for (long bucket : buckets) {
      used += bucket == 0 ? 0 : 1;
    }
    long[] pairs = new long[2 * used];
    int at = 0;
    for (int i = 0; i < buckets.length; i++) {
      if (buckets[i] != 0) {
        pairs[at++] = i;
        pairs[at++] = buckets[i];
      }
    }
    return Longs.of(pairs);
  }

  /**
   * What several distributions are together.
   *
   * @param parts as {@link #sparse} gave them
   * @return their sum; its maximum and its sum are exact to a bucket
   * @throws IllegalArgumentException if one is no list of pairs, or names a bucket there is not
   */
  public static HistogramSnapshot merged(Iterable<Longs> parts) {
    long[] sums = new long[LogLinear.BUCKETS];
    for (Longs part : parts) {
      if (part.size() % 2 != 0) {
        throw new IllegalArgumentException("a bucket without its count");
      }
      for (int i = 0; i < part.size(); i += 2) {
        long bucket = part.get(i);
        if (bucket < 0 || bucket >= sums.length || part.get(i + 1) < 0) {
          throw new IllegalArgumentException("bucket " + bucket + " of " + sums.length);
        }
        sums[(int) bucket] += part.get(i + 1);
      }
    }
    long sum = 0;
    long max = 0;
    for (int i = 0; i < sums.length; i++) {
      if (sums[i] > 0) {
        sum += sums[i] * LogLinear.midpoint(i);
        max = LogLinear.highest(i);
      }
    }
    return new HistogramSnapshot(sums, sum, max);
  }

  /**
   * What was observed after an earlier snapshot of the same histogram.
   *
   * @param earlier the earlier snapshot
   * @return the difference
   */
  public HistogramSnapshot since(HistogramSnapshot earlier) {
    long[] difference = new long[buckets.length];
    long highest = 0;
    for (int i = 0; i < buckets.length; i++) {
      difference[i] = Math.max(0, buckets[i] - earlier.buckets[i]);
      if (difference[i] > 0) {
        highest = Math.min(LogLinear.highest(i), max);
      }
    }
    return new HistogramSnapshot(difference, sum - earlier.sum, highest);
  }
}
