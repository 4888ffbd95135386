package dev.atll.bench.cli;

import dev.atll.api.Options;
import dev.atll.bench.report.InRange;
import dev.atll.bench.store.OptionSettings;
import dev.atll.engine.calibration.Calibration;
import dev.atll.policy.UnitCosts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the prices that decisions are made with. */
@Command(
    name = "calibrate",
    description = {
      "Measures what a filter probe, a searched block, a positioned run and a merged byte cost on this"
          + " machine, and prints the option that decides with these prices."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seconds",
      description = "Seconds for each of the five prices, half of them warm-up (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  @InRange(above = true, max = 3_600)
  private double seconds;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Sets an option of the tables: compression, blockBytes, filterBitsPerKey.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() {
    StoreSettings.check(spec.commandLine(), settings);
    Options.Builder builder = Options.builder();
    OptionSettings.apply(builder, settings);
    UnitCosts costs =
        Calibration.measure(builder.build(), 400_000, Duration.ofMillis((long) (seconds * 1000)));
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, "filter probe       %8.1f ns", costs.probeNanos()));
    out.println(String.format(Locale.ROOT, "block searched     %8.1f ns", costs.blockReadNanos()));
    out.println(String.format(Locale.ROOT, "run positioned     %8.1f ns", costs.seekNanos()));
    out.println(String.format(Locale.ROOT, "byte read, merged  %8.3f ns", costs.readByteNanos()));
    out.println(String.format(Locale.ROOT, "byte written       %8.3f ns", costs.writeByteNanos()));
    out.println(
        String.format(
            Locale.ROOT,
            "--set unitCosts=%.0f/%.0f/%.0f/%.2f/%.2f",
            costs.probeNanos(),
            costs.blockReadNanos(),
            costs.seekNanos(),
            costs.readByteNanos(),
            costs.writeByteNanos()));
    out.flush();
    return 0;
  }
}
