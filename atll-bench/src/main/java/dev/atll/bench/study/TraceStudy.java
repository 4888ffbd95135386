package dev.atll.bench.study;

import dev.atll.bench.experiment.RunPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.experiment.StoreRun;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.trace.BlockTrace;
import dev.atll.bench.trace.CloudPhysicsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A recorded disk trace, replayed under each policy. */
final class TraceStudy implements Study {
  /** Names the file; without it the experiment says so and ends. */
  static final String VARIABLE = "ATLL_TRACE";

  private static final List<String> POLICIES = List.of("leveled", "tiered", "lazy", "atll");
  private static final int VALUE_BYTES = 64;

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public String title() {
    return "A recorded disk trace";
  }

  @Override
  public List<String> hypotheses() {
    return List.of("ATLL writes no more than leveled, at stored ÷ live bytes of at most 1.5.");
  }

  @Override
  public void run(StudyContext context) throws IOException {
    String place = System.getenv(VARIABLE);
    if (place == null || !Files.isRegularFile(Path.of(place))) {
      String why = "no trace: set " + VARIABLE + " to a file (version,time,op,size,lbn), gzipped or not";
      context.say("skipped: " + why);
      context.page().text(why);
      context.verdict(hypotheses().get(0), why, Verdict.Outcome.OPEN);
      return;
    }
    BlockTrace trace = CloudPhysicsReader.read(Path.of(place));
    trace.requireComplete(place, BlockTrace.SKIPPED_SHARE_MAX);
    if (trace.skipped() > 0) {
      context.say(trace.skippedText());
      context.page().text("Trace: " + trace.skippedText());
    }
    RunPlan plan =
        new RunPlan(
            "atll",
            new RunPlan.Replay("trace", trace, context.scale().quick() ? 1 : 5),
            VALUE_BYTES,
            Long.MAX_VALUE,
            0,
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            false,
            Map.of("memtableBytes", "1m", "durability", "OS"));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("policy", "write amplification", "runs a read", "stored ÷ live"));
    double leveled = 0;
    List<String> policies = new ArrayList<>(POLICIES);
    context.guests().stream().filter(guest -> !POLICIES.contains(guest)).forEach(policies::add);
    for (String policy : policies) {
      Path home = Files.createTempDirectory("atll-experiment-");
      try (StopSignal stop = StopSignal.manual()) {
        Map<String, Object> row =
            StoreRun.inStep(
                    plan, policy, home.resolve("store"), stop,
                    new PrintWriter(new StringWriter()), false)
                .run();
        double writes = number(row, "write_amplification");
        double space = number(row, "space_amplification");
        context.say(policy + ": " + Numbers.fixed(writes));
        rows.add(
            List.of(
                policy, Numbers.fixed(writes), Numbers.fixed(number(row, "read_amplification")),
                Numbers.fixed(space)));
        leveled = policy.equals("leveled") ? writes : leveled;
        if (policy.equals("atll")) {
          context.verdict(
              hypotheses().get(0),
              String.format(
                  Locale.ROOT,
                  "%.3f of leveled's writes, stored ÷ live %.2f",
                  writes / leveled, space),
              writes <= leveled && space <= 1.5);
        }
      } finally {
        DiskUsage.deleteTree(home);
      }
    }
    context.page().section("Policy by policy").table(rows);
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
