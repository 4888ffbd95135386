package dev.atll.bench.suite;

import dev.atll.bench.experiment.RunPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.experiment.StoreRun;
import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.store.Stores;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs suites one measurement after the other, each in a fresh store. Single use. */
public final class SuiteRunner {
  private final Path directory;
  private final Duration each;
  private final double scale;
  private final StopSignal stop;
  private final PrintWriter out;
  private final boolean terminal;
  private final SuiteReport report = new SuiteReport(EnvironmentFacts.collect());

  /**
   * Prepares.
   *
   * @param directory where the stores go; they are deleted
   * @param each how long a measurement takes at most, loading and settling apart
   * @param scale factor on the amounts of data, above 0
   * @param stop ends it early, in order
   * @param out takes progress lines
   * @param terminal whether lines of {@code out} can be rewritten
   */
  public SuiteRunner(
      Path directory,
      Duration each,
      double scale,
      StopSignal stop,
      PrintWriter out,
      boolean terminal) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("scale = " + scale + ", must be above 0");
    }
    this.directory = directory;
    this.each = each;
    this.scale = scale;
    this.stop = stop;
    this.out = out;
    this.terminal = terminal;
  }

  /** The names of all suites. */
  public static List<String> names() {
    return Measurement.suites();
  }

  /**
   * Runs some suites.
   *
   * @param suites their names
   * @throws IllegalArgumentException if there is no such suite
   */
  public void run(List<String> suites) {
    for (String suite : suites) {
      if (!names().contains(suite)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "no suite '%s'; there are %s",
                suite, String.join(", ", names())));
      }
    }
    int number = 0;
    for (Measurement measurement : Measurement.all()) {
      if (suites.contains(measurement.suite()) && !stop.requested()) {
        Path store = directory.resolve("store-" + number++);
        RunPlan plan = measurement.plan(each, scale);
        Map<String, Object> row =
            new StoreRun(plan, "atll", store, Stores::open, stop, out, terminal).run();
        if (!stop.requested()) {
          report.add(measurement, row);
        }
        DiskUsage.deleteTree(store);
      }
    }
  }

  /** How many promises were not kept. */
  public long broken() {
    return report.broken();
  }

  /** The findings for a terminal. */
  public String table() {
    return report.toString();
  }

  /** The findings as a page. */
  public String html() {
    return report.toHtml();
  }

  /** The findings for JSON. */
  public Map<String, Object> json() {
    return report.toMap();
  }
}
