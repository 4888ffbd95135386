package dev.atll.observe.otel;

/** The instrumentation scope under which all our telemetry appears. */
final class OtelScope {
  static final String NAME = "dev.atll";

  private OtelScope() {}
}
