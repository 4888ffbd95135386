package dev.atll.bench.memory;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import dev.atll.bench.study.Chart;
import dev.atll.bench.study.Page;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The outcome of a comparison under a limit of memory, as a table and as a page with curves. */
public final class MemoryReport {
  private static final String[] HEAD = {
    "data", "workload", "engine", "ops/s", "p50 µs", "p99 µs", "read/op", "written/op", "ratio",
    "95 % interval", "until settled", "95 % interval"
  };

  private final Map<String, Object> facts;
  private final List<Map<String, Object>> rows;

  /**
   * A report.
   *
   * @param facts limit, heap, device and the like
   * @param rows one for each size, workload and engine
   */
  public MemoryReport(Map<String, Object> facts, List<Map<String, Object>> rows) {
    this.facts = facts;
    this.rows = rows;
  }

  /** What the figures cannot be understood without, in a few lines. */
  public String conditions() {
    return String.format(
        Locale.ROOT,
        "memory %s for each engine, of which heap %s; control groups of version %s%n"
            + "disk %s, read-ahead %s%n"
            + "bytes read by %s, bytes written by %s%n",
        bytes(facts, "memory_bytes"),
        bytes(facts, "heap_bytes"),
        facts.get("control_groups"),
        facts.get("device"),
        facts.get("read_ahead_kib") instanceof Number kib
            ? Numbers.bytes(kib.doubleValue() * 1024)
            : "not told",
        facts.get("reads_counted_by"),
        facts.get("writes_counted_by"));
  }

  /** What the table has no columns for, a line each. */
  public List<String> notes() {
    return rows.stream().map(Probe::note).filter(note -> !note.isEmpty()).toList();
  }

  /** The table. */
  public Table table() {
    Table table = new Table(3, HEAD);
    rows.forEach(row -> table.row(cells(row).toArray(String[]::new)));
    return table;
  }

  /**
   * The page.
   *
   * @param command by what it can be made again
   */
  public String page(String command) {
    Page page = new Page("ATLL beside others, with more data than memory");
    conditions().lines().forEach(page::text);
    for (String workload : distinct("workload")) {
      page.section(workload);
      page.chart(chart(workload, "ops_per_s", "operations per second"));
      page.chart(
          chart(workload, "disk_bytes_read_per_op", "bytes read from the disk per operation"));
      List<List<String>> table = new ArrayList<>(List.of(List.of(HEAD)));
      rows.stream()
          .filter(row -> workload.equals(row.get("workload")))
          .forEach(row -> table.add(cells(row)));
      page.table(table);
    }
    notes().forEach(page::text);
    return page.html(command);
  }

  private Chart chart(String workload, String field, String label) {
    Chart chart =
        new Chart(workload + ": " + label, "data ÷ memory", label).log(true, true);
    for (String engine : distinct("engine")) {
      List<Map<String, Object>> own =
          rows.stream()
              .filter(row -> workload.equals(row.get("workload")))
              .filter(row -> engine.equals(row.get("engine")))
              .toList();
      chart.line(
          engine,
          own.stream().mapToDouble(row -> number(row, "data")).toArray(),
          // A logarithm has no place for nothing: what was not read shows as one byte.
          own.stream().mapToDouble(row -> Math.max(1, number(row, field))).toArray());
    }
    return chart;
  }

  private Set<String> distinct(String field) {
    Set<String> values = new LinkedHashSet<>();
    rows.forEach(row -> values.add(String.valueOf(row.get(field))));
    return values;
  }

  private static List<String> cells(Map<String, Object> row) {
    boolean reference = Objects.equals(row.get("engine"), row.get("ratio_to"));
    return List.of(
        Numbers.plain(number(row, "data")) + "×",
        String.valueOf(row.get("workload")),
        String.valueOf(row.get("engine")),
        Numbers.count(number(row, "ops_per_s")),
        Numbers.fixed(number(row, "p50_micros")),
        Numbers.fixed(number(row, "p99_micros")),
        bytes(row, "disk_bytes_read_per_op"),
        bytes(row, "disk_bytes_written_per_op"),
        reference ? "1×" : ratio(row, "ratio"),
        reference ? "" : interval(row, "ratio"),
        reference ? "" : ratio(row, "ratio_until_settled"),
        reference ? "" : interval(row, "ratio_until_settled"));
  }

  private static String ratio(Map<String, Object> row, String name) {
    return row.containsKey(name) ? Numbers.fixed(number(row, name)) + "×" : "";
  }

  private static String interval(Map<String, Object> row, String name) {
    return row.containsKey(name)
        ? Numbers.fixed(number(row, name + "_low"))
            + "–"
            + Numbers.fixed(number(row, name + "_high"))
        : "";
  }

  private static String bytes(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? Numbers.bytes(number.doubleValue()) : "–";
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
