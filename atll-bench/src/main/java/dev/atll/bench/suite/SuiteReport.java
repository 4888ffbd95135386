package dev.atll.bench.suite;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the measurements of a suite came to, as a table, as JSON and as a page. Not thread-safe. */
final class SuiteReport {
  /** One promise and what was measured. */
  private record Finding(
      Measurement measurement, Measurement.Promise promise, double measured, double seconds) {
    boolean kept() {
      return promise.metric().keeps(measured, promise.figure());
    }

    double advantage() {
      return promise.metric().advantage(measured, promise.figure());
    }
  }

  private final Map<String, Object> environment;
  private final List<Finding> findings = new ArrayList<>();

  SuiteReport(Map<String, Object> environment) {
    this.environment = environment;
  }

  /** Adds what a run's report says of a measurement's promises. */
  void add(Measurement measurement, Map<String, Object> row) {
    double seconds = row.get("seconds") instanceof Number number ? number.doubleValue() : 0;
    for (Measurement.Promise promise : measurement.promises()) {
      findings.add(new Finding(measurement, promise, promise.metric().of(row), seconds));
    }
  }

  /** How many promises were not kept. */
  long broken() {
    return findings.stream().filter(finding -> !finding.kept()).count();
  }

  Map<String, Object> toMap() {
    List<Map<String, Object>> results = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("suite", finding.measurement.suite());
      map.put("name", finding.measurement.name());
      map.put("workload", finding.measurement.workload());
      map.put("value_bytes", finding.measurement.valueBytes());
      map.put("durability", finding.measurement.durability());
      map.put("unit", finding.promise.metric().unit());
      map.put("promised", finding.promise.figure());
      map.put("measured", Numbers.digits(finding.measured));
      map.put("kept", finding.kept());
      map.put("advantage", Numbers.digits(finding.advantage()));
      map.put("seconds", finding.seconds);
      results.add(map);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("command", "suite");
    report.put("environment", environment);
    report.put("results", results);
    return report;
  }

  @Override
  public String toString() {
    Table table =
        new Table(2, "suite", "measurement", "writes", "promised", "measured", "unit", "", "×");
    for (Finding finding : findings) {
      table.row(cells(finding).toArray(String[]::new));
    }
    return table.toString();
  }

  /** A page that stands by itself. */
  String toHtml() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>ATLL suites</title>
        <meta name="viewport" content="width=device-width">
        <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem; }
        th, td { padding: .3rem .6rem; border-bottom: 1px solid #8885; text-align: left; }
        .n { text-align: right; font-variant-numeric: tabular-nums; }
        .missed { font-weight: 600; }
        footer { opacity: .75; }
        </style></head><body>
        <h1>ATLL suites</h1>
        <p>Each measurement stands beside the figure promised for it; × says how many times better it
        is, so that below 1 the promise is missed. One process, one run each: read them as orders of
        magnitude.</p>
        """);
    String suite = "";
    for (Finding finding : findings) {
      if (!finding.measurement.suite().equals(suite)) {
        page.append(suite.isEmpty() ? "" : "</tbody></table>\n");
        suite = finding.measurement.suite();
        page.append("<h2>").append(escape(suite)).append("</h2>\n<table><thead><tr>");
        page.append("<th>measurement</th><th>writes</th><th class=n>promised</th>");
        page.append("<th class=n>measured</th><th>unit</th><th>promise</th><th class=n>×</th>");
        page.append("</tr></thead><tbody>\n");
      }
      List<String> cells = cells(finding);
      page.append(finding.kept() ? "<tr>" : "<tr class=missed>");
      for (int i = 1; i < cells.size(); i++) {
        boolean number = i == 3 || i == 4 || i == 7;
        page.append(number ? "<td class=n>" : "<td>").append(escape(cells.get(i))).append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table>\n<footer>");
    environment.forEach(
        (name, value) -> page.append(escape(name + " = " + value)).append("; "));
    return page.append("</footer></body></html>\n").toString();
  }

  private static List<String> cells(Finding finding) {
    return List.of(
        finding.measurement.suite(),
        finding.measurement.name(),
        finding.measurement.durability(),
        figure(finding.promise.figure()),
        figure(finding.measured),
        finding.promise.metric().unit(),
        finding.kept() ? "kept" : "MISSED",
        Numbers.fixed(finding.advantage()));
  }

  private static String figure(double number) {
    return number >= 10_000 ? Numbers.count(number) : Numbers.fixed(number);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
