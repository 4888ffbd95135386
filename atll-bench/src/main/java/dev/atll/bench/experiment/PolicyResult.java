package dev.atll.bench.experiment;

import dev.atll.bench.report.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the runs of one policy came to, and how that relates to another's. Not thread-safe. */
final class PolicyResult {
  /** Fields of a row that are counts: what they say follows from load and policy in step runs. */
  static final List<String> COUNTS =
      List.of(
          "user_bytes_written", "bytes_written", "write_amplification",
          "write_amplification_after_load", "read_amplification", "live_entries", "live_bytes",
          "disk_bytes", "disk_bytes_max", "space_amplification", "space_amplification_max",
          "guards", "levels", "stats");

  /** Of these a report also says what they were in the rounds. */
  private static final List<String> TIMED =
      List.of(
          "bytes_written", "write_amplification", "read_amplification", "space_amplification",
          "space_amplification_max");

  private static final String RATE = "ops_per_s";
  private static final String CPU_RATE = "ops_per_cpu_s";
  private static final String SETTLED_RATE = "ops_per_s_until_settled";

  private final List<Map<String, Object>> runs = new ArrayList<>();
  private Map<String, Object> counted = Map.of();

  /** Takes the row of a run whose counts are to be reported. */
  void counted(Map<String, Object> row) {
    counted = row;
  }

  /** Takes the row of the next round. */
  void add(Map<String, Object> row) {
    runs.add(row);
  }

  /** How many rounds there were. */
  int rounds() {
    return runs.size();
  }

  /**
   * The row of a report: that of the middle round, with counts from the run that was counted, and its
   * rates of all rounds related to those of another.
   */
  Map<String, Object> row(PolicyResult reference) {
    Map<String, Object> row = new LinkedHashMap<>(middle());
    int both = Math.min(rounds(), reference.rounds());
    row.put("rounds", rounds());
    row.put(RATE, Numbers.digits(Ratio.median(rates(RATE, rounds()))));
    row.put("ops_per_s_of_rounds", runs.stream().map(run -> run.get(RATE)).toList());
    row.put("ops_per_s_iqr", Numbers.digits(Ratio.interquartileRange(rates(RATE, rounds()))));
    row.put(SETTLED_RATE, Numbers.digits(Ratio.median(rates(SETTLED_RATE, rounds()))));
    row.put("ratio_to", String.valueOf(reference.middle().get("policy")));
    putRatio(row, "ratio", relate(reference, RATE, both));
    putRatio(row, "ratio_until_settled", relate(reference, SETTLED_RATE, both));
    row.put(CPU_RATE, Numbers.digits(Ratio.median(rates(CPU_RATE, rounds()))));
    putRatio(row, "ratio_cpu", relate(reference, CPU_RATE, both));
    Map<String, Object> timed = new LinkedHashMap<>();
    for (String field : TIMED) {
      if (runs.getFirst().get(field) instanceof Number) {
        timed.put(field, spread(field));
      }
    }
    row.put("timed_counts", timed);
    for (String field : COUNTS) {
      Object value = counted.get(field);
      if (value != null) {
        row.put(field, value);
      }
    }
    row.put("counts", counted.isEmpty() ? "timed" : "in-step");
    row.put(
        "mismatches",
        runs.stream().mapToLong(run -> (long) number(run, "mismatches")).sum());
    row.put("mismatch_examples", runs.stream().flatMap(PolicyResult::examples).toList());
    row.put(
        "interrupted", runs.stream().anyMatch(run -> Boolean.TRUE.equals(run.get("interrupted"))));
    return row;
  }

  private Map<String, Object> middle() {
    return runs.stream()
        .sorted(Comparator.comparingDouble(run -> number(run, RATE)))
        .skip(runs.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private Ratio relate(PolicyResult reference, String field, int rounds) {
    return equals(reference)
        ? new Ratio(1, 1, 1, rounds)
        : Ratio.of(rates(field, rounds), reference.rates(field, rounds));
  }

  private static void putRatio(Map<String, Object> row, String name, Ratio ratio) {
    row.put(name, Numbers.digits(ratio.median()));
    row.put(name + "_low", Numbers.digits(ratio.low()));
    row.put(name + "_high", Numbers.digits(ratio.high()));
  }

  private double[] rates(String field, int rounds) {
    return runs.stream().limit(rounds).mapToDouble(run -> number(run, field)).toArray();
  }

  private Map<String, Object> spread(String field) {
    double[] values = rates(field, rounds());
    Map<String, Object> spread = new LinkedHashMap<>();
    spread.put("median", Numbers.digits(Ratio.median(values)));
    spread.put("least", runs.stream().mapToDouble(run -> number(run, field)).min().orElse(0));
    spread.put("most", runs.stream().mapToDouble(run -> number(run, field)).max().orElse(0));
    return spread;
  }

  private static Stream<?> examples(Map<String, Object> run) {
    return run.get("mismatch_examples") instanceof List<?> list
        ? list.stream()
        : Stream.empty();
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
