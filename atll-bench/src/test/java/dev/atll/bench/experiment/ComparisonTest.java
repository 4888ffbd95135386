package dev.atll.bench.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.ForgetfulStore.Fault;
import dev.atll.bench.store.Stores;
import dev.atll.bench.workload.Workloads;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir private Path dir;

  private static ComparisonPlan plan(List<String> engines, List<String> workloads, int threads) {
    return new ComparisonPlan(
        engines,
        engines.getLast(),
        workloads.stream().map(Workloads::named).toList(),
        20_000,
        50,
        threads,
        3,
        1,
        Duration.ofMillis(20),
        Duration.ofSeconds(30),
        1,
        Map.of("atll", Map.of("memtableBytes", "256k")));
  }

  private Comparison comparison(ComparisonPlan plan, StoreOpener opener) {
    return new Comparison(
        plan,
        opener,
        dir.resolve("work"),
        StopSignal.manual(),
        new PrintWriter(new StringWriter()),
        false);
  }

  @Test
  void everyEngineHasARowForEveryWorkload() {
    List<String> workloads =
        List.of(
            "load-random", "get-uniform", "get-miss", "scan-10", "full-scan", "put", "batch-100",
            "load-sequential", "ycsb-a-ordered");
    for (int threads = 1; threads <= 2; threads++) {
      Comparison comparison =
          comparison(plan(List.of("atll", "memory"), workloads, threads), Stores::open);
      List<Map<String, Object>> rows = comparison.run();
      assertEquals(List.of(), comparison.disagreements());
      assertEquals(2 * workloads.size(), rows.size());
      for (Map<String, Object> row : rows) {
        assertTrue((double) row.get("ops_per_s") > 0, row.toString());
        assertEquals("memory", row.get("ratio_to"));
        double ratio = (double) row.get("ratio");
        assertTrue((double) row.get("ratio_low") <= ratio, row.toString());
        assertTrue((double) row.get("ratio_high") >= ratio, row.toString());
        assertTrue((double) row.get("p50_micros") <= (double) row.get("max_micros"));
        if (row.get("engine").equals("memory")) {
          assertEquals(1.0, ratio);
        } else {
          assertTrue((double) row.get("disk_to_live_bytes") > 0.9, row.toString());
          if (Workloads.named((String) row.get("workload")).writes()) {
            assertTrue((double) row.get("write_amplification") >= 1, row.toString());
          }
        }
      }
    }
    assertFalse(Files.exists(dir.resolve("work/store-HASHED")));
  }

  @Test
  void enginesThatAnswerDifferentlyAreToldApart() {
    StoreOpener opener =
        (engine, directory, settings) ->
            engine.equals("sound")
                ? new ForgetfulStore(Fault.NONE, 0)
                : new ForgetfulStore(Fault.LOSES_PUTS, 19_000);
    Comparison comparison =
        comparison(
            plan(List.of("sound", "unsound"), List.of("load-random", "get-uniform"), 1), opener);
    comparison.run();
    // The load, and the reads of what it lost.
    assertEquals(2, comparison.disagreements().size(), comparison.disagreements().toString());
  }

  @Test
  void ratiosAreThoseOfTheRounds() {
    Ratio ratio = Ratio.of(new double[] {2, 4, 6, 8, 10}, new double[] {1, 2, 3, 4, 5});
    assertEquals(new Ratio(2, 2, 2, 5), ratio);
    Ratio noisy = Ratio.of(new double[] {1, 2, 3, 4, 5}, new double[] {1, 1, 1, 1, 1});
    assertEquals(3, noisy.median());
    assertTrue(noisy.low() < 3 && noisy.high() > 3, noisy.toString());
    assertEquals(noisy, Ratio.of(new double[] {1, 2, 3, 4, 5}, new double[] {1, 1, 1, 1, 1}));
    assertThrows(IllegalArgumentException.class, () -> Ratio.of(new double[1], new double[2]));
    assertEquals(2.5, Ratio.interquartileRange(new double[] {1, 2, 3, 4}), 1e-9);
  }

  @Test
  void plansAreChecked() {
    assertThrows(
        IllegalArgumentException.class, () -> plan(List.of("a", "a"), List.of("put"), 1));
    assertThrows(IllegalArgumentException.class, () -> plan(List.of("a"), List.of(), 1));
    assertThrows(IllegalArgumentException.class, () -> plan(List.of("a"), List.of("put"), 0));
  }
}
