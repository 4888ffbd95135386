package dev.atll.bench.memory;

import dev.atll.bench.experiment.Ratio;
import dev.atll.bench.report.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came out for each engine at one workload and size, as rows of a report. */
final class MemoryRows {
  private MemoryRows() {}

  /**
   * The rows.
   *
   * @param entrants each with its last result
   * @param workload what they did
   * @param writes whether that changed the stores
   */
  static List<Map<String, Object>> of(
      List<Entrant> entrants,
      String workload,
      boolean writes,
      MemoryPlan plan,
      double multiple) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Entrant entrant : entrants) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("data", multiple);
      row.put("workload", workload);
      row.put("engine", entrant.name());
      row.put("keys", plan.keys(multiple));
      row.put("value_bytes", plan.turns().valueBytes());
      row.put("threads", plan.turns().threads());
      double[] rates = entrant.rates("rates");
      row.put("rounds", rates.length);
      row.put("ops_per_s", Numbers.digits(Ratio.median(rates)));
      row.put("ops_per_s_iqr", Numbers.digits(Ratio.interquartileRange(rates)));
      if (entrant.lastResult().get("latencies") instanceof Map<?, ?> latencies) {
        latencies.forEach((name, value) -> row.put(String.valueOf(name), value));
      }
      disk(row, entrant);
      ratios(row, entrant, entrants, plan.turns().reference(), writes);
      row.put("peak_bytes", entrant.peakBytes() < 0 ? null : entrant.peakBytes());
      rows.add(row);
    }
    return rows;
  }

  private static void disk(Map<String, Object> row, Entrant entrant) {
    row.put("ops", entrant.ops());
    row.put("entries", entrant.entries());
    row.put("user_bytes_written", entrant.userBytesWritten());
    row.put("disk_bytes_read", entrant.io().read());
    row.put("disk_bytes_written", entrant.io().written());
    row.put(
        "disk_bytes_read_per_op",
        Numbers.digits(Numbers.ratio(entrant.io().read(), entrant.ops())));
    row.put(
        "disk_bytes_written_per_op",
        Numbers.digits(Numbers.ratio(entrant.io().written(), entrant.ops())));
    row.put("store_bytes", entrant.lastResult().get("disk_bytes"));
  }

  private static void ratios(
      Map<String, Object> row,
      Entrant entrant,
      List<Entrant> entrants,
      String reference,
      boolean writes) {
    if (writes) {
      row.put("settle_seconds", Numbers.digits(entrant.settleSeconds()));
      row.put(
          "ops_per_s_until_settled",
          Numbers.digits(Ratio.median(entrant.rates("settled_rates"))));
    }
    row.put("ratio_to", reference);
    for (Entrant other : entrants) {
      if (other.name().equals(reference)) {
        put(row, "", entrant.rates("rates"), other.rates("rates"));
        if (writes) {
          put(
              row, "_until_settled", entrant.rates("settled_rates"), other.rates("settled_rates"));
        }
      }
    }
  }

  /** An interruption may leave one engine a turn short. */
  private static void put(
      Map<String, Object> row, String suffix, double[] rates, double[] others) {
    int rounds = Math.min(rates.length, others.length);
    if (rounds > 0) {
      Ratio ratio = Ratio.of(Arrays.copyOf(rates, rounds), Arrays.copyOf(others, rounds));
      row.put("ratio" + suffix, Numbers.digits(ratio.median()));
      row.put("ratio" + suffix + "_low", Numbers.digits(ratio.low()));
      row.put("ratio" + suffix + "_high", Numbers.digits(ratio.high()));
    }
  }
}
