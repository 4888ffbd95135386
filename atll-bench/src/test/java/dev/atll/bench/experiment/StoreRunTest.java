package dev.atll.bench.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.ForgetfulStore.Fault;
import dev.atll.bench.trace.BlockTrace;
import dev.atll.bench.trace.CloudPhysicsReader;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRunTest {
  private static final Path TRACE = Path.of("src/test/resources/traces/tiny.csv");

  @TempDir private Path dir;

  static List<String> names() {
    return Workloads.names();
  }

  private Map<String, Object> run(RunPlan.Load load, ForgetfulStore store) {
    RunPlan plan =
        new RunPlan(
            "forgetful",
            load,
            40,
            3000,
            0,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            true,
            Map.of());
    return new StoreRun(
            plan,
            "",
            dir,
            (engine, directory, settings) -> store,
            StopSignal.manual(),
            new PrintWriter(new StringWriter()),
            false)
        .run();
  }

  private static RunPlan.Load synthetic(String name, int threads) {
    Workload workload = Workloads.named(name);
    return new RunPlan.Synthetic(workload, new WorkloadSettings(500, threads, 11));
  }

  private static RunPlan.Load trace() {
    try {
      BlockTrace trace = CloudPhysicsReader.read(TRACE);
      assertTrue(trace.skipped() > 0 && trace.writeCount() > 100);
      return new RunPlan.Replay("tiny", trace, 3);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ForgetfulStore sound() {
    return new ForgetfulStore(Fault.NONE, 0);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSoundStoreHasNoMismatches(String name) {
    Map<String, Object> row = run(synthetic(name, 1), sound());
    assertEquals(0L, row.get("mismatches"), row.toString());
    long ops = Workloads.named(name).finite() ? 500 : 3000;
    assertEquals(ops, row.get("ops"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"load-random", "put", "delete", "ycsb-a", "ycsb-d", "ycsb-e", "batch-100"})
  void threadsCheckTheirOwnKeys(String name) {
    Map<String, Object> row = run(synthetic(name, 3), sound());
    assertEquals(0L, row.get("mismatches"), row.toString());
    assertTrue((long) row.get("ops") >= 500);
  }

  @ParameterizedTest
  @CsvSource({
    "LOSES_PUTS,50,load-random",
    "LOSES_PUTS,700,put",
    "LOSES_PUTS,700,ycsb-f",
    "LOSES_PUTS,3000,trace",
    "KEEPS_OLD_VALUES,1,ycsb-a",
    "KEEPS_OLD_VALUES,500,put",
    "KEEPS_OLD_VALUES,3000,trace",
    "IGNORES_DELETES,1,delete",
    "LOSES_A_PUT_WHEN_CLOSED,0,load-random",
    "LOSES_A_PUT_WHEN_CLOSED,0,ycsb-d",
    "LOSES_A_PUT_WHEN_CLOSED,0,trace"
  })
  void whatAStoreGetsWrongIsFoundAndDescribed(Fault fault, long from, String load) {
    Map<String, Object> row =
        run(load.equals("trace") ? trace() : synthetic(load, 1), new ForgetfulStore(fault, from));
    assertTrue((long) row.get("mismatches") > 0, row.toString());
    List<?> examples = (List<?>) row.get("mismatch_examples");
    assertTrue(!examples.isEmpty() && examples.size() <= Mismatches.DESCRIBED_MAX);
    assertTrue(examples.toString().contains("key"), examples.toString());
  }

  @Test
  void aTraceIsReplayedWhole() {
    Map<String, Object> row = run(trace(), sound());
    assertEquals(0L, row.get("mismatches"), row.toString());
    BlockTrace requests = ((RunPlan.Replay) trace()).trace();
    long expected = 0;
    for (int i = 0; i < requests.size(); i++) {
      expected += requests.isWrite(i) ? requests.unitCount(i) : 1;
    }
    assertEquals(3 * expected, row.get("ops"));
    assertEquals(3L * requests.size(), row.get("requests"));
    assertEquals(requests.skipped(), row.get("requests_skipped"));
  }
}
