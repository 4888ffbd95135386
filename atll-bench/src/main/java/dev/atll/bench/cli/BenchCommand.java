package dev.atll.bench.cli;

import dev.atll.bench.deciding.DecidingBench;
import dev.atll.bench.micro.Benches;
import dev.atll.bench.micro.Overheads;
import dev.atll.bench.report.InRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures single parts. */
@Command(
    name = "bench",
    description = {
      "Measures single parts, in processes of their own:",
      "filters  building and probing each kind of filter",
      "meter    counting and observing, with the bytes they allocate",
      "watch    what measuring, a meter and events cost a get, in interleaved processes",
      "deciding what decisions cost a compaction thread, in trees of several sizes"
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  private static final String WATCH = "watch";
  private static final String DECIDING = "deciding";
  private static final int SLOTS_MIN = 100;
  private static final int SLOTS_MAX = 200_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1", paramLabel = "NAME", description = "filters, meter, watch or deciding.")
  private String name = "";

  @Option(
      names = "--forks",
      defaultValue = "3",
      description = "Processes for each benchmark (${DEFAULT-VALUE}); take 30 for watch.")
  @InRange(min = 1, max = 1_000)
  private int forks = 3;

  @Option(
      names = "--millis",
      defaultValue = "500",
      description = "Length of an iteration; for watch, of the warm-up (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = 3_600_000)
  private long millis = 500;

  @Option(
      names = "--turns",
      defaultValue = "200",
      description = "Turns of 2,000 gets for each setting of watch in a process (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = 1_000_000)
  private int turns = 200;

  @Option(
      names = "--slots",
      split = ",",
      defaultValue = "1700,60000",
      description = "Sizes of the trees of deciding (${DEFAULT-VALUE}), from 100 on.")
  @InRange(min = SLOTS_MIN, max = SLOTS_MAX)
  private List<Integer> slots = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds of deciding that are measured, after as many to warm up (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = 1_000)
  private int rounds = 5;

  @Option(names = "--json", paramLabel = "FILE", description = JsonResult.DESCRIPTION)
  private @Nullable Path json;

  @Option(names = "--dir", description = "Directory for stores. Default: a temporary one.")
  private @Nullable Path dir;

  @Override
  public Integer call() throws IOException, RunnerException {
    PrintWriter out = spec.commandLine().getOut();
    if (name.equals(DECIDING)) {
      return deciding();
    }
    if (json != null) {
      throw new ParameterException(spec.commandLine(), "--json is for " + DECIDING);
    }
    if (name.equals(WATCH)) {
      try (WorkDirectory work = WorkDirectory.at(dir, "atll-bench-")) {
        out.print(
            new Overheads(work.fresh("store"), forks, millis, turns)
                .run(spec.commandLine().getErr()));
      }
    } else if (Benches.names().contains(name)) {
      out.print(Benches.run(name, forks, millis));
    } else {
      List<String> names = new ArrayList<>(Benches.names());
      names.add(WATCH);
      names.add(DECIDING);
      throw new ParameterException(
          spec.commandLine(),
              String.format(Locale.ROOT, "no benchmark '%s'; there are %s", name, names));
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private int deciding() throws IOException {
    for (int count : slots) {
      if (count < SLOTS_MIN || count > SLOTS_MAX) {
        throw new ParameterException(
            spec.commandLine(),
            String.format(Locale.ROOT, "--slots are %d to %d each", SLOTS_MIN, SLOTS_MAX));
      }
    }
    try (JsonResult result = JsonResult.prepare(spec.commandLine(), json);
        WorkDirectory work = WorkDirectory.at(dir, "atll-bench-")) {
      result.write(
          new DecidingBench(work.empty("trees"), slots, rounds, rounds)
              .run(result.table(), spec.commandLine().getErr()));
    }
    return CommandLine.ExitCode.OK;
  }
}
