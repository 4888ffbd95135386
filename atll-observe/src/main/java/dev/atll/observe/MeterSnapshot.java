package dev.atll.observe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers of a {@link StripedMeter} at about one moment. Immutable.
 *
 * @param counters sums
 * @param gauges values last set
 * @param histograms distributions
 */
public record MeterSnapshot(
    Map<Key, Long> counters, Map<Key, Double> gauges, Map<Key, HistogramSnapshot> histograms) {

  /**
   * Names one series.
   *
   * @param name the metric
   * @param labelValues its label values
   */
  public record Key(MetricName name, List<String> labelValues) {
    /** Takes a copy of the values. */
    public Key {
      labelValues = List.copyOf(labelValues);
    }
  }

  /** Takes copies that keep the order. */
  public MeterSnapshot {
    counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
    gauges = Collections.unmodifiableMap(new LinkedHashMap<>(gauges));
    histograms = Collections.unmodifiableMap(new LinkedHashMap<>(histograms));
  }

  static MeterSnapshot of(List<MeterSeries> all) {
    Map<Key, Long> counters = new LinkedHashMap<>();
    Map<Key, Double> gauges = new LinkedHashMap<>();
    Map<Key, HistogramSnapshot> histograms = new LinkedHashMap<>();
    for (MeterSeries series : all) {
      Key key = new Key(series.name(), series.labelValues());
      switch (series) {
        case StripedCounter counter -> counters.put(key, counter.sum());
        case StripedGauge gauge -> gauges.put(key, gauge.value());
        case StripedHistogram histogram -> histograms.put(key, histogram.snapshot());
      }
    }
    return new MeterSnapshot(counters, gauges, histograms);
  }

  /**
   * A counter's sum.
   *
   * @param name the metric
   * @param labelValues its label values
   * @return the sum, 0 if there is no such series
   */
  public long counter(MetricName name, String... labelValues) {
    return counters.getOrDefault(new Key(name, List.of(labelValues)), 0L);
  }

  /**
   * A gauge's value.
   *
   * @param name the metric
   * @param labelValues its label values
   * @return the value, NaN if there is no such series
   */
  public double gauge(MetricName name, String... labelValues) {
    return gauges.getOrDefault(new Key(name, List.of(labelValues)), Double.NaN);
  }

  /**
   * A histogram.
   *
   * @param name the metric
   * @param labelValues its label values
   * @return the distribution, empty if there is no such series
   */
  public HistogramSnapshot histogram(MetricName name, String... labelValues) {
    HistogramSnapshot found = histograms.get(new Key(name, List.of(labelValues)));
    return found != null ? found : new HistogramSnapshot(new long[LogLinear.BUCKETS], 0, 0);
  }

  /**
   * The values of the source design's names: a counter's sum, a gauge's value, a histogram's mean,
   * in the promised unit. Counters are summed over the labels the name does not fix; a gauge with
   * labels left over appears once for each, as in {@code slot.heat{1,7}}.
   *
   * @return name to value, by name; without the names nothing was recorded for
   */
  public Map<String, Double> promised() {
    Map<String, Double> values = new TreeMap<>();
    for (PromisedName promised : PromisedNames.all()) {
      counters.forEach((key, sum) -> {
        if (promised.selects(key.name, key.labelValues)) {
          values.merge(promised.name(), sum * promised.scale(), Double::sum);
        }
      });
      gauges.forEach((key, value) -> {
        if (promised.selects(key.name, key.labelValues)) {
          values.put(promised.seriesName(key.labelValues), value * promised.scale());
        }
      });
      histograms.forEach((key, distribution) -> {
        if (promised.selects(key.name, key.labelValues)) {
          values.put(promised.name(), distribution.mean() * promised.scale());
        }
      });
    }
    return values;
  }
}
