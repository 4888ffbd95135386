package dev.atll.bench.experiment;

import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.Latencies;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Progress;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.StoreCost;
import dev.atll.bench.workload.KeyOrder;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares engines in one process: in each round every engine has a short turn at the workload, in
 * an order that alternates, so that the machine's moods meet all of them alike. Only ratios within a
 * round are related. Single use.
 */
public final class Comparison {
  private static final long WARMUP_KEYS_MAX = 100_000;
  private static final int AGREEMENT_OPS = 2000;

  private final ComparisonPlan plan;
  private final StoreOpener opener;
  private final Path directory;
  private final StopSignal stop;
  private final PrintWriter out;
  private final boolean terminal;
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final List<String> disagreements = new ArrayList<>();
  private boolean diverged;

  /**
   * Prepares a comparison.
   *
   * @param plan what to compare
   * @param opener opens the stores
   * @param directory where they go; they are deleted when done
   * @param stop ends it early, in order
   * @param out takes progress lines
   * @param terminal whether lines of {@code out} can be rewritten
   */
  public Comparison(
      ComparisonPlan plan,
      StoreOpener opener,
      Path directory,
      StopSignal stop,
      PrintWriter out,
      boolean terminal) {
    this.plan = plan;
    this.opener = opener;
    this.directory = directory;
    this.stop = stop;
    this.out = out;
    this.terminal = terminal;
  }

  /** Runs it; returns a row for each engine and workload. */
  public List<Map<String, Object>> run() {
    for (KeyOrder order : KeyOrder.values()) {
      List<Workload> workloads =
          plan.workloads().stream().filter(workload -> workload.order() == order).toList();
      if (!workloads.isEmpty() && !stop.requested()) {
        warmUp(order, workloads);
        compare(order, workloads);
      }
    }
    return rows;
  }

  /** Where engines gave different answers, in words; empty if they never did. */
  public List<String> disagreements() {
    return List.copyOf(disagreements);
  }

  /** Lets the compiler see each engine at each workload before anything counts. */
  private void warmUp(KeyOrder order, List<Workload> workloads) {
    long keys = Math.min(plan.keys(), WARMUP_KEYS_MAX);
    Path place = directory.resolve("warmup-" + order);
    try (Contenders contenders = open(place)) {
      WorkloadSettings settings = settings(keys);
      Limits brief = new Limits(Long.MAX_VALUE, Math.min(300_000_000, plan.slice().toNanos()));
      List<Workload> all = new ArrayList<>(List.of(loadOf(order)));
      workloads.stream().filter(Workload::loaded).forEach(all::add);
      AtomicInteger turn = new AtomicInteger();
      int turns = all.size() * contenders.list.size();
      try (Progress _ = progress("warm-up", turn, turns)) {
        for (Workload workload : all) {
          for (Contender contender : contenders.list) {
            contender.begin(workload, settings);
            contender.turn(workload.loaded() ? brief : Limits.none(), false, false, stop);
            turn.incrementAndGet();
          }
        }
      }
    }
    DiskUsage.deleteTree(place);
  }

  private void compare(KeyOrder order, List<Workload> workloads) {
    Path place = directory.resolve("store-" + order);
    diverged = false;
    try (Contenders contenders = open(place)) {
      load(contenders.list, loadOf(order), workloads.stream().anyMatch(w -> !w.loaded()));
      for (Workload workload : workloads) {
        if (workload.loaded() && !stop.requested()) {
          measure(contenders.list, workload);
        }
      }
    }
    DiskUsage.deleteTree(place);
  }

  private void load(List<Contender> contenders, Workload load, boolean reported) {
    WorkloadSettings settings = settings(plan.keys());
    contenders.forEach(contender -> contender.begin(load, settings));
    int rounds = Math.clamp(plan.keys() / 10_000, 1, 20);
    long each = Math.ceilDiv(plan.keys(), (long) rounds * plan.threads());
    turns(contenders, load.name(), rounds, 0, new Limits(each, Long.MAX_VALUE), true);
    for (Contender contender : contenders) {
      contender.store().flush();
      contender.settle();
    }
    long heap = EnvironmentFacts.heapUsedBytes();
    if (stop.requested()) {
      return;
    }
    ScanChecksum first = null;
    for (Contender contender : contenders) {
      ScanChecksum everything = contender.everything();
      if (first == null) {
        first = everything;
      } else if (first.sum() != everything.sum()) {
        disagreements.add(
            String.format(
                Locale.ROOT,
                "%s and %s hold different entries after %s",
                contenders.getFirst().name(), contender.name(), load.name()));
      }
      if (reported) {
        rows.add(row(contender, contenders, load, everything.bytes(), heap));
      }
    }
  }

