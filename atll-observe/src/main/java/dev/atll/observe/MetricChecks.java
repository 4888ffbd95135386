package dev.atll.observe;

/** Misuse that every meter refuses alike, so that a silent meter does not hide it. */
final class MetricChecks {
  private MetricChecks() {}

  static void check(MetricName name, MetricKind kind, String... labelValues) {
    if (name.kind() != kind) {
      throw new IllegalArgumentException(name.name() + " is a " + name.kind() + ", not " + kind);
    }
    if (labelValues.length != name.labelKeys().size()) {
      throw new IllegalArgumentException(
          name.name() + " has labels " + name.labelKeys() + ", got " + labelValues.length);
    }
  }
}
