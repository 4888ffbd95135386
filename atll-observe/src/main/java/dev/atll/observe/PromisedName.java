package dev.atll.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One metric name that the source design promises, and where its value comes from.
 *
 * @param name the exact promised name
 * @param metric the metric that holds the value
 * @param labelKey the label that selects the series, or null for all series
 * @param labelValue the value of that label, or null for all series
 * @param scale factor from the metric's recorded unit to the unit of the promised name
 */
public record PromisedName(
    String name,
    MetricName metric,
    @Nullable String labelKey,
    @Nullable String labelValue,
    double scale) {

  /**
   * Whether a series is part of this name's value.
   *
   * @param name the series' metric
   * @param labelValues the series' label values
   * @return true if it is
   */
  public boolean selects(MetricName name, List<String> labelValues) {
    if (!metric.equals(name)) {
      return false;
    }
    return labelKey == null
        || labelValues.get(metric.labelKeys().indexOf(labelKey)).equals(labelValue);
  }

  String seriesName(List<String> labelValues) {
    return labelKey != null || labelValues.isEmpty()
        ? name
        : name + "{" + String.join(",", labelValues) + "}";
  }
}
