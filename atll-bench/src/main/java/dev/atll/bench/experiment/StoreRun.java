package dev.atll.bench.experiment;

import dev.atll.api.Stats;
import dev.atll.bench.report.Latencies;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Progress;
import dev.atll.bench.store.AtllStore;
import dev.atll.bench.store.OptionSettings;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.StoreCost;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.OpSource;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run under one policy: loads the store if the workload asks for it, does the work, waits for
 * compactions to finish, and, if wanted, checks everything against a model before and after a
 * reopening. Single use.
 */
public final class StoreRun {
  private static final byte[] EMPTY = {};
  private static final double MIB = 1 << 20;

  private final RunPlan plan;
  private final String policy;
  private final Path directory;
  private final StoreOpener opener;
  private final StopSignal stop;
  private final PrintWriter out;
  private final boolean terminal;
  private final @Nullable Lockstep lockstep;
  private final Mismatches mismatches = new Mismatches();
  private final List<Model> models = new ArrayList<>();
  private final Map<String, Object> row = new LinkedHashMap<>();
  private long userBytes;
  private double loadSeconds;
  private double runSeconds;
  private double cpuBefore;
  private int threads = 1;

  /**
   * Prepares a run.
   *
   * @param plan what to do
   * @param policy the policy to do it under; empty for what the settings say
   * @param directory an empty directory of its own
   * @param opener opens the store
   * @param stop ends the run early, in order
   * @param out takes progress lines
   * @param terminal whether lines of {@code out} can be rewritten
   */
  public StoreRun(
      RunPlan plan,
      String policy,
      Path directory,
      StoreOpener opener,
      StopSignal stop,
      PrintWriter out,
      boolean terminal) {
    this(plan, policy, directory, opener, stop, out, terminal, null);
  }

  private StoreRun(
      RunPlan plan,
      String policy,
      Path directory,
      StoreOpener opener,
      StopSignal stop,
      PrintWriter out,
      boolean terminal,
      @Nullable Lockstep lockstep) {
    this.plan = plan;
    this.policy = policy;
    this.directory = directory;
    this.opener = opener;
    this.stop = stop;
    this.out = out;
    this.terminal = terminal;
    this.lockstep = lockstep;
  }

  /**
   * Prepares a run of our engine whose background work keeps step with the load: its counts are the
   * same on any machine, its times mean nothing.
   *
   * @param plan what to do; of its limits only that of operations counts, and its pace is that of a
   *     simulated clock
   * @param policy the policy to do it under; empty for what the settings say
   * @param directory an empty directory of its own
   * @param stop ends the run early, in order
   * @param out takes progress lines
   * @param terminal whether lines of {@code out} can be rewritten
   */
  public static StoreRun inStep(
      RunPlan plan,
      String policy,
      Path directory,
      StopSignal stop,
      PrintWriter out,
      boolean terminal) {
    long seed =
        plan.load() instanceof RunPlan.Synthetic(Workload _, WorkloadSettings settings)
            ? settings.seed()
            : 1;
    Lockstep world = new Lockstep(seed, plan.opsPerSecond(), directory);
    return new StoreRun(plan, policy, directory, world::open, stop, out, terminal, world);
  }

  /**
   * Runs it.
   *
   * @return the row of the report: see the documentation of the command
   */
  public Map<String, Object> run() {
    try (Store store = open()) {
      measure(store);
    }
    if (plan.verify()) {
      Model model = mergedModel();
      try (Store reopened = open()) {
        verifyAll(reopened, model);
      }
    }
    row.put("mismatches", mismatches.count());
    row.put("mismatch_examples", mismatches.described());
    row.put("interrupted", stop.requested());
    return row;
  }

  private Store open() {
    Map<String, String> settings = new HashMap<>(plan.settings());
    if (!policy.isEmpty()) {
      settings.put("policy", policy);
    }
    return opener.open(plan.engine(), directory, settings);
  }

  private void measure(Store store) {
    row.put("engine", store.name());
    row.put("policy", policy);
    row.put("workload", plan.load().name());
    row.put("verified", plan.verify());
    Tally tally;
    StoreCost loaded;
    try (DiskSampler sampler = new DiskSampler(directory)) {
      switch (plan.load()) {
        case RunPlan.Synthetic(Workload workload, WorkloadSettings settings) -> {
          prepareModels(settings.threads());
          if (workload.loaded()) {
            load(store, workload, settings);
          }
          loaded = store.cost();
          tally = work(store, workload, settings);
        }
        case RunPlan.Replay replay -> {
          prepareModels(1);
          loaded = store.cost();
          tally = replay(store, replay);
        }
      }
      finish(store, tally, loaded, sampler);
    }
  }

