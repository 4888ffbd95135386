package dev.atll.bench.torture;

import dev.atll.api.Durability;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code atll torture}: kills loading processes and counts what got lost. Exit code 1 if any. */
@Command(
    name = "torture",
    description = "Kills processes that load a store, and checks that nothing they wrote is lost.",
    mixinStandardHelpOptions = true)
public final class TortureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--kills", description = "processes to kill (default: ${DEFAULT-VALUE})")
  private int kills = 50;

  @Option(names = "--minutes", description = "stop after this time, at the latest")
  private double minutes = 60 * 24;

  @Option(names = "--seed", description = "of everything drawn (default: random, and printed)")
  private @Nullable Long seed;

  @Option(
      names = "--durability",
      description = "sync, interval, os, or mixed for one drawn for each write "
          + "(default: ${DEFAULT-VALUE})")
  private String durability = "sync";

  @Option(names = "--threads", description = "writers (default: ${DEFAULT-VALUE})")
  private int threads = 4;

  @Option(names = "--keys", description = "different keys (default: ${DEFAULT-VALUE})")
  private int keys = 4000;

  @Option(
      names = "--load-millis",
      description = "longest load before a kill (default: ${DEFAULT-VALUE})")
  private int loadMillis = 1500;

  @Option(
      names = "--directory",
      description = "where the store is made; kept (default: a temporary one, kept if it failed)")
  private @Nullable Path directory;

  /** Made by picocli. */
  public TortureCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long drawn = seed != null ? seed : RandomGenerator.getDefault().nextLong(1L << 32);
    Durability mode =
        durability.equals("mixed") ? null : Durability.valueOf(durability.toUpperCase(java.util.Locale.ROOT));
    Path given = directory;
    Path base = given != null ? Files.createDirectories(given) : Files.createTempDirectory("atll-torture");
    out.printf(
        "torture: seed %d, %d writers, %d keys, durability %s, in %s%n",
        drawn, threads, keys, durability, base);
    out.flush();
    Findings findings = new Findings();
    KillLoop loop =
        new KillLoop(
            base.resolve("store"),
            base.resolve("errors.txt"),
            new LoadPlan(drawn, keys, threads, mode),
            loadMillis,
            findings,
            line -> {
              out.println(line);
              out.flush();
            });
    KillLoop.Result result = loop.run(kills, (long) (minutes * TimeUnit.MINUTES.toNanos(1)));
    print(out, result, findings);
    if (findings.isEmpty()) {
      if (given == null) {
        delete(base);
      }
      return 0;
    }
    out.printf(
        "replay (the timing is not in the seed): atll torture --seed %d --kills %d --threads %d"
            + " --keys %d --durability %s%nthe store is kept in %s%n",
        drawn, kills, threads, keys, durability, base);
    out.flush();
    return 1;
  }

  private static void print(PrintWriter out, KillLoop.Result result, Findings findings) {
    out.println();
    row(out, "kills", result.kills());
    row(out, "of them while starting", result.early());
    row(out, "checks of the whole content", result.checks());
    row(out, "acked writes", result.ackedWrites());
    row(out, "writes in flight", result.inFlight());
    for (Findings.Kind kind : Findings.Kind.values()) {
      row(out, kind.title, findings.count(kind));
    }
    row(out, "seconds", result.nanos() / 1_000_000_000L);
    findings.described().forEach(out::println);
    out.flush();
  }

  private static void row(PrintWriter out, String title, long count) {
    out.printf("%-30s %,12d%n", title, count);
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
