package dev.atll.observe.export;

import dev.atll.observe.MetricName;
import dev.atll.observe.StripedHistogram;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** One line of numbers as a metrics backend should see it; see {@link MeterExport}. */
public sealed interface ExportSeries {

  /**
   * The name under which it is exported.
   *
   * @return a dotted name
   */
  String name();

  /**
   * The metric it comes from, for its description.
   *
   * @return the metric
   */
  MetricName metric();

  /**
   * Label keys and values.
   *
   * @return an immutable map in the order of the metric's keys
   */
  Map<String, String> labels();

  /**
   * A sum that only grows.
   *
   * @param name exported name
   * @param metric where it comes from
   * @param labels label keys and values
   * @param value reads the sum
   */
  record Sum(String name, MetricName metric, Map<String, String> labels, DoubleSupplier value)
      implements ExportSeries {}

  /**
   * A value that goes up and down.
   *
   * @param name exported name
   * @param metric where it comes from
   * @param labels label keys and values
   * @param value reads the value; NaN if there is none
   */
  record Level(String name, MetricName metric, Map<String, String> labels, DoubleSupplier value)
      implements ExportSeries {}

  /**
   * A distribution.
   *
   * @param name exported name
   * @param metric where it comes from
   * @param labels label keys and values
   * @param histogram all observations, for count and sum
   * @param recent the latest observations, for quantiles and maximum
   * @param scale factor from recorded to exported unit
   */
  record Distribution(
      String name,
      MetricName metric,
      Map<String, String> labels,
      StripedHistogram histogram,
      RecentHistogram recent,
      double scale)
      implements ExportSeries {}
}