  private void prepareModels(int threads) {
    for (int i = 0; plan.verify() && i < threads; i++) {
      models.add(new Model(mismatches));
    }
  }

  private void load(Store store, Workload workload, WorkloadSettings settings) {
    String name =
        switch (workload.order()) {
          case HASHED -> "load-random";
          case ORDERED -> "load-sequential";
        };
    List<Worker> workers = workers(store, Workloads.named(name), settings, 1, 0);
    Phase phase = new Phase(workers, Limits.none(), stop, lockstep);
    try (Progress _ = progress("load", phase, settings.keys())) {
      loadSeconds = phase.run();
    }
    userBytes += sum(workers).userBytesWritten;
    row.put("load_seconds", Numbers.digits(loadSeconds));
    row.put("load_settled", settle(store, "load_settle_seconds"));
  }

  private Tally work(Store store, Workload workload, WorkloadSettings settings) {
    // In step the pace is the clock's: there is nothing to wait for.
    double pace = lockstep == null ? plan.opsPerSecond() : 0;
    List<Worker> workers = workers(store, workload, settings, 2, pace);
    long opsMax = workload.finite() ? settings.keys() : plan.opsMax();
    long each = opsMax == Long.MAX_VALUE ? opsMax : Math.ceilDiv(opsMax, settings.threads());
    Limits limits = new Limits(each, nanos());
    Phase phase = new Phase(workers, limits, stop, lockstep);
    cpuBefore = EngineRun.cpuSeconds();
    try (Progress _ =
        progress(workload.name(), phase, opsMax == Long.MAX_VALUE ? 0 : opsMax)) {
      runSeconds = phase.run();
    }
    threads = settings.threads();
    row.put("threads", threads);
    row.put("keys", settings.keys());
    row.put("value_bytes", plan.valueBytes());
    row.put("seed", settings.seed());
    if (workload.name().startsWith("shifting")) {
      row.put("bhattacharyya", Numbers.digits(settings.hotSet().similarity()));
    }
    return sum(workers);
  }

  private Tally replay(Store store, RunPlan.Replay replay) {
    TraceWorker worker =
        new TraceWorker(
            store,
            replay.trace(),
            replay.repeat(),
            plan.valueBytes(),
            plan.verify() ? models.getFirst() : null);
    Phase phase =
        new Phase(List.of(worker), new Limits(Long.MAX_VALUE, nanos()), stop, lockstep);
    cpuBefore = EngineRun.cpuSeconds();
    try (Progress _ = progress(replay.name(), phase, worker.requests())) {
      runSeconds = phase.run();
    }
    row.put("threads", threads);
    row.put("value_bytes", plan.valueBytes());
    row.put("repeat", replay.repeat());
    row.put("requests", worker.requestsDone());
    row.put("requests_skipped", replay.trace().skipped());
    row.put("requests_skipped_by_reason", replay.trace().skippedByReason());
    return worker.tally();
  }

  private List<Worker> workers(
      Store store, Workload workload, WorkloadSettings settings, int part, double opsPerSecond) {
    List<Worker> workers = new ArrayList<>();
    KeySpace keys = new KeySpace(workload.order());
    for (int i = 0; i < settings.threads(); i++) {
      OpSource source = workload.source(settings, i);
      long seed = settings.seed() * 31 + i;
      workers.add(
          plan.verify()
              ? new VerifyingWorker(
                  store,
                  keys,
                  source,
                  plan.valueBytes(),
                  settings.keys(),
                  new VerifyingWorker.Share(i, settings.threads(), seed, part),
                  models.get(i))
              : new WorkloadWorker(
                  store,
                  keys,
                  source,
                  plan.valueBytes(),
                  settings.keys(),
                  seed,
                  opsPerSecond / settings.threads()));
    }
    return workers;
  }

