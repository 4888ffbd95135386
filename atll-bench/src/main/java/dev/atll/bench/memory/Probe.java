package dev.atll.bench.memory;

import dev.atll.bench.experiment.Ratio;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is asked of a loaded store besides workloads, after them. */
public enum Probe {
  /** Uniform gets while everything is merged, beside the same gets before. */
  GET_DURING_MERGE("get-during-merge"),
  /** Opening with a cold page cache, and the first thousand uniform gets after it. */
  OPEN("open");

  private static final long FIRST_GETS = 1000;
  // Short against a merge, so that the turn in which it ends is a small part of what counts.
  private static final long TURN_NANOS_MAX = 250_000_000;

  private final String text;

  Probe(String text) {
    this.text = text;
  }

  /** The one of a name; empty if there is none. */
  public static Optional<Probe> named(String name) {
    return Arrays.stream(values()).filter(probe -> probe.text.equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return text;
  }

  /** Carries it out; an interruption leaves it unfinished. */
  List<Map<String, Object>> run(
      List<Entrant> entrants, MemoryPlan plan, double multiple, StopSignal stop)
      throws IOException {
    return switch (this) {
      case GET_DURING_MERGE -> duringMerge(entrants, plan, multiple, stop);
      case OPEN -> opens(entrants, plan, multiple, stop);
    };
  }

  /** One engine after the other: a merge that was begun goes on when its turn is over. */
  private List<Map<String, Object>> duringMerge(
      List<Entrant> entrants, MemoryPlan plan, double multiple, StopSignal stop) {
    Workload gets = Workloads.named("get-uniform");
    long nanos = Math.min(TURN_NANOS_MAX, plan.turns().slice().toNanos());
    List<Map<String, Object>> found = new ArrayList<>();
    for (Entrant entrant : entrants) {
      Map<String, Object> own = new LinkedHashMap<>();
      found.add(own);
      // A tenth of all is written anew, so that there is something to merge.
      entrant.begin(Workloads.named("put"));
      entrant.turn(
          Math.ceilDiv(plan.keys(multiple), 10L * plan.turns().threads()),
          Long.MAX_VALUE,
          true,
          false);
      entrant.begin(gets);
      int turns = plan.turns().warmupRounds() + plan.turns().rounds();
      for (int i = 0; i < turns && !stop.requested(); i++) {
        entrant.turn(
            Long.MAX_VALUE,
            plan.turns().slice().toNanos(),
            true,
            i >= plan.turns().warmupRounds());
      }
      double quiet = latency(entrant.result(), "p99_micros");
      entrant.begin(gets);
      IoUse before = entrant.use();
      long began = System.nanoTime();
      entrant.merge();
      do {
        entrant.turn(Long.MAX_VALUE, nanos, false, true);
      } while (entrant.isMerging() && !stop.requested());
      own.put("merge_seconds", Numbers.digits((System.nanoTime() - began) / 1e9));
      own.put("merge_bytes_written", entrant.use().since(before).written());
      double during = latency(entrant.result(), "p99_micros");
      // The merge's bytes are no gets'.
      own.put("disk_bytes_read_per_op", null);
      own.put("disk_bytes_written_per_op", null);
      own.put("p99_micros_without", quiet);
      own.put("p99_to_without", Numbers.digits(Numbers.ratio(during, quiet)));
    }
    return rows(entrants, plan, multiple, found);
  }

  /** In rounds as usual: a process of its own for each opening. */
  private List<Map<String, Object>> opens(
      List<Entrant> entrants, MemoryPlan plan, double multiple, StopSignal stop)
      throws IOException {
    Map<Entrant, List<Double>> seconds = new LinkedHashMap<>();
    Map<Entrant, List<Double>> firstGets = new LinkedHashMap<>();
    Map<Entrant, IoUse> read = new LinkedHashMap<>();
    long each = Math.ceilDiv(FIRST_GETS, plan.turns().threads());
    for (int round = 0; round < plan.turns().rounds(); round++) {
      for (Entrant entrant : round % 2 == 0 ? entrants : entrants.reversed()) {
        if (stop.requested()) {
          return List.of();
        }
        seconds.computeIfAbsent(entrant, e -> new ArrayList<>()).add(entrant.reopen());
        entrant.begin(Workloads.named("get-uniform"));
        long began = System.nanoTime();
        entrant.turn(each, Long.MAX_VALUE, false, true);
        firstGets
            .computeIfAbsent(entrant, e -> new ArrayList<>())
            .add((System.nanoTime() - began) / 1e9);
        // All since the process began: what opening takes of the disk counts too.
        read.put(entrant, entrant.use());
      }
    }
    List<Map<String, Object>> found = new ArrayList<>();
    for (Entrant entrant : entrants) {
      double[] opening = doubles(seconds.getOrDefault(entrant, List.of()));
      Map<String, Object> figures = new LinkedHashMap<>(entrant.result());
      figures.put("rates", Arrays.stream(opening).map(s -> 1 / s).boxed().toList());
      entrant.setResult(figures);
      Map<String, Object> own = new LinkedHashMap<>();
      own.put("open_seconds", Numbers.digits(Ratio.median(opening)));
      own.put(
          "first_gets_seconds",
          Numbers.digits(Ratio.median(doubles(firstGets.getOrDefault(entrant, List.of())))));
      own.put(
          "bytes_read_until_then",
          read.getOrDefault(entrant, new IoUse(0, 0)).read());
      found.add(own);
    }
    return rows(entrants, plan, multiple, found);
  }

  private List<Map<String, Object>> rows(
      List<Entrant> entrants,
      MemoryPlan plan,
      double multiple,
      List<Map<String, Object>> additional) {
    List<Map<String, Object>> rows = MemoryRows.of(entrants, text, false, plan, multiple);
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).putAll(additional.get(i));
    }
    return rows;
  }

  /** What a row of this says that a table of workloads has no column for; empty for other rows. */
  static String note(Map<String, Object> row) {
    String who =
        String.format(
            Locale.ROOT, "%s at %s × memory, %s: ",
            row.get("workload"), Numbers.plain(number(row, "data")), row.get("engine"));
    if (row.containsKey("merge_seconds")) {
      return who
          + String.format(
              Locale.ROOT,
              "p99 %s µs, %s× that without a merge; %s written in %s",
              Numbers.fixed(number(row, "p99_micros")),
              Numbers.fixed(number(row, "p99_to_without")),
              Numbers.bytes(number(row, "merge_bytes_written")),
              Numbers.seconds(number(row, "merge_seconds")));
    }
    if (row.containsKey("open_seconds")) {
      return who
          + String.format(
              Locale.ROOT,
              "open in %s, the first %d gets in %s, %s read by then",
              Numbers.seconds(number(row, "open_seconds")),
              FIRST_GETS,
              Numbers.seconds(number(row, "first_gets_seconds")),
              Numbers.bytes(number(row, "bytes_read_until_then")));
    }
    return "";
  }

  private static double number(Map<String, Object> row, String name) {
    return row.get(name) instanceof Number number ? number.doubleValue() : 0;
  }

  private static double latency(Map<String, Object> result, String name) {
    return result.get("latencies") instanceof Map<?, ?> latencies
            && latencies.get(name) instanceof Number number
        ? number.doubleValue()
        : 0;
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
