package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.report.Json;
import dev.atll.policy.Candidate;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Policies;
import dev.atll.policy.PolicyProvider;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.Spec;
import dev.atll.policy.TreeSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy of another jar is one like any other for every command that takes policies. */
class PluginPolicyTest {
  private static final String SERVICE = "META-INF/services/" + PolicyProvider.class.getName();

  /** What such a jar has. */
  public static final class Provider implements PolicyProvider {
    /** Made by the service loader. */
    public Provider() {}

    @Override
    public String name() {
      return "plugged";
    }

    @Override
    public String explanation() {
      return "leveled, of another jar";
    }

    @Override
    public CompactionPolicy create(Spec spec, long seed) {
      CompactionPolicy policy = Policies.byName("leveled", seed);
      return new CompactionPolicy() {
        @Override
        public String name() {
          return "plugged";
        }

        @Override
        public List<Candidate> candidates(TreeSnapshot now) {
          return policy.candidates(now);
        }

        @Override
        public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
          return policy.predictedRuns(now, slot);
        }
      };
    }
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  @TempDir private Path dir;

  @BeforeEach
  void plugIn() {
    URL line = Objects.requireNonNull(getClass().getResource("/testdata/plugin/provider"));
    Thread.currentThread()
        .setContextClassLoader(
            new ClassLoader(getClass().getClassLoader()) {
              @Override
              public Enumeration<URL> getResources(String name) throws IOException {
                return name.equals(SERVICE)
                    ? Collections.enumeration(List.of(line))
                    : super.getResources(name);
              }
            });
  }

  @AfterEach
  void plugOut() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private Map<String, Object> report(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--json";
    all[args.length + 1] = dir.resolve("out.json").toString();
    assertEquals(0, run(all), err.toString());
    return Json.read(dir.resolve("out.json"));
  }

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private static List<?> policies(Map<String, Object> report) {
    return ((List<?>) report.get("results"))
        .stream().map(row -> ((Map<?, ?>) row).get("policy")).toList();
  }

  @Test
  void itIsExplained() {
    for (String command : List.of("run", "simulate")) {
      assertEquals(0, run(command, "--policy", "help"), err.toString());
    }
    assertEquals(3, out.toString().split("leveled, of another jar", -1).length, out.toString());
  }

  @Test
  void itRunsAmongOthersAndCountsAsWhatItIs() {
    Map<String, Object> report =
        report(
            "run", "put", "--policy", "leveled,plugged", "--keys", "1000", "--ops", "2000",
            "--rounds", "1", "--set", "memtableBytes=64k");
    assertEquals(List.of("leveled", "plugged"), policies(report));
    List<?> written =
        ((List<?>) report.get("results"))
            .stream().map(row -> ((Map<?, ?>) row).get("bytes_written")).toList();
    // It does what leveled does; its name stands in no file.
    assertEquals(written.get(0), written.get(1));
  }

  @Test
  void itIsSimulated() {
    Map<String, Object> report =
        report(
            "simulate", "put", "--policy", "leveled,plugged;fluid:K=2,Z=1", "--keys", "20000",
            "--ops", "20000");
    assertEquals(List.of("leveled", "plugged", "fluid:K=2,Z=1"), policies(report));
    assertEquals(
        1 + Policies.names().size(),
        policies(report("simulate", "put", "--policy", "all", "--keys", "2000", "--ops", "2000"))
            .size());
  }

  @Test
  void anExperimentTakesItAndRefusesWhatThereIsNot() {
    assertEquals(
        2, run("experiment", "ycsb", "--policy", "none-such", "--out", dir.resolve("x").toString()));
    assertTrue(err.toString().contains("plugged"), err.toString());
  }

  @Test
  void aDemoBeginsWithIt() {
    assertEquals(
        0,
        run(
            "demo", "--policy", "plugged", "--seconds", "1", "--no-browser", "--port", "0", "--keys",
            "1000"),
        err.toString());
  }
}
