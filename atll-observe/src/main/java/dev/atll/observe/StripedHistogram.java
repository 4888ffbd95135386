package dev.atll.observe;

import java.util.List;

/**
 * A histogram of {@link StripedMeter}: log-linear buckets (see {@link HistogramSnapshot} for its
 * precision), one copy for each stripe of threads.
 */
public final class StripedHistogram implements Histogram, MeterSeries {
  private static final int SUM = LogLinear.BUCKETS;
  private static final int MAX = LogLinear.BUCKETS + 1;

  private final MetricName name;
  private final List<String> labelValues;
  private final long[][] stripes = new long[Stripes.COUNT][LogLinear.BUCKETS + 2];

  StripedHistogram(MetricName name, List<String> labelValues) {
    this.name = name;
    this.labelValues = labelValues;
  }

  @Override
  public MetricName name() {
    return name;
  }

  @Override
  public List<String> labelValues() {
    return labelValues;
  }

  @Override
  public void record(long value) {
    long[] cells = stripes[Stripes.mine()];
    long counted = Math.max(0, value);
    Stripes.LONGS.getAndAddRelease(cells, LogLinear.indexOf(counted), 1L);
    Stripes.LONGS.getAndAddRelease(cells, SUM, counted);
    long max = (long) Stripes.LONGS.getOpaque(cells, MAX);
    while (counted > max && !Stripes.LONGS.weakCompareAndSet(cells, MAX, max, counted)) {
      max = (long) Stripes.LONGS.getOpaque(cells, MAX);
    }
  }

  /**
   * All observations so far. Those made at the same time may be counted in part.
   *
   * @return a copy that does not change
   */
  public HistogramSnapshot snapshot() {
    long[] buckets = new long[LogLinear.BUCKETS];
    long sum = 0;
    long max = 0;
    for (long[] cells : stripes) {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] += (long) Stripes.LONGS.getAcquire(cells, i);
      }
      sum += (long) Stripes.LONGS.getAcquire(cells, SUM);
      max = Math.max(max, (long) Stripes.LONGS.getAcquire(cells, MAX));
    }
    return new HistogramSnapshot(buckets, sum, max);
  }
}
