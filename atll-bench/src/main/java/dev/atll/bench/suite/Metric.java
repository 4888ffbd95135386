package dev.atll.bench.suite;

import dev.atll.bench.report.Numbers;
import java.util.Map;

/** A figure read out of the report of a run. */
enum Metric {
  PUT_MEAN("µs mean put", true),
  GET_MEAN("µs mean get", true),
  OP_MEAN("µs mean operation", true),
  PUT_P95("ms p95 put", true),
  GET_P95("ms p95 get", true),
  SCAN_RATE("scans/s", false),
  ENTRY_RATE("entries/s", false),
  OP_RATE("ops/s", false),
  PAYLOAD_RATE("MB/s payload", false),
  SPACE("disk ÷ live bytes, settled", true),
  SPACE_MAX("disk ÷ live bytes, at worst", true);

  private static final double MICROS_PER_MILLI = 1e3;
  private static final double MB_PER_MIB = 1.048576;

  private final String unit;
  private final boolean lowerIsBetter;

  Metric(String unit, boolean lowerIsBetter) {
    this.unit = unit;
    this.lowerIsBetter = lowerIsBetter;
  }

  String unit() {
    return unit;
  }

  /** Whether a measured figure keeps a promised one. */
  boolean keeps(double measured, double promised) {
    return lowerIsBetter ? measured <= promised : measured >= promised;
  }

  /** How many times better than promised; below 1 is worse. */
  double advantage(double measured, double promised) {
    return lowerIsBetter
        ? Numbers.ratio(promised, measured)
        : Numbers.ratio(measured, promised);
  }

  /** The figure in a row of a run's report. */
  double of(Map<String, Object> row) {
    return switch (this) {
      case PUT_MEAN -> latency(row, "write", "mean");
      case GET_MEAN -> latency(row, "get", "mean");
      case OP_MEAN -> meanOfAll(row);
      case PUT_P95 -> latency(row, "write", "p95") / MICROS_PER_MILLI;
      case GET_P95 -> latency(row, "get", "p95") / MICROS_PER_MILLI;
      case SCAN_RATE, OP_RATE -> number(row, "ops_per_s");
      case ENTRY_RATE -> Numbers.ratio(number(row, "entries"), number(row, "seconds"));
      case PAYLOAD_RATE -> number(row, "user_mib_written_per_s") * MB_PER_MIB;
      case SPACE -> number(row, "space_amplification");
      case SPACE_MAX -> number(row, "space_amplification_max");
    };
  }

  /** The mean over all operations: reads are sampled, so the histograms' own would lean to writes. */
  private static double meanOfAll(Map<String, Object> row) {
    double busySeconds = number(row, "seconds") * number(row, "store_busy_share");
    return Numbers.ratio(busySeconds * 1e6 * number(row, "threads"), number(row, "ops"));
  }

  private static double latency(Map<String, Object> row, String kind, String name) {
    return row.get("latency_micros") instanceof Map<?, ?> kinds
            && kinds.get(kind) instanceof Map<?, ?> latencies
            && latencies.get(name) instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
