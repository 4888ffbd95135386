package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.report.Json;
import dev.atll.policy.Policies;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final String TRACE = "src/test/resources/traces/tiny.csv";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path dir;

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private Map<String, Object> report() {
    return Json.read(dir.resolve("out.json"));
  }

  private String json() {
    return dir.resolve("out.json").toString();
  }

  private static Map<?, ?> row(Map<String, Object> report, int i) {
    return (Map<?, ?>) ((List<?>) report.get("results")).get(i);
  }

  @Test
  void aWorkloadOnTheReferenceIsReported() {
    int code =
        run(
            "run", "ycsb-a", "--engine", "memory", "--keys", "500", "--ops", "2000", "--verify",
            "--json", json());
    assertEquals(0, code, err.toString());
    Map<?, ?> row = row(report(), 0);
    assertEquals("memory", row.get("engine"));
    assertEquals("ycsb-a", row.get("workload"));
    assertEquals(2000, row.get("ops"));
    assertEquals(0, row.get("mismatches"));
    Map<?, ?> all = (Map<?, ?>) ((Map<?, ?>) row.get("latency_micros")).get("all");
    for (String name : List.of("p50", "p95", "p99", "p999", "max")) {
      assertTrue(((Number) all.get(name)).doubleValue() >= 0, name);
    }
    assertTrue(out.toString().contains("ycsb-a"), out.toString());
  }

  @Test
  void wrongUsageIsToldFromFailure() {
    assertEquals(2, run("run"));
    assertEquals(2, run("run", "no-such-workload"));
    assertTrue(err.toString().contains("ycsb-a"), err.toString());
    assertEquals(2, run("run", "put", "--trace", TRACE));
    assertEquals(2, run("run", "put", "--keys", "0"));
    assertEquals(1, run("run", "--trace", dir.resolve("absent").toString()));
  }

  @Test
  void theListNamesWorkloadsAndOptions() {
    assertEquals(0, run("run", "--list"));
    assertTrue(out.toString().contains("shifting-hotset"), out.toString());
    assertTrue(out.toString().contains("memtableBytes"), out.toString());
  }

  @Test
  void policiesAreExplained() {
    assertEquals(0, run("run", "--policy", "help"), err.toString());
    for (String name : Policies.names()) {
      assertTrue(out.toString().contains(name + " "), out.toString());
    }
  }

  @Test
  void policiesMayHaveParameters() throws IOException {
    int code =
        run(
            "run", "load-random", "--policy", "fluid:K=2,Z=1,leveled", "--keys", "500", "--ops",
            "500", "--set", "memtableBytes=64k", "--dir", dir.resolve("stores").toString(),
            "--json", json());
    assertEquals(0, code, err.toString() + out);
    assertEquals("fluid_K2_Z1", row(report(), 0).get("policy"));
    assertEquals("leveled", row(report(), 1).get("policy"));
    assertEquals(2, run("run", "load-random", "--policy", "leveled,fluid:K=0"));
    assertTrue(err.toString().contains("K must be 1 to 64"), err.toString());
  }

  @Test
  void eachPolicyAnswersATraceRightAndIsReported() throws IOException {
    int code =
        run(
            "run", "--trace", TRACE, "--format", "cloudphysics", "--repeat", "3", "--policy", "all",
            "--verify", "--set", "memtableBytes=64k", "--set", "slotBytes=32k", "--set",
            "durability=os", "--dir", dir.resolve("stores").toString(), "--json", json());
    assertEquals(0, code, err.toString() + out);
    Map<String, Object> report = report();
    assertEquals(Policies.names().size(), ((List<?>) report.get("results")).size());
    for (int i = 0; i < Policies.names().size(); i++) {
      Map<?, ?> row = row(report, i);
      assertEquals(Policies.names().get(i), row.get("policy"));
      assertEquals(0, row.get("mismatches"));
      for (String field :
          List.of(
              "ops", "seconds", "write_amplification", "read_amplification",
              "space_amplification")) {
        assertTrue(((Number) row.get(field)).doubleValue() > 0, field + " in " + row);
      }
      assertTrue(((Number) row.get("write_amplification")).doubleValue() >= 1, row.toString());
      assertTrue(row.get("levels") instanceof List<?> levels && !levels.isEmpty(), row.toString());
      assertEquals("65536", ((Map<?, ?>) row.get("options")).get("memtableBytes"));
    }
    try (Stream<Path> stores = Files.list(dir.resolve("stores"))) {
      assertEquals(Policies.names().size(), stores.count());
    }
  }

  @Test
  void theEngineAnswersWorkloadsRight() {
    for (String workload : List.of("ycsb-a", "ycsb-e-ordered", "delete", "shifting-hotset")) {
      int code =
          run(
              "run", workload, "--policy", "atll", "--keys", "2000", "--ops", "6000", "--verify",
              "--set", "memtableBytes=64k", "--set", "slotBytes=32k", "--json", json());
      assertEquals(0, code, workload + err + out);
      assertEquals(0, row(report(), 0).get("mismatches"));
      assertEquals(6000, row(report(), 0).get("ops"));
    }
  }
}
