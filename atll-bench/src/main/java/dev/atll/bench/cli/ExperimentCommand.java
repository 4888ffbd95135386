package dev.atll.bench.cli;

import dev.atll.bench.report.InRange;
import dev.atll.bench.study.Studies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an experiment: hypotheses, simulated and real runs, one page. */
@Command(
    name = "experiment",
    description = {
      "Runs an experiment in the simulator and on the engine, checks its hypotheses, which were",
      "written down beforehand, and writes report.html, figures.csv, verdicts.json, raw.ndjson."
    },
    footer = {"", "Exit codes: 0 done, whatever came out, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class ExperimentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The experiment's name.")
  private @Nullable String name;

  @Option(names = "--list", description = "Lists the experiments.")
  private boolean list;

  @Option(names = "--out", paramLabel = "DIR", description = "Directory for the results.")
  private @Nullable Path out;

  @Option(names = "--quick", description = "A smaller run, of at most three minutes on two cores.")
  private boolean quick;

  @Option(
      names = "--engine-mb",
      description = {
        "User data that each engine run writes, in MB (256; quick: 24; confirm: 460)."
      })
  @InRange(above = true, max = 1e9)
  private @Nullable Double engineMegabytes;

  @Option(
      names = "--sim-seeds",
      defaultValue = "10",
      description = "Seeds for each simulated cell (${DEFAULT-VALUE}; quick: at most 2).")
  @InRange(min = 1, max = 1_000_000)
  private int simSeeds = 10;

  @Option(
      names = "--engine-seeds",
      description = "Seeds for each engine cell; 0 skips the engine (1; confirm: 3).")
  @InRange(max = 1_000_000)
  private @Nullable Integer engineSeeds;

  @Option(
      names = "--real",
      description = {
        "Runs the engine on this machine's disk and clock. Without it both are simulated, so that",
        "figures other than latencies do not depend on the machine."
      })
  private boolean real;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = {
        "Policies with commas between, of other jars too, that run beside those of the experiment: in",
        "its figures, and in no verdict, since hypotheses were written down without them."
      })
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--go-on",
      description = {
        "Resumes an earlier run of the same command: keeps the cells that DIR/raw.ndjson holds and",
        "runs the rest (confirm only)."
      })
  private boolean goesOn;

  @Override
  public Integer call() throws IOException {
    PrintWriter writer = spec.commandLine().getOut();
    if (list) {
      Studies.listing().forEach(writer::println);
      writer.flush();
      return CommandLine.ExitCode.OK;
    }
    String chosen = name;
    Path directory = out;
    if (chosen == null || directory == null) {
      throw new ParameterException(
          spec.commandLine(), "give an experiment (see --list) and --out DIR");
    }
    try {
      Studies.run(
          chosen,
          new Studies.Order(
              directory, quick, engineMegabytes, simSeeds, engineSeeds, !real, goesOn,
              StoreSettings.policies(spec.commandLine(), policies)),
          writer);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    writer.println("written: " + directory.resolve("report.html"));
    writer.flush();
    return CommandLine.ExitCode.OK;
  }
}
