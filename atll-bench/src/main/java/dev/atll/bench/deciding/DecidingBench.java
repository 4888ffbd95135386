package dev.atll.bench.deciding;

import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.Table;
import dev.atll.env.Work;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What deciding, planning and installing cost a compaction thread, in trees of several sizes: a process for
 * each, with rounds of a fixed number of operations after some to warm up. Figures are medians over
 * the rounds, with the least and the greatest.
 */
public final class DecidingBench {
  /** Deciding, planning and installing shall take this part of a compaction thread at most. */
  static final double SHARE_MAX = 0.10;

  /** A decision about the largest tree shall cost so many times one about the smallest at most. */
  static final double GROWTH_MAX = 1.5;

  private static final List<Work> DECIDING =
      List.of(Work.DECIDE, Work.PLAN, Work.INSTALL, Work.REPORT);

  private final Path directory;
  private final List<Integer> slots;
  private final int warmUps;
  private final int rounds;

  /** What a process printed of a round. */
  record Round(
      Map<Work, Long> nanos, long looks, long jobs, long moves, long bytesWritten, long slots) {
    static Round parse(String line) {
      String[] words = line.split(" ", -1);
      Map<Work, Long> nanos = new EnumMap<>(Work.class);
      int at = 1;
      for (Work work : Work.values()) {
        nanos.put(work, Long.parseLong(words[at++]));
      }
      return new Round(
          nanos,
          Long.parseLong(words[at]),
          Long.parseLong(words[at + 1]),
          Long.parseLong(words[at + 2]),
          Long.parseLong(words[at + 3]),
          Long.parseLong(words[at + 4]));
    }

    long decisions() {
      return Math.max(1, jobs + moves);
    }

    double deciding() {
      return DECIDING.stream().mapToDouble(nanos::get).sum();
    }

    /** Deciding, planning and installing ÷ all that the thread did. */
    double share() {
      double all = nanos.values().stream().mapToDouble(Long::doubleValue).sum();
      return all == 0 ? 0 : (deciding() - nanos.getOrDefault(Work.REPORT, 0L)) / all;
    }
  }

  /**
   * Prepares.
   *
   * @param directory an empty place for the stores
   * @param slots sizes of trees
   * @param warmUps rounds that do not count
   * @param rounds that do, at least 1
   */
  public DecidingBench(Path directory, List<Integer> slots, int warmUps, int rounds) {
    this.directory = directory;
    this.slots = List.copyOf(slots);
    this.warmUps = warmUps;
    this.rounds = rounds;
  }

  /** Runs all processes; the rounds and then a table go to {@code out}, the report is returned. */
  public Map<String, Object> run(PrintWriter out, PrintWriter progress) throws IOException {
    Table table =
        new Table(
            1, "slots", "share", "spread", "ns a decision", "spread", "deciding", "planning",
            "installing", "reporting", "looks", "decisions");
    List<Map<String, Object>> trees = new ArrayList<>();
    for (int count : slots) {
      List<Round> measured = fork(count, progress);
      double[] share = sorted(measured, Round::share);
      double[] nanos = sorted(measured, r -> r.deciding() / r.decisions());
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("slots", count);
      tree.put("slots_at_end", measured.getLast().slots());
      tree.put("share", median(share));
      tree.put("share_low", share[0]);
      tree.put("share_high", share[share.length - 1]);
      tree.put("nanos_per_decision", median(nanos));
      tree.put("nanos_per_decision_low", nanos[0]);
      tree.put("nanos_per_decision_high", nanos[nanos.length - 1]);
      Map<String, Object> parts = new LinkedHashMap<>();
      for (Work work : Work.values()) {
        parts.put(
            work.name().toLowerCase(Locale.ROOT),
            median(sorted(measured, r -> r.nanos().getOrDefault(work, 0L) / (double) r.decisions())));
      }
      tree.put("nanos_per_decision_by_part", parts);
      double looks = median(sorted(measured, r -> r.looks() / (double) r.decisions()));
      long decisions = measured.stream().mapToLong(Round::decisions).sum();
      tree.put("looks_per_decision", looks);
      tree.put("decisions", decisions);
      tree.put("moves", measured.stream().mapToLong(Round::moves).sum());
      tree.put("bytes_written", measured.stream().mapToLong(Round::bytesWritten).sum());
      tree.put("rounds", measured.size());
      trees.add(tree);
      table.row(
          Integer.toString(count),
          String.format(Locale.ROOT, "%.3f", median(share)),
          String.format(Locale.ROOT, "%.3f-%.3f", share[0], share[share.length - 1]),
          String.format(Locale.ROOT, "%.0f", median(nanos)),
          String.format(Locale.ROOT, "%.0f-%.0f", nanos[0], nanos[nanos.length - 1]),
          whole(parts.get("decide")),
          whole(parts.get("plan")),
          whole(parts.get("install")),
          whole(parts.get("report")),
          String.format(Locale.ROOT, "%.2f", looks),
          Long.toString(decisions));
    }
    out.print(table);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("benchmark", "deciding");
    report.put("environment", EnvironmentFacts.collect());
    report.put("trees", trees);
    report.put("share_max", SHARE_MAX);
    report.put("growth_max", GROWTH_MAX);
    report.put("growth", growth(trees));
    out.printf(
        Locale.ROOT,
        "a decision about the last tree costs %.2f of one about the first; promised: share %.2f, %.1f%n",
        growth(trees), SHARE_MAX, GROWTH_MAX);
    out.flush();
    return report;
  }

  private static double growth(List<Map<String, Object>> trees) {
    return number(trees.getLast().get("nanos_per_decision"))
        / number(trees.getFirst().get("nanos_per_decision"));
  }

  private static String whole(@Nullable Object nanos) {
    return String.format(Locale.ROOT, "%.0f", number(nanos));
  }

  private static double number(@Nullable Object figure) {
    return ((Number) Objects.requireNonNull(figure)).doubleValue();
  }

  private static double[] sorted(List<Round> rounds, ToDoubleFunction<Round> figure) {
    double[] figures = rounds.stream().mapToDouble(figure).toArray();
    Arrays.sort(figures);
    return figures;
  }

  private static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private List<Round> fork(int count, PrintWriter progress) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx2g",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            DecidingFork.class.getName(),
            Integer.toString(count),
            Integer.toString(warmUps),
            Integer.toString(rounds),
            directory.resolve("slots-" + count).toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Round> measured = new ArrayList<>();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      while (line != null) {
        progress.println(count + "  " + line);
        progress.flush();
        if (line.startsWith(DecidingFork.ROUND)) {
          measured.add(Round.parse(line));
        }
        line = output.readLine();
      }
      if (process.waitFor() != 0 || measured.size() != rounds) {
        throw new IOException("a measuring process failed");
      }
      return measured;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
