package dev.atll.bench.study;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.Json;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimResult;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.sim.Simulator;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an experiment runs with: how large, where to, and the means to run cells and keep figures. */
final class StudyContext implements AutoCloseable {
  private static final int GUEST_FANOUT = 4;

  private final Path directory;
  private final Scale scale;
  private final PrintWriter progress;
  private final StopSignal stop;
  private final Page page;
  private final BufferedWriter raw;
  private final List<String> earlier;
  private final List<String> guests;
  private final List<Figures> figures = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private final long beganNanos = System.nanoTime();

  StudyContext(
      Path directory,
      Scale scale,
      String title,
      boolean goesOn,
      List<String> guests,
      PrintWriter progress,
      StopSignal stop)
      throws IOException {
    this.directory = Files.createDirectories(directory);
    this.scale = scale;
    this.guests = List.copyOf(guests);
    this.progress = progress;
    this.stop = stop;
    this.page = new Page(title);
    Path lines = directory.resolve("raw.ndjson");
    this.earlier = goesOn && Files.exists(lines) ? Files.readAllLines(lines) : List.of();
    this.raw = Files.newBufferedWriter(lines);
  }

  /** Raw lines that an earlier run of this experiment left, if this one goes on where it ended. */
  List<Map<String, Object>> earlier() {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : earlier) {
      try {
        lines.add(JSON.std.mapFrom(line));
      } catch (IOException e) {
        say("an unfinished raw line is left out");
      }
    }
    return lines;
  }

  /**
   * Policies that run beside those of the experiment: in its figures and pictures, and in no verdict,
   * since hypotheses were written down without them.
   */
  List<String> guests() {
    return guests;
  }

  /** Contenders and, behind them, the guests that are not among them. */
  List<Contender> with(List<Contender> contenders) {
    List<Contender> all = new ArrayList<>(contenders);
    for (String guest : guests) {
      Contender contender = Contender.of(guest, GUEST_FANOUT);
      if (!all.contains(contender)) {
        all.add(contender);
      }
    }
    return all;
  }

  Scale scale() {
    return scale;
  }

  Page page() {
    return page;
  }

  /** Simulator settings of this size, with the seed. */
  SimSettings sim(String policy, int fanout, double theta, long seed) {
    return SimSettings.defaults().toBuilder()
        .policy(policy)
        .fanout(fanout)
        .theta(theta)
        .memtableBytes(scale.memtableBytes())
        .seed(seed)
        .build();
  }

  /** Runs the simulator: load, warm-up, the stretch that counts. The figures are not kept. Any thread. */
  Figures simulate(String contender, String workload, SimSettings settings, SimLoad load) {
    return Figures.of(contender, workload, simulated(settings, load, 0));
  }

  /** The same with the course of things, a point each so many flushes. */
  SimResult simulated(SimSettings settings, SimLoad load, int pointEvery) {
    double perOp = load.puts() + load.inserts() + load.deletes();
    double ops = perOp > 0 ? scale.simWrites() / perOp : scale.simWrites();
    double warm = ops * scale.simWarmShare();
    Simulator simulator = new Simulator(settings, load, warm + ops);
    simulator.keepTimeline(pointEvery);
    if (load.loaded()) {
      simulator.load();
    }
    simulator.run(warm);
    simulator.beginMeasuring();
    simulator.run(ops);
    return simulator.result();
  }

  /** Runs the engine: load, warm-up, the stretch that counts, in a directory of its own. */
  Figures engine(
      String contender,
      String workload,
      String workloadName,
      ShiftingHotSet hot,
      long seed,
      double writesPerOp,
      double opsPerSecond,
      Map<String, String> store)
      throws IOException {
    double ops = Math.min(scale.engineWrites() * 4, scale.engineWrites() / Math.max(0.05, writesPerOp));
    EngineRun.Plan plan =
        new EngineRun.Plan(
            Workloads.named(workloadName),
            new WorkloadSettings(scale.engineKeys(), 1, seed, hot),
            scale.valueBytes(),
            (long) (ops * scale.engineWarmShare()),
            (long) ops,
            opsPerSecond,
            scale.virtual(),
            store);
    return keep(run(contender, workload, plan));
  }

  /** The same by a plan; the figures are not kept. Settings that it leaves out are this size's. */
  Figures run(String contender, String workload, EngineRun.Plan plan) throws IOException {
    return Figures.of(
        contender, workload, plan.settings().seed(), cost(plan), SimSettings.defaults().costs());
  }

  /** What a run by a plan cost, in a directory of its own. */
  EngineRun.Cost cost(EngineRun.Plan plan) throws IOException {
    Path home = Files.createTempDirectory("atll-experiment-");
    try {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("memtableBytes", Long.toString(scale.memtableBytes()));
      settings.put("durability", "OS");
      settings.put("fanout", "4");
      settings.put("compactionJobs", "1");
      settings.putAll(plan.store());
      return new EngineRun(plan.storing(settings), home.resolve("store"), stop).run();
    } finally {
      DiskUsage.deleteTree(home);
    }
  }

  /** Keeps figures as a raw line and for the table. Any thread. */
  synchronized Figures keep(Figures f) throws IOException {
    figures.add(f);
    raw.write(JSON.std.asString(f.all()));
    raw.newLine();
    raw.flush();
    progress.printf(
        Locale.ROOT,
        "%6.1f s  %-9s  %-28s  %-34s  seed %d  WA %.2f  probes %.2f  seek runs %.2f  ns/op %.0f%n",
        (System.nanoTime() - beganNanos) / 1e9,
        f.layer(),
        f.workload(),
        f.contender(),
        f.seed(),
        f.writeAmplification(),
        f.probesPerGet(),
        f.runsPerSeek(),
        f.nanosPerOp());
    progress.flush();
    return f;
  }

  void say(String line) {
    progress.println(line);
    progress.flush();
  }

  void verdict(String hypothesis, String measured, Verdict.Outcome outcome) {
    verdicts.add(new Verdict(hypothesis, measured, outcome));
    page.verdict(hypothesis, measured, outcome);
    say(outcome + ": " + hypothesis + " - " + measured);
  }

  /** Held or failed. */
  void verdict(String hypothesis, String measured, boolean held) {
    verdict(hypothesis, measured, held ? Verdict.Outcome.HELD : Verdict.Outcome.FAILED);
  }

  boolean stopped() {
    return stop.requested();
  }

  /** Writes page, table and summary. */
  void finish(Study study, String command) throws IOException {
    allFigures();
    page.write(directory.resolve("report.html"), study.hypotheses(), command);
    Files.writeString(directory.resolve("figures.csv"), csv());
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("experiment", study.name());
    summary.put("command", command);
    summary.put("seconds", Numbers.digits((System.nanoTime() - beganNanos) / 1e9));
    summary.put(
        "verdicts",
        verdicts.stream()
            .map(
                v ->
                    Map.of(
                        "hypothesis", v.hypothesis(),
                        "measured", v.measured(),
                        "outcome", v.outcome().name()))
            .toList());
    Files.writeString(directory.resolve("verdicts.json"), Json.text(summary));
  }

  private void allFigures() {
    page.section("All runs");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "contender", "workload", "layer", "seed", "write amp", "runs/get", "blocks/get",
            "runs/seek", "write ns/op", "read ns/op", "ns/op", "space"));
    for (Figures f : figures) {
      rows.add(
          List.of(
              f.contender(), f.workload(), f.layer(), Long.toString(f.seed()),
              Numbers.fixed(f.writeAmplification()), Numbers.fixed(f.probesPerGet()),
              Numbers.fixed(f.blocksPerGet()), Numbers.fixed(f.runsPerSeek()),
              Numbers.fixed(f.writeNanosPerOp()), Numbers.fixed(f.readNanosPerOp()),
              Numbers.fixed(f.nanosPerOp()), Numbers.fixed(f.spaceAmplification())));
    }
    page.table(rows);
  }

  private String csv() {
    StringBuilder out =
        new StringBuilder(
            "layer,contender,workload,seed,write_amplification,probes_per_get,blocks_per_get,"
                + "runs_per_seek,write_ns_per_op,read_ns_per_op,ns_per_op,space,flushes\n");
    for (Figures f : figures) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s,\"%s\",\"%s\",%d,%.5g,%.5g,%.5g,%.5g,%.5g,%.5g,%.5g,%.5g,%.0f%n",
              f.layer(), f.contender(), f.workload(), f.seed(), f.writeAmplification(),
              f.probesPerGet(), f.blocksPerGet(), f.runsPerSeek(), f.writeNanosPerOp(),
              f.readNanosPerOp(), f.nanosPerOp(), f.spaceAmplification(), f.flushes()));
    }
    return out.toString();
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
