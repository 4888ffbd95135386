package dev.atll.bench.cli;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.memory.MemoryComparison;
import dev.atll.bench.memory.MemoryLimitException;
import dev.atll.bench.memory.MemoryPlan;
import dev.atll.bench.memory.MemoryReport;
import dev.atll.bench.memory.Probe;
import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.InRange;
import dev.atll.bench.store.DiskUsage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code compare} for data that does not fit in memory, and that kind of run. */
final class MemoryOptions {
  /** What is measured if nothing is named. */
  static final List<String> WORKLOADS =
      List.of(
          "load-random", "get-uniform", "get-zipf", "get-miss", "scan-10", "scan-100", "ycsb-a",
          "ycsb-b", "ycsb-c", "ycsb-d", "ycsb-e", "ycsb-f");

  // As sysexits.h has it for want of rights, and build tools for a test that could not be made.
  private static final int NO_LIMIT = 77;

  @Option(
      names = "--memory",
      converter = StoreSettings.Size.class,
      description =
          "Runs each engine in a process and control group (v1 or v2, by root) of this memory, such"
              + " as 900m: heap, native memory and page cache together.")
  @InRange(min = 1 << 26, max = InRange.MANY)
  private @Nullable Long memory;

  @Option(
      names = "--heap",
      converter = StoreSettings.Size.class,
      description =
          "With --memory: the heap of each engine's process (an eighth of it, but 64 MiB where a"
              + " third is more).")
  @InRange(min = 1 << 24, max = InRange.MANY)
  private @Nullable Long heap;

  @Option(
      names = "--data",
      split = ",",
      description =
          "With --memory: sizes of the data as multiples of the memory (0.5,1,2,4,8).")
  @InRange(above = true, max = 1000)
  private @Nullable List<Double> data;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "With --memory: writes tables and curves as a page; - is standard output.")
  private @Nullable Path html;

  /** Whether memory is to be limited. */
  boolean isGiven() {
    return memory != null;
  }

  /** Refuses what means nothing without a limit. */
  void checkUnused(CommandLine command) {
    String name = heap != null ? "--heap" : data != null ? "--data" : html != null ? "--html" : "";
    if (!name.isEmpty()) {
      throw new ParameterException(command, name + " needs --memory");
    }
  }

  /** Makes the run; returns the exit code. */
  int run(
      CommandLine command,
      ComparisonPlan turns,
      List<Probe> probes,
      @Nullable Path dir,
      @Nullable Path json)
      throws IOException {
    MemoryPlan plan = plan(command, turns, probes);
    try (JsonResult asJson = JsonResult.prepare(command, json);
        JsonResult asPage = JsonResult.prepare(command, html);
        StopSignal stop = StopSignal.onInterrupt();
        WorkDirectory work = WorkDirectory.at(dir, "atll-compare-")) {
      return run(command, plan, asJson, asPage, stop, work);
    } catch (MemoryLimitException e) {
      command.getErr().println("atll compare: --memory: " + e.getMessage());
      command.getErr().flush();
      return NO_LIMIT;
    }
  }

  private int run(
      CommandLine command,
      MemoryPlan plan,
      JsonResult asJson,
      JsonResult asPage,
      StopSignal stop,
      WorkDirectory work)
      throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("command", "compare");
    report.put("environment", EnvironmentFacts.collect());
    MemoryComparison comparison;
    Path place = work.empty("memory");
    try {
      comparison =
          new MemoryComparison(
              plan, place, stop, command.getErr(), Terminals.isInteractive());
    } catch (IllegalArgumentException e) {
      DiskUsage.deleteTree(place);
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
    List<Map<String, Object>> rows = comparison.run();
    MemoryReport text = new MemoryReport(comparison.facts(), rows);
    PrintWriter out = html == null ? asJson.table() : asPage.table();
    out.print(text.conditions());
    out.print(text.table());
    text.notes().forEach(out::println);
    comparison.disagreements().forEach(each -> out.println("DISAGREEMENT: " + each));
    comparison.failures().forEach(each -> out.println("FAILED: " + each));
    if (stop.requested()) {
      out.println("interrupted: what was measured until then is above");
    }
    out.flush();
    report.putAll(comparison.facts());
    report.put("reference", plan.turns().reference());
    report.put("slice_seconds", plan.turns().slice().toNanos() / 1e9);
    report.put("disagreements", comparison.disagreements());
    report.put("failures", comparison.failures());
    report.put("interrupted", stop.requested());
    report.put("results", rows);
    asJson.write(report);
    asPage.writeText(text.page("atll " + String.join(" ", arguments(command))));
    return comparison.disagreements().isEmpty() && comparison.failures().isEmpty()
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  private static List<String> arguments(CommandLine command) {
    CommandLine parent = command.getParent();
    return (parent == null ? command : parent).getParseResult().originalArgs();
  }

  private MemoryPlan plan(CommandLine command, ComparisonPlan turns, List<Probe> probes) {
    long limit = memory == null ? 0 : memory;
    try {
      return new MemoryPlan(
          turns,
          limit,
          heap == null ? MemoryPlan.heapBytes(limit) : heap,
          data == null ? List.of(0.5, 1.0, 2.0, 4.0, 8.0) : data,
          probes);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, e.getMessage(), e);
    }
  }
}
