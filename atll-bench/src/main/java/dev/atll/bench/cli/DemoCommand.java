package dev.atll.bench.cli;

import dev.atll.bench.demo.Demo;
import dev.atll.bench.demo.DemoOptions;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.InRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Opens a store, puts a moving load on it and serves its dashboard. */
@Command(
    name = "demo",
    description = {
      "Opens a store, runs a workload with a moving hot range on it, and serves a live dashboard",
      "with controls for both. Prints a line every second and a summary at the end."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, such as a port in use, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int PORT_DEFAULT = 8765;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--seconds", description = "How many seconds to run (default: until Ctrl-C).")
  @InRange(above = true, max = InRange.SECONDS)
  private @Nullable Double seconds;

  @Option(
      names = "--port",
      description = "Port of the dashboard, 0 for any free one (8765, or any free one if it is in use).")
  @InRange(max = 65_535)
  private @Nullable Integer port;

  @Option(names = "--no-browser", description = "Opens no browser.")
  private boolean noBrowser;

  @Option(
      names = "--policy",
      defaultValue = "atll",
      description = "Policy to start with: leveled, tiered, lazy, atll (atll).")
  private String policy = "atll";

  @Option(
      names = "--beside",
      paramLabel = "POLICY",
      description = "Runs a second store with this policy and the same operations, on the same page.")
  private @Nullable String beside;

  @Option(
      names = "--rate",
      defaultValue = "20000",
      description = "Operations per second, 0 for no limit (20000).")
  @InRange(max = 200_000)
  private double rate = 20_000;

  @Option(names = "--keys", defaultValue = "300000", description = "Number of keys (300000).")
  @InRange(min = 1, max = InRange.MANY)
  private long keys = 300_000;

  @Option(
      names = "--value-bytes",
      defaultValue = "200",
      description = "Length of each value in bytes (200).")
  @InRange(min = 1, max = 1 << 30)
  private int valueBytes = 200;

  @Option(
      names = "--move-seconds",
      defaultValue = "12",
      description = "Seconds after which the hot ranges move (12).")
  @InRange(min = 0.1, max = InRange.SECONDS)
  private double moveSeconds = 12;

  @Option(
      names = "--dir",
      description = "Keeps the store in this directory. Default: a temporary one, deleted at the end.")
  private @Nullable Path dir;

  @Option(
      names = "--record",
      paramLabel = "DIR",
      description = "Records all events into this directory, for atll replay.")
  private @Nullable Path recording;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Sets an option of the store; see atll run --list.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    StoreSettings.checkPolicy(spec.commandLine(), policy);
    if (beside != null) {
      StoreSettings.checkPolicy(spec.commandLine(), beside);
    }
    StoreSettings.check(spec.commandLine(), settings);
    try (StopSignal stop = StopSignal.onInterrupt();
        WorkDirectory work = WorkDirectory.at(dir, "atll-demo-")) {
      new Demo(
              options(work),
              stop,
              out,
              Terminals.isInteractive(),
              uri -> {
                if (!noBrowser) {
                  Browser.open(uri);
                }
              })
          .run();
    }
    return CommandLine.ExitCode.OK;
  }

  private DemoOptions options(WorkDirectory work) {
    try {
      return new DemoOptions(
          work.fresh("demo-store"),
          policy,
          choices(),
          rate,
          keys,
          valueBytes,
          Duration.ofMillis((long) (moveSeconds * 1e3)),
          seconds == null ? null : Duration.ofMillis((long) (seconds * 1e3)),
          port == null ? PORT_DEFAULT : port,
          port == null,
          beside == null ? recording : recordingOf("first-", policy),
          settings,
          beside == null
              ? null
              : new DemoOptions.Beside(
                  beside, work.fresh("demo-store-beside"), recordingOf("second-", beside)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private @Nullable Path recordingOf(String which, String policyName) {
    String label = dev.atll.policy.Spec.parse(policyName).label();
    return recording == null ? null : recording.resolve(which + label);
  }

  /** What can be chosen while it runs: all there are, and the one that it begins with. */
  private List<String> choices() {
    List<String> choices = new ArrayList<>(StoreSettings.allPolicies(spec.commandLine()));
    if (!choices.contains(policy)) {
      choices.add(policy);
    }
    return choices;
  }
}
