package dev.atll.observe;

import java.util.List;

/** A counter of {@link StripedMeter}: one padded cell for each stripe of threads. */
public final class StripedCounter implements Counter, MeterSeries {
  // 128 bytes apart: two cache lines, since neighbours are fetched in pairs.
  private static final int STEP = 16;

  private final MetricName name;
  private final List<String> labelValues;
  private final long[] cells = new long[(Stripes.COUNT + 1) * STEP];

  StripedCounter(MetricName name, List<String> labelValues) {
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
  public void add(long amount) {
    Stripes.LONGS.getAndAddRelease(cells, (Stripes.mine() + 1) * STEP, amount);
  }

  /**
   * The sum so far. Additions that run at the same time may or may not be in it.
   *
   * @return the sum
   */
  public long sum() {
    long sum = 0;
    for (int i = 1; i <= Stripes.COUNT; i++) {
      sum += (long) Stripes.LONGS.getAcquire(cells, i * STEP);
    }
    return sum;
  }
}
