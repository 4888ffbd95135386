package dev.atll.observe;

/** A value that goes up and down; the last one set counts. Safe for any number of threads. */
public interface Gauge {

  /**
   * Sets the value.
   *
   * @param value any double; NaN means "not known"
   */
  void set(double value);
}
