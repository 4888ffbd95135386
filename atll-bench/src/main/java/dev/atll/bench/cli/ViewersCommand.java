package dev.atll.bench.cli;

import dev.atll.bench.demo.ViewerCost;
import dev.atll.bench.report.InRange;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what viewers of the dashboard cost. */
@Command(
    name = "viewers",
    description = {
      "Measures what viewers of the dashboard cost: throughput by turns without a viewer and with",
      "one that stopped reading, as a ratio with its spread, and the bytes sent to one that reads."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class ViewersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--pairs", defaultValue = "30", description = "Pairs of turns (30).")
  @InRange(min = 1, max = 1_000_000)
  private int pairs = 30;

  @Option(names = "--turn-seconds", defaultValue = "1", description = "Length of a turn (1).")
  @InRange(above = true, max = 3_600)
  private double turnSeconds = 1;

  @Option(
      names = "--rate",
      defaultValue = "20000",
      description = "Operations a second while the line is measured, 0 for as fast as it goes.")
  @InRange(max = 1e9)
  private double rate = 20_000;

  @Option(names = "--keys", defaultValue = "300000", description = "Keys of 200 bytes (300000).")
  @InRange(min = 1, max = InRange.MANY)
  private long keys = 300_000;

  @Option(names = "--policy", defaultValue = "atll", description = "Policy (atll).")
  private String policy = "atll";

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Sets an option of the store; see atll run --list.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    StoreSettings.check(spec.commandLine(), settings);
    StoreSettings.checkPolicy(spec.commandLine(), policy);
    try (WorkDirectory work = WorkDirectory.at(null, "atll-viewers-")) {
      new ViewerCost(work.fresh("store"), policy, keys, settings, spec.commandLine().getOut())
          .run(pairs, Duration.ofMillis((long) (turnSeconds * 1e3)), rate);
    }
    spec.commandLine().getOut().flush();
    return CommandLine.ExitCode.OK;
  }
}
