package dev.atll.bench.micro;

import dev.atll.bench.experiment.Ratio;
import dev.atll.bench.micro.GetFork.Pair;
import dev.atll.bench.micro.GetFork.Setting;
import dev.atll.bench.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What being watched costs a get: processes that each measure all settings by turns, and over the
 * processes the median of their ratios with its interval.
 */
public final class Overheads {
  private final Path directory;
  private final int forks;
  private final long warmUpMillis;
  private final int turns;

  /**
   * Prepares.
   *
   * @param directory an empty place for the stores that are read
   * @param forks processes, at least 1; 30 and more for a figure to quote
   * @param warmUpMillis processor time of each process before it measures
   * @param turns of 2,000 gets for each setting in each process
   */
  public Overheads(Path directory, int forks, long warmUpMillis, int turns) {
    this.directory = directory;
    this.forks = forks;
    this.warmUpMillis = warmUpMillis;
    this.turns = turns;
  }

  /** Runs all processes; progress goes to {@code progress}, the result is returned as text. */
  public String run(PrintWriter progress) throws IOException {
    List<Path> stores = stores();
    double[][] figures = new double[Setting.values().length + GetFork.PAIRS.size()][forks];
    for (int f = 0; f < forks; f++) {
      String line = fork(stores);
      progress.println((f + 1) + "  " + line);
      progress.flush();
      String[] words = line.split(" ", -1);
      for (int i = 0; i < figures.length; i++) {
        figures[i][f] = Double.parseDouble(words[i]);
      }
      // Where a store lies in memory and on disk must not count for one setting alone.
      Collections.rotate(stores, 1);
    }
    Table table =
        new Table(1, "cost of", "ns a get", "of ns", "ratio", "95 % interval", "promised");
    double[] ones = new double[forks];
    Arrays.fill(ones, 1);
    for (int p = 0; p < GetFork.PAIRS.size(); p++) {
      Pair pair = GetFork.PAIRS.get(p);
      Ratio ratio = Ratio.of(figures[Setting.values().length + p], ones);
      table.row(
          pair.what(),
          String.format(Locale.ROOT, "%.0f", Ratio.median(figures[pair.with().column])),
          String.format(Locale.ROOT, "%.0f", Ratio.median(figures[pair.without().column])),
          String.format(Locale.ROOT, "%.4f", ratio.median()),
          String.format(Locale.ROOT, "%.4f-%.4f", ratio.low(), ratio.high()),
          String.format(Locale.ROOT, "%.2f", pair.promised()));
    }
    return table.toString();
  }

  /** One store, and copies of it: the same tables for every setting. */
  private List<Path> stores() throws IOException {
    List<Path> stores = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      Path store = directory.resolve("store-" + setting.column);
      if (stores.isEmpty()) {
        GetFork.load(store);
      } else {
        Files.createDirectory(store);
        try (Stream<Path> files = Files.list(stores.getFirst())) {
          for (Path file : (Iterable<Path>) files::iterator) {
            Files.copy(file, store.resolve(String.valueOf(file.getFileName())));
          }
        }
      }
      stores.add(store);
    }
    return stores;
  }

  private String fork(List<Path> stores) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                GetFork.class.getName(),
                Long.toString(warmUpMillis),
                Integer.toString(turns)));
    stores.forEach(store -> command.add(store.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IOException("a measuring process failed");
      }
      return line;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
