package dev.atll.bench.cli;

import dev.atll.bench.report.InRange;
import dev.atll.bench.study.Studies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      "Runs an experiment whose hypotheses were written down beforehand, in the simulator and on",
      "the engine, and writes report.html, figures.csv, verdicts.json and raw.ndjson."
    },
    footer = {"", "Exit codes: 0 done, whatever came out, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class ExperimentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The experiment's name.")
  private @Nullable String name;

  @Option(names = "--list", description = "Lists the experiments.")
  private boolean list;

  @Option(names = "--out", paramLabel = "DIR", description = "Where its files go.")
  private @Nullable Path out;

  @Option(names = "--quick", description = "Ends within three minutes on two cores.")
  private boolean quick;

  @Option(
      names = "--engine-mb",
      description = {
        "User data that a run of the engine writes, in MB (256; 24 if quick; confirm: 460)."
      })
  @InRange(above = true, max = 1e9)
  private @Nullable Double engineMegabytes;

  @Option(
      names = "--sim-seeds",
      defaultValue = "10",
      description = "Seeds of each simulated cell (${DEFAULT-VALUE}; at most 2 if quick).")
  @InRange(min = 1, max = 1_000_000)
  private int simSeeds = 10;

  @Option(
      names = "--engine-seeds",
      description = "Seeds of each real cell; 0 leaves the engine out (1; confirm: 3).")
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
      names = "--go-on",
      description = {
        "Takes what an earlier run of the same command finished from DIR/raw.ndjson, and runs the",
        "rest (confirm only)."
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
              directory, quick, engineMegabytes, simSeeds, engineSeeds, !real, goesOn),
          writer);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    writer.println("written: " + directory.resolve("report.html"));
    writer.flush();
    return CommandLine.ExitCode.OK;
  }
}
