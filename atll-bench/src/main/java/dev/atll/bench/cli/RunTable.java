package dev.atll.bench.cli;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows of {@code atll run} for people. */
final class RunTable {
  private RunTable() {}

  static void print(PrintWriter out, List<Map<String, Object>> results) {
    String reference =
        results.isEmpty() ? "" : String.valueOf(results.getFirst().get("ratio_to"));
    Table table =
        new Table(
            2, "policy", "workload", "ops", "seconds", "ops/s", "± iqr",
            "ratio to " + (reference.isEmpty() ? "itself" : reference), "95 % interval",
            "until settled", "95 % interval", "per processor s", "95 % interval", "p50 µs", "p99 µs",
            "p99.9 µs", "write amp", "read amp", "space amp", "guards", "mismatches");
    for (int i = 0; i < results.size(); i++) {
      Map<String, Object> row = results.get(i);
      String policy = String.valueOf(row.get("policy"));
      table.row(
          policy.isEmpty() ? String.valueOf(row.get("engine")) : policy,
          String.valueOf(row.get("workload")),
          Numbers.count((long) number(row, "ops")),
          Numbers.fixed(number(row, "seconds")),
          Numbers.count(number(row, "ops_per_s")),
          Numbers.count(number(row, "ops_per_s_iqr")),
          ratio(row, "ratio"),
          i == 0 ? "" : interval(row, "ratio"),
          ratio(row, "ratio_until_settled"),
          i == 0 ? "" : interval(row, "ratio_until_settled"),
          ratio(row, "ratio_cpu"),
          i == 0 ? "" : interval(row, "ratio_cpu"),
          Numbers.fixed(percentile(row, "p50")),
          Numbers.fixed(percentile(row, "p99")),
          Numbers.fixed(percentile(row, "p999")),
          Numbers.fixed(number(row, "write_amplification")),
          row.get("read_amplification") instanceof Number runs
              ? Numbers.fixed(runs.doubleValue())
              : "–",
          Numbers.fixed(number(row, "space_amplification")),
          row.containsKey("guards")
              ? String.format(Locale.ROOT, "%.0f", number(row, "guards")) : "-",
          Boolean.TRUE.equals(row.get("verified"))
              ? String.format(Locale.ROOT, "%.0f", number(row, "mismatches"))
              : "unchecked");
    }
    out.print(table);
    for (Map<String, Object> row : results) {
      if (row.get("mismatch_examples") instanceof List<?> examples) {
        examples.forEach(example -> out.println(row.get("policy") + ": " + example));
      }
    }
    out.flush();
  }

  private static String ratio(Map<String, Object> row, String name) {
    return Numbers.fixed(number(row, name)) + "×";
  }

  private static String interval(Map<String, Object> row, String name) {
    return Numbers.fixed(number(row, name + "_low"))
        + "–"
        + Numbers.fixed(number(row, name + "_high"));
  }

  private static double percentile(Map<String, Object> row, String name) {
    return row.get("latency_micros") instanceof Map<?, ?> kinds
            && kinds.get("all") instanceof Map<?, ?> all
            && all.get(name) instanceof Number number
        ? number.doubleValue()
        : 0;
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