  private void finish(Store store, Tally tally, StoreCost loaded, DiskSampler sampler) {
    long loadUserBytes = userBytes;
    userBytes += tally.userBytesWritten;
    row.put("ops", tally.ops);
    row.put("entries", tally.entries);
    row.put("seconds", Numbers.digits(runSeconds));
    row.put("ops_per_s", Numbers.digits(Numbers.ratio((double) tally.ops, runSeconds)));
    row.put(
        "user_mib_written_per_s",
        Numbers.digits(Numbers.ratio(tally.userBytesWritten / MIB, runSeconds)));
    row.put("ops_per_s_asked", plan.opsPerSecond());
    row.put(
        "store_busy_share",
        Numbers.digits(
            Numbers.ratio(tally.timedNanos / 1e9, runSeconds * threads)));
    row.put("found", tally.found);
    row.put("absent", tally.absent);
    Map<String, Object> latencies = new LinkedHashMap<>();
    addLatencies(latencies, "all", tally.all());
    addLatencies(latencies, "get", tally.reads);
    addLatencies(latencies, "write", tally.writes);
    addLatencies(latencies, "scan", tally.scans);
    row.put("latency_micros", latencies);
    long beganNanos = System.nanoTime();
    store.flush();
    row.put("settled", settle(store, "settle_seconds"));
    double untilSettled = runSeconds + (System.nanoTime() - beganNanos) / 1e9;
    row.put(
        "ops_per_s_until_settled",
        Numbers.digits(Numbers.ratio((double) tally.ops, untilSettled)));
    double cpuSeconds = EngineRun.cpuSeconds() - cpuBefore;
    row.put(
        "ops_per_cpu_s", Numbers.digits(Numbers.ratio((double) tally.ops, cpuSeconds)));
    StoreCost cost = store.cost();
    ScanChecksum everything = new ScanChecksum();
    // The engine's own counters must not show this scan: they are read before it.
    if (store instanceof AtllStore atll) {
      addStats(atll);
    }
    long liveEntries = store.scan(EMPTY, null, Integer.MAX_VALUE, everything);
    row.put("user_bytes_written", userBytes);
    row.put("bytes_written", cost.bytesWritten());
    row.put("write_amplification", amplification(cost.bytesWritten(), userBytes));
    row.put(
        "write_amplification_after_load",
        amplification(cost.bytesWritten() - loaded.bytesWritten(), userBytes - loadUserBytes));
    row.put("live_entries", liveEntries);
    row.put("live_bytes", everything.bytes());
    row.put("disk_bytes", cost.diskBytes());
    long seen = lockstep == null ? sampler.bytesMax() : lockstep.bytesMax();
    long diskBytesMax = Math.max(seen, cost.diskBytes());
    row.put("disk_bytes_max", diskBytesMax);
    row.put("space_amplification", amplification(cost.diskBytes(), everything.bytes()));
    row.put(
        "space_amplification_max",
        amplification(diskBytesMax, everything.bytes()));
    row.put("memory_bytes", cost.memoryBytes());
  }

  private void addStats(AtllStore store) {
    Stats stats = store.db().stats();
    row.put("policy", store.db().policy());
    if (stats.gets() + stats.seeks() > 0) {
      row.put("read_amplification", Numbers.digits(StatsReport.readAmplification(stats)));
    }
    row.put("guards", StatsReport.guards(stats));
    row.put("levels", StatsReport.levels(stats));
    row.put("stats", StatsReport.toMap(stats));
    row.put("options", OptionSettings.effective(store.db().options()));
  }

  private void verifyAll(Store store, Model model) {
    Model.ScanCheck check = model.scan(EMPTY, null, () -> -1);
    store.visit(EMPTY, null, Integer.MAX_VALUE, check);
    check.end(false);
    if (check.count() != model.size()) {
      mismatches.add(
          () ->
              String.format(
                  Locale.ROOT,
                  "after reopening there are %d entries, expected %d",
                  check.count(), model.size()));
    }
    row.put("verified_entries_after_reopen", check.count());
  }

  private Model mergedModel() {
    Model all = new Model(mismatches);
    models.forEach(all::addAll);
    return all;
  }

  private boolean settle(Store store, String field) {
    long began = System.nanoTime();
    boolean settled = stop.requested() || store.settle(plan.settleMax());
    row.put(field, Numbers.digits((System.nanoTime() - began) / 1e9));
    return settled;
  }

  private long nanos() {
    try {
      return plan.durationMax().toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private Progress progress(String what, Phase phase, long opsAtMost) {
    String title = policy.isEmpty() ? what : what + " under " + policy;
    return new Progress(
        out,
        terminal,
        title,
        () -> phase.fraction(opsAtMost),
        () -> Numbers.count(phase.done()) + " done");
  }

  private static double amplification(long bytes, long userBytes) {
    return Numbers.digits(Numbers.ratio(bytes, userBytes));
  }

  private static void addLatencies(Map<String, Object> map, String name, Latencies latencies) {
    if (latencies.count() > 0) {
      map.put(name, latencies.toMap());
    }
  }

  private static Tally sum(List<Worker> workers) {
    Tally sum = new Tally();
    workers.forEach(worker -> sum.add(worker.tally()));
    return sum;
  }
}
