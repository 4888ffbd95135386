package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands write and what {@code context/formats/reports.md} says are the same fields. */
class ReportFormatTest {
  private static final Pattern FIELD = Pattern.compile("`([a-z][a-z0-9_]*)`");
  // Listed in the document as members of other fields, or as values and names of commands.
  private static final Set<String> NOT_ROW_FIELDS =
      Set.of(
          "run", "compare", "command", "environment", "results", "cores", "heap_max_bytes", "jdk",
          "jvm", "os", "arch", "started_at", "all", "get", "write", "scan", "samples", "mean",
          "p50", "p95", "p99", "p999", "max", "level", "bytes", "slots", "runs", "slot_runs",
          "settings", "reference", "slice_seconds", "disagreements", "median", "least", "most",
          "warmup_rounds", "timed");

  @TempDir private Path dir;

  private Map<String, Object> report(String... args) {
    StringWriter err = new StringWriter();
    Path json = dir.resolve("report.json");
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--json";
    all[args.length + 1] = json.toString();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(all);
    assertEquals(0, code, err.toString());
    return Json.read(json);
  }

  private static Set<String> fieldsOfRows(Map<String, Object> report) {
    Set<String> fields = new TreeSet<>();
    for (Object row : (List<?>) report.get("results")) {
      ((Map<?, ?>) row).keySet().forEach(key -> fields.add((String) key));
    }
    return fields;
  }

  private static Set<String> documented(String from, String to) throws IOException {
    String text = Files.readString(Path.of("../context/formats/reports.md"));
    int begin = text.indexOf(from);
    int end = text.indexOf(to);
    assertTrue(begin >= 0 && end > begin);
    Set<String> fields =
        FIELD
            .matcher(text.substring(begin, end))
            .results()
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    fields.removeAll(NOT_ROW_FIELDS);
    return fields;
  }

  @Test
  void rowsOfRunAreAsDocumented() throws IOException {
    Set<String> written = new TreeSet<>();
    written.addAll(
        fieldsOfRows(
            report(
                "run", "shifting-hotset", "--policy", "atll", "--keys", "500", "--ops", "1000",
                "--verify")));
    written.addAll(
        fieldsOfRows(
            report(
                "run", "--trace", "src/test/resources/traces/tiny.csv", "--policy", "atll",
                "--verify")));
    Set<String> documented = documented("## A row of `run`", "## A row of `compare`");
    assertEquals(documented, written);
  }

  @Test
  void theRoundsOfRunAreTold() {
    Map<String, Object> report =
        report(
            "run", "put", "--policy", "atll,leveled", "--keys", "500", "--ops", "500", "--rounds",
            "2");
    assertEquals(
        Set.of("command", "environment", "rounds", "warmup_rounds", "counts", "results"),
        report.keySet());
    assertEquals(2, report.get("rounds"));
    assertEquals("in-step", report.get("counts"));
  }

  @Test
  void rowsOfCompareAreAsDocumented() throws IOException {
    Map<String, Object> report =
        report(
            "compare", "--engines", "atll,memory", "--workloads", "load-random,get-uniform",
            "--keys", "2000", "--rounds", "2", "--slice-seconds", "0.02");
    Set<String> documented = documented("## A row of `compare`", "## A row of `suite`");
    documented.removeAll(Set.of("ops", "entries", "interrupted"));
    assertEquals(documented, fieldsOfRows(report));
    assertEquals(
        Set.of(
            "command", "environment", "settings", "reference", "slice_seconds", "interrupted",
            "disagreements", "results"),
        report.keySet());
    for (Object row : (List<?>) report.get("results")) {
      assertEquals("memory", ((Map<?, ?>) row).get("ratio_to"));
    }
  }

  @Test
  void aPaceIsKeptAndItsLatenciesCountFromWhenTheyWereDue() {
    Map<String, Object> report =
        report(
            "run", "mixed-80-20", "--policy", "leveled", "--keys", "1000", "--rate", "2000",
            "--seconds", "1", "--threads", "2");
    Map<?, ?> row = (Map<?, ?>) ((List<?>) report.get("results")).getFirst();
    int ops = (int) row.get("ops");
    assertTrue(ops > 1000 && ops <= 2500, "ops " + ops);
    Map<?, ?> latencies = (Map<?, ?>) row.get("latency_micros");
    assertEquals(ops, ((Map<?, ?>) latencies.get("all")).get("samples"));
  }
}
