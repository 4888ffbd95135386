package dev.atll.observe;

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
