package dev.atll.bench.cli;

import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.InRange;
import dev.atll.bench.suite.SuiteRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what was promised. */
@Command(
    name = "suite",
    description = {
      "Measures fixed suites, each figure beside the one promised for it:",
      "lsm_operations, range_scans, heavy_workloads. All of them unless some are named."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, or a promise missed under --strict, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class SuiteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..*", paramLabel = "SUITE", description = "The suites' names.")
  private List<String> suites = new ArrayList<>();

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "Seconds of each measurement, besides loading (4).")
  @InRange(above = true, max = 86_400)
  private double seconds = 4;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description = "Factor on the amounts of data, such as 0.1 for a quick look (1).")
  @InRange(above = true, max = 1e6)
  private double scale = 1;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the findings as JSON.")
  private @Nullable Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes the findings as a page.")
  private @Nullable Path html;

  @Option(names = "--strict", description = "Exits with 1 if a promise is missed.")
  private boolean strict;

  @Option(names = "--dir", description = "Directory for the stores. Default: a temporary one.")
  private @Nullable Path dir;

  @Override
  public Integer call() throws IOException {
    if (!SuiteRunner.names().containsAll(suites)) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "there are the suites %s",
              String.join(", ", SuiteRunner.names())));
    }
    try (JsonResult asJson = JsonResult.prepare(spec.commandLine(), json);
        JsonResult asPage = JsonResult.prepare(spec.commandLine(), html);
        StopSignal stop = StopSignal.onInterrupt();
        WorkDirectory work = WorkDirectory.at(dir, "atll-suite-")) {
      SuiteRunner runner =
          new SuiteRunner(
              work.fresh("suite"),
              Duration.ofMillis((long) (seconds * 1e3)),
              scale,
              stop,
              spec.commandLine().getErr(),
              Terminals.isInteractive());
      runner.run(suites.isEmpty() ? SuiteRunner.names() : suites);
      PrintWriter out = html == null ? asJson.table() : asPage.table();
      out.print(runner.table());
      if (stop.requested()) {
        out.println("interrupted: what was measured until then is above");
      }
      out.flush();
      asJson.write(runner.json());
      asPage.writeText(runner.html());
      return strict && runner.broken() > 0
          ? CommandLine.ExitCode.SOFTWARE
          : CommandLine.ExitCode.OK;
    }
  }
}
