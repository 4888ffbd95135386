package dev.atll.bench.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.PolicyRounds.Rounds;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.store.Stores;
import dev.atll.bench.trace.CloudPhysicsReader;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyRoundsTest {
  private static final Path TRACE = Path.of("src/test/resources/traces/tiny.csv");

  private final List<String> opened = new ArrayList<>();
  @TempDir private Path dir;

  private List<Map<String, Object>> run(RunPlan plan, Rounds rounds, String... policies) {
    return new PolicyRounds(
            plan,
            List.of(policies),
            rounds,
            dir,
            true,
            (engine, directory, settings) -> {
              opened.add(settings.get("policy"));
              return Stores.open(engine, directory, settings);
            },
            StopSignal.manual(),
            new PolicyRounds.Screen(new PrintWriter(new StringWriter()), false))
        .run();
  }

  private static RunPlan plan(RunPlan.Load load, long ops) {
    return new RunPlan(
        "atll",
        load,
        64,
        ops,
        0,
        RunPlan.FOREVER,
        Duration.ofMinutes(1),
        false,
        Map.of("memtableBytes", "64k", "slotBytes", "16k"));
  }

  private static RunPlan.Load overwrites() {
    return new RunPlan.Synthetic(Workloads.named("ycsb-a"), new WorkloadSettings(1000, 2, 7));
  }

  private static RunPlan.Load trace() throws IOException {
    return new RunPlan.Replay("tiny", CloudPhysicsReader.read(TRACE), 2);
  }

  private static Map<String, Object> counts(Map<String, Object> row) {
    Map<String, Object> counts = new HashMap<>(row);
    counts.keySet().retainAll(PolicyResult.COUNTS);
    return counts;
  }

  @Test
  void countsAreThoseOfTheLoadAndThePolicyAlone() throws IOException {
    for (RunPlan.Load load : List.of(overwrites(), trace())) {
      RunPlan plan = plan(load, 6_000);
      Map<String, Object> first = run(plan, new Rounds(1, 0, true), "atll").get(0);
      try (Stream<Path> left = Files.list(dir)) {
        left.forEach(DiskUsage::deleteTree);
      }
      // In another place of the order, with another's turn before it.
      List<Map<String, Object>> again = run(plan, new Rounds(1, 0, true), "leveled", "atll");
      assertEquals(counts(first), counts(again.get(1)));
      assertFalse(counts(first).equals(counts(again.get(0))));
      assertTrue((double) first.get("write_amplification") > 1, first.toString());
      assertEquals("in-step", first.get("counts"));
      assertEquals("leveled", again.get(1).get("ratio_to"));
      try (Stream<Path> left = Files.list(dir)) {
        left.forEach(DiskUsage::deleteTree);
      }
    }
  }

  @Test
  void eachPolicyIsFirstInTurnAndIsRelatedWithinARound() throws IOException {
    List<Map<String, Object>> rows =
        run(plan(trace(), 1), new Rounds(3, 1, false), "atll", "leveled", "tiered");
    assertEquals(
        List.of(
            "tiered", "atll", "leveled", // the warm-up
            "atll", "leveled", "tiered",
            "leveled", "tiered", "atll",
            "tiered", "atll", "leveled"),
        opened);
    assertEquals(1.0, rows.get(0).get("ratio"));
    for (Map<String, Object> row : rows) {
      assertEquals(3, row.get("rounds"));
      assertEquals(3, ((List<?>) row.get("ops_per_s_of_rounds")).size());
      assertEquals("atll", row.get("ratio_to"));
      assertEquals("timed", row.get("counts"));
      double ratio = (double) row.get("ratio");
      assertTrue((double) row.get("ratio_low") <= ratio, row.toString());
      assertTrue(ratio <= (double) row.get("ratio_high"), row.toString());
    }
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(
          List.of("atll", "leveled", "tiered"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aPolicyMayBeComparedWithItself() throws IOException {
    List<Map<String, Object>> rows =
        run(plan(trace(), 1), new Rounds(1, 0, true), "atll", "atll");
    assertEquals(counts(rows.get(0)), counts(rows.get(1)));
    assertTrue(Files.isDirectory(dir.resolve("atll-2")));
    assertThrows(
        IllegalStateException.class,
        () -> run(plan(trace(), 1), new Rounds(1, 0, true), "atll"));
  }
}
