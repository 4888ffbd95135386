package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path dir;

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void everyPromiseIsMeasuredAndReportedThreeWays() throws IOException {
    Path json = dir.resolve("suite.json");
    Path html = dir.resolve("suite.html");
    int code =
        run(
            "suite", "--scale", "0.005", "--seconds", "0.05", "--json", json.toString(), "--html",
            html.toString());
    assertEquals(0, code, err.toString());
    Map<String, Object> report = Json.read(json);
    List<?> results = (List<?>) report.get("results");
    Set<Object> suites =
        results.stream().map(row -> ((Map<?, ?>) row).get("suite")).collect(Collectors.toSet());
    assertEquals(Set.of("lsm_operations", "range_scans", "heavy_workloads"), suites);
    String page = Files.readString(html);
    for (Object result : results) {
      Map<?, ?> row = (Map<?, ?>) result;
      double measured = ((Number) row.get("measured")).doubleValue();
      double promised = ((Number) row.get("promised")).doubleValue();
      double advantage = ((Number) row.get("advantage")).doubleValue();
      assertTrue(measured > 0, row.toString());
      assertEquals(row.get("kept"), advantage >= 1, row.toString());
      // Lower is better for times and sizes, higher for rates.
      boolean rate = ((String) row.get("unit")).matches(".*(/s|payload)");
      assertEquals(rate ? measured / promised : promised / measured, advantage, advantage * 1e-3);
      assertTrue(out.toString().contains((String) row.get("name")), row.toString());
      assertTrue(page.contains((String) row.get("name")), row.toString());
    }
  }

  @Test
  void anUnknownSuiteIsWrongUsage() {
    assertEquals(2, run("suite", "no_such_suite"));
    assertTrue(err.toString().contains("range_scans"), err.toString());
  }
}
