package dev.atll.observe;

import java.util.List;

/** A gauge of {@link StripedMeter}. Setting is not a sum, so there is one cell only. */
public final class StripedGauge implements Gauge, MeterSeries {
  private final MetricName name;
  private final List<String> labelValues;
  private volatile double value = Double.NaN;

  StripedGauge(MetricName name, List<String> labelValues) {
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
  public void set(double newValue) {
    value = newValue;
  }

  /**
   * The value last set.
   *
   * @return the value, NaN if none was set
   */
  public double value() {
    return value;
  }
}
