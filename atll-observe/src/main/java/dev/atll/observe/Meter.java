package dev.atll.observe;

/**
 * Hands out counters, gauges and histograms by name.
 *
 * <p>Ask once and keep the answer in a field: looking a meter up may lock and allocate, using it
 * does not. The same name and label values give the same meter. Label values come from closed,
 * small sets (a level, a reason, a cache, a policy), never from users' data; an implementation may
 * bound the number of series under one name and give a meter that counts nothing beyond it.
 */
public interface Meter {

  /**
   * A counter.
   *
   * @param name a name of kind {@link MetricKind#COUNTER}
   * @param labelValues one value for each of the name's label keys, in their order
   * @return the counter
   * @throws IllegalArgumentException if the kind or the number of label values is wrong
   */
  Counter counter(MetricName name, String... labelValues);

  /**
   * A gauge.
   *
   * @param name a name of kind {@link MetricKind#GAUGE}
   * @param labelValues one value for each of the name's label keys, in their order
   * @return the gauge
   * @throws IllegalArgumentException if the kind or the number of label values is wrong
   */
  Gauge gauge(MetricName name, String... labelValues);

  /**
   * A histogram.
   *
   * @param name a name of kind {@link MetricKind#HISTOGRAM}
   * @param labelValues one value for each of the name's label keys, in their order
   * @return the histogram
   * @throws IllegalArgumentException if the kind or the number of label values is wrong
   */
  Histogram histogram(MetricName name, String... labelValues);

  /**
   * The meter that counts nothing.
   *
   * @return a shared instance
   */
  static Meter none() {
    return NoMeter.INSTANCE;
  }
}
