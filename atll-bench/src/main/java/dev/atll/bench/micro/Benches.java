package dev.atll.bench.micro;

import dev.atll.bench.report.Table;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks by name and puts their results in a table. */
public final class Benches {
  private static final Map<String, Class<?>> CLASSES =
      Map.of("meter", MeterBench.class, "filters", FilterBench.class);

  // What was promised, by benchmark, in nanoseconds.
  private static final Map<String, Double> PROMISED_NANOS =
      Map.of("count", 80.0, "countByTwo", 80.0, "observe", 200.0, "observeByTwo", 200.0);

  private Benches() {}

  /** The names, sorted. */
  public static List<String> names() {
    return CLASSES.keySet().stream().sorted().toList();
  }

  /**
   * Runs the benchmarks of a name.
   *
   * @param name one of {@link #names}
   * @param forks processes for each benchmark, at least 1
   * @param millis length of each of five iterations, after three to warm up
   * @return the results as text
   */
  public static String run(String name, int forks, long millis) throws RunnerException {
    Class<?> benchmarks = CLASSES.get(name);
    if (benchmarks == null) {
      throw new IllegalArgumentException("no benchmarks '" + name + "'; there are " + names());
    }
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(benchmarks.getName().replace(".", "\\.") + "\\.")
                    .forks(forks)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.milliseconds(millis))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.milliseconds(millis))
                    .jvmArgsAppend(
                        "-Xmx512m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    Table table =
        new Table(2, "benchmark", "of", "ns/op", "99.9 % interval", "B/op", "promised ns/op");
    for (RunResult result : results) {
      var primary = result.getPrimaryResult();
      double[] interval = primary.getStatistics().getConfidenceIntervalAt(0.999);
      String label = primary.getLabel();
      Double promised = PROMISED_NANOS.get(label);
      table.row(
          label,
          parameters(result),
          String.format(Locale.ROOT, "%.2f", primary.getScore()),
          String.format(Locale.ROOT, "%.2f-%.2f", interval[0], interval[1]),
          String.format(Locale.ROOT, "%.3f", allocated(result)),
          promised == null ? "" : String.format(Locale.ROOT, "%.0f", promised));
    }
    return table.toString();
  }

  private static String parameters(RunResult result) {
    Map<String, String> values = new TreeMap<>();
    for (String key : result.getParams().getParamsKeys()) {
      values.put(key, result.getParams().getParam(key));
    }
    return values.isEmpty() ? "" : String.join(" ", values.values());
  }

  private static double allocated(RunResult result) {
    double bytes = Double.NaN;
    for (Map.Entry<String, ? extends Result<?>> entry : secondary(result).entrySet()) {
      if (entry.getKey().endsWith("gc.alloc.rate.norm")) {
        bytes = entry.getValue().getScore();
      }
    }
    return bytes;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // JMH's own signature leaves the type out
  private static Map<String, ? extends Result<?>> secondary(RunResult result) {
    return (Map<String, ? extends Result<?>>) (Map) result.getSecondaryResults();
  }
}