  private void measure(List<Contender> contenders, Workload workload) {
    WorkloadSettings settings = settings(plan.keys());
    if (!diverged) {
      checkAgreement(contenders, workload, settings);
    }
    contenders.forEach(contender -> contender.begin(workload, settings));
    Limits slice = new Limits(Long.MAX_VALUE, plan.slice().toNanos());
    turns(
        contenders,
        workload.name(),
        plan.rounds(),
        plan.warmupRounds(),
        slice,
        workload.writes());
    if (workload.writes()) {
      // Their turns differ in length from here on, and so do their contents.
      diverged = true;
      for (Contender contender : contenders) {
        contender.store().flush();
        contender.settle();
      }
    }
    long heap = EnvironmentFacts.heapUsedBytes();
    for (Contender contender : contenders) {
      rows.add(row(contender, contenders, workload, contender.everything().bytes(), heap));
    }
  }

  /** The same reads of the same contents must give the same answers. */
  private void checkAgreement(
      List<Contender> contenders, Workload workload, WorkloadSettings settings) {
    if (workload.writes() || workload.countsEntries()) {
      return;
    }
    Limits some = new Limits(AGREEMENT_OPS, Long.MAX_VALUE);
    Contender first = contenders.getFirst();
    for (Contender contender : contenders) {
      contender.begin(workload, settings);
      contender.turn(some, false, true, StopSignal.manual());
      Tally tally = contender.tally();
      Tally expected = first.tally();
      if (contender.checksum() != first.checksum()
          || tally.found != expected.found
          || tally.absent != expected.absent
          || tally.entries != expected.entries) {
        disagreements.add(
            String.format(
                Locale.ROOT,
                "%s and %s answer %s differently",
                first.name(), contender.name(), workload.name()));
      }
    }
  }

  private void turns(
      List<Contender> contenders,
      String what,
      int rounds,
      int warmupRounds,
      Limits limits,
      boolean settles) {
    AtomicInteger turn = new AtomicInteger();
    int all = (rounds + warmupRounds) * contenders.size();
    try (Progress _ = progress(what, turn, all)) {
      for (int round = 0; round < rounds + warmupRounds; round++) {
        // There and back: what drifts over a round burdens first and last in turn.
        List<Contender> order = round % 2 == 0 ? contenders : contenders.reversed();
        for (Contender contender : order) {
          if (stop.requested()) {
            return;
          }
          contender.turn(limits, settles, round >= warmupRounds, stop);
          turn.incrementAndGet();
        }
      }
    }
  }

