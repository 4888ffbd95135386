package dev.atll.observe;

/** Counts nothing. */
final class NoMeter implements Meter, Counter, Gauge, Histogram {
  static final NoMeter INSTANCE = new NoMeter();

  private NoMeter() {}

  @Override
  public Counter counter(MetricName name, String... labelValues) {
    MetricChecks.check(name, MetricKind.COUNTER, labelValues);
    return this;
  }

  @Override
  public Gauge gauge(MetricName name, String... labelValues) {
    MetricChecks.check(name, MetricKind.GAUGE, labelValues);
    return this;
  }

  @Override
  public Histogram histogram(MetricName name, String... labelValues) {
    MetricChecks.check(name, MetricKind.HISTOGRAM, labelValues);
    return this;
  }

  @Override
  public void add(long amount) {}

  @Override
  public void set(double value) {}

  @Override
  public void record(long value) {}
}
