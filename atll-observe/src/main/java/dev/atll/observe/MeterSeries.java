package dev.atll.observe;

import java.util.List;

/** One line of numbers: a metric under one choice of label values, readable at any time. */
public sealed interface MeterSeries permits StripedCounter, StripedGauge, StripedHistogram {

  /**
   * What is measured.
   *
   * @return the metric
   */
  MetricName name();

  /**
   * The label values, one for each of the metric's label keys.
   *
   * @return an immutable list
   */
  List<String> labelValues();
}
