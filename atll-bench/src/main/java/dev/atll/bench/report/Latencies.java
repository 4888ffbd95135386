package dev.atll.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Latencies of one kind of operation, to three digits from 1 ns to an hour. Not thread-safe. */
public final class Latencies {
  private static final long NANOS_MAX = 3_600_000_000_000L;
  private static final double NANOS_PER_MICRO = 1e3;

  private final Histogram histogram = new Histogram(NANOS_MAX, 3);

  /** No latencies yet. */
  public Latencies() {}

  /** Adds one, in nanoseconds. */
  public void record(long nanos) {
    histogram.recordValue(Math.clamp(nanos, 0, NANOS_MAX));
  }

  /** Adds all of another. */
  public void add(Latencies other) {
    histogram.add(other.histogram);
  }

  /** Forgets all. */
  public void clear() {
    histogram.reset();
  }

  /** How many were recorded. */
  public long count() {
    return histogram.getTotalCount();
  }

  /** The value in microseconds below or at which a percentage lies; 0 without any. */
  public double percentileMicros(double percentage) {
    return count() == 0 ? 0 : histogram.getValueAtPercentile(percentage) / NANOS_PER_MICRO;
  }

  /** The mean in microseconds; 0 without any. */
  public double meanMicros() {
    return count() == 0 ? 0 : histogram.getMean() / NANOS_PER_MICRO;
  }

  /** The largest in microseconds; 0 without any. */
  public double maxMicros() {
    return count() == 0 ? 0 : histogram.getMaxValue() / NANOS_PER_MICRO;
  }

  /** How many were so many milliseconds or more, up to an hour. */
  public long countFrom(double millis) {
    return histogram.getCountBetweenValues((long) (millis * 1e6), NANOS_MAX);
  }

  /** For a report: sample count, mean, p50, p95, p99, p999 and max in microseconds. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("samples", count());
    map.put("mean", Numbers.digits(meanMicros()));
    map.put("p50", Numbers.digits(percentileMicros(50)));
    map.put("p95", Numbers.digits(percentileMicros(95)));
    map.put("p99", Numbers.digits(percentileMicros(99)));
    map.put("p999", Numbers.digits(percentileMicros(99.9)));
    map.put("max", Numbers.digits(maxMicros()));
    return map;
  }
}
