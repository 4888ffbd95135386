package dev.atll.observe;

import java.util.List;

/**
 * What a metric is: its name, kind, unit and the labels it is split by.
 *
 * @param name lower-case words joined by dots, such as {@code atll.compaction.bytes}
 * @param kind which meter it is read from
 * @param unit unit of the recorded values
 * @param labelKeys names of the labels, in the order in which their values are given
 * @param description one sentence
 */
public record MetricName(
    String name, MetricKind kind, MetricUnit unit, List<String> labelKeys, String description) {

  /**
   * Takes a copy of the keys and checks the alphabet.
   *
   * @throws IllegalArgumentException if a name or label key is not lower-case words
   */
  public MetricName {
    labelKeys = List.copyOf(labelKeys);
    if (!name.matches("[a-z][a-z0-9]*([._][a-z0-9]+)*")) {
      throw new IllegalArgumentException("metric name: " + name);
    }
    for (String key : labelKeys) {
      if (!key.matches("[a-z][a-z0-9_]*")) {
        throw new IllegalArgumentException("label key of " + name + ": " + key);
      }
    }
  }

  /**
   * A counter's name.
   *
   * @param name dotted name
   * @param unit unit of the amounts
   * @param description one sentence
   * @param labelKeys label names
   * @return the name
   */
  public static MetricName counter(
      String name, MetricUnit unit, String description, String... labelKeys) {
    return new MetricName(name, MetricKind.COUNTER, unit, List.of(labelKeys), description);
  }

  /**
   * A gauge's name.
   *
   * @param name dotted name
   * @param unit unit of the value
   * @param description one sentence
   * @param labelKeys label names
   * @return the name
   */
  public static MetricName gauge(
      String name, MetricUnit unit, String description, String... labelKeys) {
    return new MetricName(name, MetricKind.GAUGE, unit, List.of(labelKeys), description);
  }

  /**
   * A histogram's name.
   *
   * @param name dotted name
   * @param unit unit of the observations
   * @param description one sentence
   * @param labelKeys label names
   * @return the name
   */
  public static MetricName histogram(
      String name, MetricUnit unit, String description, String... labelKeys) {
    return new MetricName(name, MetricKind.HISTOGRAM, unit, List.of(labelKeys), description);
  }
}
