package dev.atll.bench.torture;

import dev.atll.api.Durability;
import dev.atll.bench.report.InRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atll torture}: attacks stores in every way there is, and counts what got lost. */
@Command(
    name = "torture",
    description = {
      "Attacks stores in every way there is, and counts what got lost: simulated power cuts and faults,"
          + " damaged and hostile files, concurrent histories, killed processes; with --stage also real"
          + " power cuts (power) and failed syncs (thin) on loop devices and full disks (full), which need root.",
      "Exit codes: 0 nothing found, 1 something was found, 2 wrong usage."
    },
    mixinStandardHelpOptions = true)
public final class TortureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--minutes", description = "for all stages together (default: ${DEFAULT-VALUE})")
  @InRange(above = true, max = 1e6)
  private double minutes = 10;

  @Option(names = "--seed", description = "of everything drawn (default: random, and printed)")
  @InRange(min = -InRange.ANY, max = InRange.ANY)
  private @Nullable Long seed;

  @Option(
      names = "--stage",
      split = ",",
      description = {
        "which: histories, manifest, calls, bytes, recovery, hostile, threads, crowds, process,"
            + " faults, throws, jobs, cuts, kills; only when asked for: power, thin, full (default: all others)"
      })
  private List<String> stages = new ArrayList<>();

  @Option(
      names = "--mutants",
      arity = "0..1",
      fallbackValue = "all",
      description = {
        "instead: plant known bugs in the engine, one at a time; each must be found; with 'tests' only"
            + " those that a test finds"
      })
  private @Nullable String mutants;

  @Option(
      names = "--kills",
      description = "processes to kill, or to cut the power of on each file system, at most")
  @InRange(max = Integer.MAX_VALUE)
  private int kills = Integer.MAX_VALUE;

  @Option(
      names = "--durability",
      description = "of killed processes: sync, interval, os, or mixed for one drawn for each write"
          + " (default: ${DEFAULT-VALUE})")
  private String durability = "mixed";

  @Option(names = "--threads", description = "writers (default: ${DEFAULT-VALUE})")
  @InRange(min = 1, max = 1024)
  private int threads = 4;

  @Option(names = "--keys", description = "different keys (default: ${DEFAULT-VALUE})")
  @InRange(min = 1, max = 100_000_000)
  private int keys = 4000;

  @Option(
      names = "--load-millis",
      description = "longest load before a kill (default: ${DEFAULT-VALUE})")
  @InRange(min = 1, max = 86_400_000)
  private int loadMillis = 1000;

  @Option(
      names = "--directory",
      description = "for stores and devices; kept (default: a temporary one, kept if it failed)")
  private @Nullable Path directory;

  /** Made by picocli. */
  public TortureCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String planted = mutants;
    if (planted != null) {
      return runMutants(planted, out);
    }
    long drawn = seed != null ? seed : RandomGenerator.getDefault().nextLong(1L << 32);
    List<TortureStage> chosen = chosen();
    Path given = directory;
    Path base =
        given != null ? Files.createDirectories(given) : Files.createTempDirectory("atll-torture");
    TorturePlan plan =
        new TorturePlan(
            drawn,
            minutes,
            base,
            new LoadPlan(drawn, keys, threads, durability()),
            kills,
            loadMillis);
    TortureTable table = new TortureTable(out);
    out.printf(Locale.ROOT, "torture: seed %d, %.1f minutes, in %s%n", drawn, minutes, base);
    out.flush();
    int weights = chosen.stream().mapToInt(TortureStage::weight).sum();
    for (TortureStage stage : chosen) {
      stage.run(plan, minutes * 60 * stage.weight() / weights, table);
    }
    table.print();
    if (table.isClean()) {
      if (given == null) {
        delete(base);
      }
      return 0;
    }
    out.printf(
        Locale.ROOT,
        "replay: atll torture --seed %d --minutes %s --stage %s (of killed processes the timing is not"
            + " in the seed); what was left is in %s%n",
        drawn,
        minutes,
        String.join(",", chosen.stream().map(TortureStage::title).toList()),
        base);
    out.flush();
    return 1;
  }

  private @Nullable Durability durability() {
    return durability.equals("mixed")
        ? null
        : Durability.valueOf(durability.toUpperCase(Locale.ROOT));
  }

  private List<TortureStage> chosen() {
    if (stages.isEmpty()) {
      return Stream.of(TortureStage.values()).filter(s -> !s.onlyWhenAsked()).toList();
    }
    List<TortureStage> chosen = new ArrayList<>();
    for (String name : stages) {
      try {
        chosen.add(TortureStage.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "no stage " + name, e);
      }
    }
    return chosen;
  }

  private int runMutants(String which, PrintWriter out) throws IOException, InterruptedException {
    if (!List.of("all", "tests").contains(which)) {
      throw new ParameterException(spec.commandLine(), "--mutants takes all or tests: " + which);
    }
    if (!StageProcess.isAvailable()) {
      out.println("SKIPPED: the harness is not on the class path; start this with ./atll");
      out.flush();
      return 1;
    }
    List<String> command = StageProcess.java(512, "dev.atll.torture.MutantMain");
    String classPath = System.getProperty("atll.test.classpath");
    if (classPath != null) {
      command.add(1, "-Datll.test.classpath=" + classPath);
    }
    if (which.equals("tests")) {
      command.add("--tests");
    }
    command.add(System.getProperty("atll.sources", "atll-core/src"));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** Deletes a directory and all in it. */
  static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    try {
      for (Path path : all) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
