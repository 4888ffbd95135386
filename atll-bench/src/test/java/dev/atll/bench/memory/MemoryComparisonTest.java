package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the kernel's control groups; skipped, with the reason, where none can be made. */
@Timeout(120)
class MemoryComparisonTest {
  private static final Path PROC = Path.of("/proc");
  private static final long MEMORY = 160L << 20;

  @TempDir private Path dir;
  private final StopSignal stop = StopSignal.manual();

  private static ComparisonPlan turns(List<String> engines, String... workloads) {
    return new ComparisonPlan(
        engines,
        engines.getLast(),
        List.of(workloads).stream().map(Workloads::named).toList(),
        1,
        100,
        1,
        2,
        0,
        Duration.ofMillis(30),
        Duration.ofSeconds(30),
        1,
        Map.of("atll", Map.of("memtableBytes", "1m")));
  }

  private MemoryComparison comparison(MemoryPlan plan) throws IOException {
    return new MemoryComparison(
        plan,
        Files.createDirectory(dir.resolve("stores")),
        stop,
        new PrintWriter(new StringWriter()),
        false);
  }

  private void assumeLimits() throws IOException {
    assumeTrue(Files.exists(PROC.resolve("self/mountinfo")), "skipped: no /proc here");
    assumeTrue(
        !BlockDevice.of(dir, PROC, Path.of("/sys")).isMemory(),
        "skipped: temporary files are in memory here");
    String obstacle = "";
    try (ControlGroups groups = ControlGroups.find(PROC);
        MemoryGroup group = groups.make(MEMORY)) {
      assertTrue(group.peakBytes() >= -1);
    } catch (MemoryLimitException e) {
      obstacle = String.valueOf(e.getMessage());
    }
    assumeTrue(obstacle.isEmpty(), "skipped: memory cannot be limited here: " + obstacle);
  }

  @Test
  @Tag("slow")
  void twoEnginesAreMeasuredWithinTheirLimits() throws IOException {
    assumeLimits();
    MemoryPlan plan =
        new MemoryPlan(
            turns(List.of("atll", "memory"), "load-random", "get-uniform", "ycsb-a"),
            MEMORY,
            64L << 20,
            List.of(0.005),
            List.of(Probe.GET_DURING_MERGE, Probe.OPEN));
    MemoryComparison comparison = comparison(plan);
    List<Map<String, Object>> rows = comparison.run();
    assertEquals(List.of(), comparison.failures());
    assertEquals(List.of(), comparison.disagreements());
    assertEquals(10, rows.size());
    for (Map<String, Object> row : rows) {
      assertEquals((long) (0.005 * MEMORY / 116), row.get("keys"));
      assertTrue((double) row.get("ops_per_s") > 0, row.toString());
      assertTrue((int) row.get("rounds") >= 1, row.toString());
      assertTrue((long) row.get("disk_bytes_read") >= 0, row.toString());
      assertTrue((double) row.get("ratio") > 0, row.toString());
      assertTrue((long) row.get("peak_bytes") <= MEMORY, row.toString());
    }
    assertEquals(rows.getFirst().get("keys"), rows.getFirst().get("ops"));
    assertTrue((long) rows.getFirst().get("disk_bytes_written") > 0, rows.getFirst().toString());
    assertFalse(Files.exists(dir.resolve("stores")), "stores are deleted");
    assertEquals(2, rows.getFirst().get("rounds"));
    Map<?, ?> environment = (Map<?, ?>) comparison.facts().get("environment");
    assertTrue(((Number) environment.get("heap_max_bytes")).longValue() <= 64L << 20);
    Map<String, Object> merge = rows.get(6);
    assertEquals("get-during-merge", merge.get("workload"));
    assertTrue((double) merge.get("p99_to_without") > 0, merge.toString());
    assertTrue((long) merge.get("merge_bytes_written") > 0, merge.toString());
    Map<String, Object> open = rows.get(8);
    assertEquals("open", open.get("workload"));
    assertTrue((double) open.get("open_seconds") > 0, open.toString());
    assertTrue((long) open.get("bytes_read_until_then") > 0, open.toString());
    assertEquals(4, new MemoryReport(comparison.facts(), rows).notes().size());
    String page = new MemoryReport(comparison.facts(), rows).page("atll compare");
    assertTrue(page.contains("<svg"), page);
    assertTrue(page.contains("/proc/PID/io") || page.contains("of the group"), page);
  }

  @Test
  void whoWantsMoreThanTheLimitIsKilledAndNamed() throws IOException {
    assumeLimits();
    try (ControlGroups groups = ControlGroups.find(PROC);
        Engine engine =
            Engine.start(
                "glutton",
                groups.make(32L << 20),
                // tail keeps what could be the last line, which here never ends.
                List.of("/bin/sh", "-c", "head -c 200000000 /dev/zero | tail -n 1; exit 1"),
                dir.resolve("errors"),
                stop,
                Engine.PATIENCE)) {
      EngineFailure failure =
          assertThrows(EngineFailure.class, () -> engine.ask(Wire.request("turn")));
      assertTrue(failure.getMessage().contains("more memory than the limit"), failure.getMessage());
    }
  }

  @Test
  void anInterruptionEndsItInOrder() throws IOException {
    assumeLimits();
    MemoryPlan plan =
        new MemoryPlan(
            turns(List.of("memory"), "get-uniform"),
            MEMORY,
            64L << 20,
            List.of(0.01, 0.02),
            List.of());
    MemoryComparison comparison = comparison(plan);
    stop.request();
    assertEquals(List.of(), comparison.run());
    assertEquals(List.of(), comparison.failures());
    assertFalse(Files.exists(dir.resolve("stores")));
  }

  @Test
  void aHeapThatNobodyNamesIsSmallAndFits() {
    assertEquals(112L << 20, MemoryPlan.heapBytes(900L << 20) >> 20 << 20);
    assertEquals(64L << 20, MemoryPlan.heapBytes(300L << 20));
    assertEquals(32L << 20, MemoryPlan.heapBytes(96L << 20));
  }

  @Test
  void plansThatCannotBeAreRefused() {
    ComparisonPlan gets = turns(List.of("atll"), "get-uniform");
    assertRefused("a heap of 90 MiB", gets, 100L << 20, 90L << 20, List.of(1.0));
    assertRefused("a heap of 8 MiB", gets, 100L << 20, 8L << 20, List.of(1.0));
    assertRefused("once each", gets, MEMORY, 64L << 20, List.of(1.0, 1.0));
    assertRefused("once each", gets, MEMORY, 64L << 20, List.of());
    for (String workload : List.of("load-sequential", "ycsb-a-ordered", "insert-only")) {
      assertRefused(
          workload, turns(List.of("atll"), workload), MEMORY, 64L << 20, List.of(1.0));
    }
  }

  private static void assertRefused(
      String text, ComparisonPlan turns, long memory, long heap, List<Double> data) {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> new MemoryPlan(turns, memory, heap, data, List.of()));
    assertTrue(failure.getMessage().contains(text), failure.getMessage());
  }
}
