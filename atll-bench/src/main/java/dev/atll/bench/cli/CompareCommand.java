package dev.atll.bench.cli;

import dev.atll.bench.experiment.Comparison;
import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.memory.Probe;
import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.InRange;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import dev.atll.bench.store.Stores;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures engines side by side: in one process, or each in its own under a limit of memory. */
@Command(
    name = "compare",
    description = {
      "Measures engines side by side, in many rounds of short turns.",
      "With --memory each is in a process of its own with so much memory and more data than that;",
      "without it, all are in one process.",
      "Compare the ratios within a round, not rates of different processes or hours."
    },
    footer = {
      "",
      "Workloads: see atll run --list. A load is measured in chunks, all others over a loaded store;",
      "with --memory also get-during-merge (of everything) and open (with a cold page cache).",
      "Exit codes: 0 done, 1 failed or the engines' answers differ, 2 wrong usage, 77 no right or no",
      "way to limit memory here."
    },
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  private static final String OWN = "atll";
  private static final long KEYS = 1_000_000;
  private static final List<String> WORKLOADS =
      List.of("load-random", "get-uniform", "get-zipf", "get-miss", "scan-10", "scan-100", "put");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--engines",
      split = ",",
      required = true,
      description = "Engines, such as atll,rocksdb-tuned,lmdb.")
  private List<String> engines = List.of();

  @Option(
      names = "--workloads",
      split = ",",
      description = "Workloads (default: loading, gets, scans, and put or ycsb-a to f).")
  private @Nullable List<String> workloads;

  @Option(
      names = "--reference",
      description = "The engine to relate the others to (the first that is not atll).")
  private @Nullable String reference;

  @Option(names = "--keys", description = "Keys (1000000; with --memory they follow from --data).")
  @InRange(min = 1, max = InRange.MANY)
  private @Nullable Long keys;

  @Option(names = "--value-bytes", defaultValue = "100", description = "Value length (100).")
  @InRange(min = 1, max = 1 << 30)
  private int valueBytes = 100;

  @Option(names = "--threads", defaultValue = "1", description = "Threads (1).")
  @InRange(min = 1, max = 1024)
  private int threads = 1;

  @Option(names = "--rounds", defaultValue = "9", description = "Rounds that count (9).")
  @InRange(min = 1, max = 1_000_000)
  private int rounds = 9;

  @Option(names = "--warmup-rounds", defaultValue = "2", description = "Rounds before (2).")
  @InRange(max = 1_000_000)
  private int warmupRounds = 2;

  @Option(names = "--slice-seconds", defaultValue = "1", description = "Length of a turn (1).")
  @InRange(above = true, max = 86_400)
  private double sliceSeconds = 1;

  @Option(names = "--settle-seconds", defaultValue = "600", description = "Longest wait (600).")
  @InRange(max = InRange.SECONDS)
  private long settleSeconds = 600;

  @Option(names = "--seed", defaultValue = "1", description = "Seed of all chance (1).")
  @InRange(min = -InRange.ANY, max = InRange.ANY)
  private long seed = 1;

  @Option(
      names = "--dir",
      description = "Directory for the stores, which are deleted. Default: a temporary one.")
  private @Nullable Path dir;

  @Option(names = "--json", paramLabel = "FILE", description = JsonResult.DESCRIPTION)
  private @Nullable Path json;

  @Option(
      names = "--set",
      paramLabel = "ENGINE.NAME=VALUE",
      description = "Sets something of an engine, such as atll.memtableBytes=32m.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private MemoryOptions memory = new MemoryOptions();

  @Override
  public Integer call() throws IOException {
    if (memory.isGiven()) {
      if (keys != null) {
        throw new ParameterException(
            spec.commandLine(), "--keys: with --memory the number of keys follows from --data");
      }
      List<String> names = workloads == null ? MemoryOptions.WORKLOADS : workloads;
      List<String> others = names.stream().filter(name -> Probe.named(name).isEmpty()).toList();
      return memory.run(
          spec.commandLine(),
          // Every store is loaded, so that there is always something to tell.
          plan(others.isEmpty() ? List.of("load-random") : others),
          names.stream().flatMap(name -> Probe.named(name).stream()).distinct().toList(),
          dir,
          json);
    }
    memory.checkUnused(spec.commandLine());
    PrintWriter errors = spec.commandLine().getErr();
    ComparisonPlan plan = plan(workloads == null ? WORKLOADS : workloads);
    errors.printf(
        Locale.ROOT,
        "turns take %s, loading and settling come on top%n",
        Numbers.seconds(Comparison.expectedDuration(plan).toMillis() / 1e3));
    errors.flush();
    try (JsonResult result = JsonResult.prepare(spec.commandLine(), json);
        StopSignal stop = StopSignal.onInterrupt();
        WorkDirectory work = WorkDirectory.at(dir, "atll-compare-")) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("command", "compare");
      report.put("environment", EnvironmentFacts.collect());
      Comparison comparison =
          new Comparison(
              plan,
              Stores::open,
              work.fresh("comparison"),
              stop,
              errors,
              Terminals.isInteractive());
      List<Map<String, Object>> rows = comparison.run();
      report.put("settings", plan.settings());
      report.put("reference", plan.reference());
      report.put("slice_seconds", sliceSeconds);
      report.put("disagreements", comparison.disagreements());
      report.put("interrupted", stop.requested());
      report.put("results", rows);
      PrintWriter out = result.table();
      print(out, plan, rows);
      comparison.disagreements().forEach(text -> out.println("DISAGREEMENT: " + text));
      if (stop.requested()) {
        out.println("interrupted: what was measured until then is above");
      }
      out.flush();
      result.write(report);
      return comparison.disagreements().isEmpty()
          ? CommandLine.ExitCode.OK
          : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private ComparisonPlan plan(List<String> names) {
    try {
      List<Workload> chosen = new ArrayList<>();
      for (String name : names) {
        Workload workload = Workloads.named(name);
        if (!workload.loaded() && !workload.finite()) {
          throw new IllegalArgumentException(name + " has no end and cannot be compared");
        }
        chosen.add(workload);
      }
      return new ComparisonPlan(
          engines,
          referenceEngine(),
          chosen,
          keys == null ? KEYS : keys,
          valueBytes,
          threads,
          rounds,
          warmupRounds,
          Duration.ofNanos((long) (sliceSeconds * 1e9)),
          Duration.ofSeconds(settleSeconds),
          seed,
          settingsByEngine());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private String referenceEngine() {
    if (reference != null) {
      return reference;
    }
    return engines.stream()
        .filter(engine -> !engine.equals(OWN))
        .findFirst()
        .orElseGet(engines::getFirst);
  }

  private Map<String, Map<String, String>> settingsByEngine() {
    Map<String, Map<String, String>> byEngine = new HashMap<>();
    settings.forEach(
        (name, value) -> {
          int dot = name.indexOf('.');
          String engine = dot < 0 ? "" : name.substring(0, dot);
          if (!engines.contains(engine)) {
            throw new IllegalArgumentException(
                "--set " + name + ": begin with one of the engines and a dot");
          }
          byEngine
              .computeIfAbsent(engine, e -> new LinkedHashMap<>())
              .put(name.substring(dot + 1), value);
        });
    return byEngine;
  }

  private static void print(
      PrintWriter out, ComparisonPlan plan, List<Map<String, Object>> rows) {
    Table table =
        new Table(
            2, "workload", "engine", "ops/s", "± iqr", "p50 µs", "p99 µs", "p99.9 µs", "write amp",
            "disk/live", "ratio to " + plan.reference(), "95 % interval", "until settled");
    for (Map<String, Object> row : rows) {
      boolean related = row.containsKey("ratio");
      table.row(
          String.valueOf(row.get("workload")),
          String.valueOf(row.get("engine")),
          Numbers.count(number(row, "ops_per_s")),
          Numbers.count(number(row, "ops_per_s_iqr")),
          Numbers.fixed(number(row, "p50_micros")),
          Numbers.fixed(number(row, "p99_micros")),
          Numbers.fixed(number(row, "p999_micros")),
          row.get("write_amplification") instanceof Number w
              ? Numbers.fixed(w.doubleValue())
              : "-",
          Numbers.fixed(number(row, "disk_to_live_bytes")),
          related ? Numbers.fixed(number(row, "ratio")) + "×" : "1×",
          related
              ? Numbers.fixed(number(row, "ratio_low"))
                  + "–"
                  + Numbers.fixed(number(row, "ratio_high"))
              : "",
          row.containsKey("ratio_until_settled")
              ? Numbers.fixed(number(row, "ratio_until_settled")) + "×"
              : "");
    }
    out.print(table);
    out.flush();
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