  private Map<String, Object> row(
      Contender contender,
      List<Contender> contenders,
      Workload workload,
      long liveBytes,
      long heapUsedBytes) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("engine", contender.name());
    row.put("workload", workload.name());
    row.put("keys", plan.keys());
    row.put("value_bytes", plan.valueBytes());
    row.put("threads", plan.threads());
    row.put("unit", workload.countsEntries() ? "entries" : "ops");
    double[] rates = contender.rates();
    row.put("rounds", rates.length);
    row.put("ops_per_s", Numbers.digits(Ratio.median(rates)));
    row.put("ops_per_s_iqr", Numbers.digits(Ratio.interquartileRange(rates)));
    Latencies latencies = contender.tally().all();
    row.put("mean_micros", Numbers.digits(latencies.meanMicros()));
    row.put("p50_micros", Numbers.digits(latencies.percentileMicros(50)));
    row.put("p95_micros", Numbers.digits(latencies.percentileMicros(95)));
    row.put("p99_micros", Numbers.digits(latencies.percentileMicros(99)));
    row.put("p999_micros", Numbers.digits(latencies.percentileMicros(99.9)));
    row.put("max_micros", Numbers.digits(latencies.maxMicros()));
    row.put("latency_samples", latencies.count());
    putRatios(row, contender, contenders, workload.writes());
    StoreCost cost = contender.store().cost();
    if (workload.writes()) {
      long userBytes = contender.tally().userBytesWritten;
      long bytes = cost.bytesWritten() - contender.costBefore().bytesWritten();
      boolean known = cost.bytesWritten() != StoreCost.UNKNOWN;
      row.put(
          "write_amplification", known ? Numbers.digits(Numbers.ratio(bytes, userBytes)) : null);
    }
    row.put("disk_bytes", cost.diskBytes());
    row.put("live_bytes", liveBytes);
    row.put("disk_to_live_bytes", Numbers.digits(Numbers.ratio(cost.diskBytes(), liveBytes)));
    row.put("memory_bytes", cost.memoryBytes());
    row.put("heap_used_bytes", heapUsedBytes);
    return row;
  }

  private void putRatios(
      Map<String, Object> row, Contender contender, List<Contender> contenders, boolean writes) {
    Map<String, Object> others = new LinkedHashMap<>();
    for (Contender other : contenders) {
      int rounds = Math.min(contender.rates().length, other.rates().length);
      if (other != contender && rounds > 0) {
        Ratio ratio = Ratio.of(first(contender.rates(), rounds), first(other.rates(), rounds));
        others.put(other.name(), ratioMap(ratio));
        if (other.name().equals(plan.reference())) {
          row.put("ratio_to", other.name());
          row.putAll(ratioMap(ratio));
        }
      }
    }
    if (contender.name().equals(plan.reference())) {
      row.put("ratio_to", contender.name());
      row.putAll(ratioMap(new Ratio(1, 1, 1, contender.rates().length)));
    }
    row.put("ratios", others);
    if (writes) {
      row.put("settle_seconds", Numbers.digits(contender.settleSeconds()));
      row.put(
          "ops_per_s_until_settled", Numbers.digits(Ratio.median(contender.settledRates())));
      for (Contender other : contenders) {
        int rounds = Math.min(contender.rates().length, other.rates().length);
        if (other != contender && other.name().equals(plan.reference()) && rounds > 0) {
          Ratio ratio =
              Ratio.of(
                  first(contender.settledRates(), rounds), first(other.settledRates(), rounds));
          row.put("ratio_until_settled", Numbers.digits(ratio.median()));
        }
      }
    }
  }

  private static Map<String, Object> ratioMap(Ratio ratio) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ratio", Numbers.digits(ratio.median()));
    map.put("ratio_low", Numbers.digits(ratio.low()));
    map.put("ratio_high", Numbers.digits(ratio.high()));
    return map;
  }

  /** An interruption may leave one engine a turn short. */
  private static double[] first(double[] values, int count) {
    return Arrays.copyOf(values, count);
  }

  private Contenders open(Path place) {
    Contenders contenders = new Contenders();
    try {
      for (String engine : plan.engines()) {
        Map<String, String> settings = plan.settings().getOrDefault(engine, Map.of());
        contenders.list.add(
            new Contender(opener.open(engine, place.resolve(engine), settings), plan));
      }
      return contenders;
    } catch (RuntimeException e) {
      contenders.close();
      throw e;
    }
  }

  private WorkloadSettings settings(long keys) {
    return new WorkloadSettings(keys, plan.threads(), plan.seed());
  }

  private Progress progress(String what, AtomicInteger done, int all) {
    return new Progress(out, terminal, what, () -> (double) done.get() / all, () -> "");
  }

  private static Workload loadOf(KeyOrder order) {
    return switch (order) {
      case HASHED -> Workloads.named("load-random");
      case ORDERED -> Workloads.named("load-sequential");
    };
  }

  /** How long the turns of a workload take at least, for a plan's first word. */
  public static Duration expectedDuration(ComparisonPlan plan) {
    long turns = (long) (plan.rounds() + plan.warmupRounds()) * plan.engines().size();
    long measured = plan.workloads().stream().filter(Workload::loaded).count();
    return plan.slice().multipliedBy(turns * measured);
  }

  /** The open stores of all engines, closed together. */
  private static final class Contenders implements AutoCloseable {
    final List<Contender> list = new ArrayList<>();

    @Override
    public void close() {
      list.forEach(Contender::close);
    }
  }
}
