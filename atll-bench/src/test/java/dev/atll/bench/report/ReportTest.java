package dev.atll.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @Test
  void percentilesAreThoseOfTheRecordedValues() {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= 1000; i++) {
      latencies.record(i * 1000L);
    }
    assertEquals(1000, latencies.count());
    assertEquals(500, latencies.percentileMicros(50), 0.5);
    assertEquals(990, latencies.percentileMicros(99), 1);
    assertEquals(999, latencies.percentileMicros(99.9), 1);
    assertEquals(1000, latencies.maxMicros(), 1);
    Latencies sum = new Latencies();
    sum.add(latencies);
    sum.add(latencies);
    assertEquals(2000, sum.count());
    assertEquals(500, sum.percentileMicros(50), 0.5);
    assertEquals(0, new Latencies().percentileMicros(99));
  }

  @Test
  void tablesAlignTheirColumns() {
    Table table = new Table(1, "name", "n");
    table.row("a", "1");
    table.row("longer", "100");
    assertEquals(
        """
        name      n
        ------  ---
        a         1
        longer  100
        """,
        table.toString());
    assertThrows(IllegalArgumentException.class, () -> table.row("a"));
  }

  @Test
  void numbersReadWell() {
    assertEquals("1.23 M", Numbers.count(1_234_567L));
    assertEquals("999", Numbers.count(999L));
    assertEquals("64.0 MiB", Numbers.bytes(64 << 20));
    assertEquals("3m05s", Numbers.seconds(185));
    assertEquals(0, Numbers.digits(Double.NaN));
    assertEquals(12346, Numbers.digits(12345.678));
    assertEquals(0, Numbers.ratio(5, 0));
  }

  @Test
  void progressTellsTheTimeLeft() {
    assertEquals("load   25 %, 30.0 s left  5 done", Progress.line("load", 0.25, 10, "5 done"));
    assertEquals("load  10.0 s so far", Progress.line("load", Double.NaN, 10, ""));
  }

  @Test
  void reportsComeBackAsTheyWereWritten(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("new/report.json");
    for (String last : List.of("x", "y")) {
      try (ResultFile result = ResultFile.prepare(file)) {
        result.write(Json.text(Map.of("a", List.of(1, 2.5, last), "b", true)));
      }
    }
    Map<String, Object> back = Json.read(file);
    assertEquals(List.of(1, 2.5, "y"), back.get("a"));
    assertTrue(EnvironmentFacts.collect().containsKey("cores"));
  }
}
