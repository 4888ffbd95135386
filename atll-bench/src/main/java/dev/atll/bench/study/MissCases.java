package dev.atll.bench.study;

import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimMemory;
import dev.atll.bench.sim.SimResult;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.sim.Simulator;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Engine and simulator with more data than memory: which share of the blocks that reads ask for is in
 * no frame. Frames alone are compared: on a simulated disk no page cache stands behind them.
 */
final class MissCases {
  // Half of the data, of which frames take a quarter.
  private static final double MEMORY_PART = 0.5;

  private static final ShiftingHotSet NONE = ShiftingHotSet.defaults();
  private static final ShiftingHotSet HOT_GETS =
      new ShiftingHotSet(1, 0, 1, 0.1, 0.9, 0, 0, 0.1);

  /** A load on both sides; those that write have merges between their reads. */
  private record Case(String label, String workload, ShiftingHotSet hot) {}

  private static final List<Case> CASES =
      List.of(
          new Case("even gets", "get-uniform", NONE),
          new Case("zipf gets", "get-zipf", NONE),
          new Case("gets with a hot set", "shifting-hotset", HOT_GETS),
          new Case("scans of ten", "scan-10", NONE),
          new Case("zipf overwrites + gets", "ycsb-a", NONE),
          new Case("hot reads, even writes", "shifting-hotset", ValidateStudy.HOT_READS));

  private final StudyContext context;

  MissCases(StudyContext context) {
    this.context = context;
  }

  /** Runs them and says how many are within 10 %. */
  void run(String hypothesis) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "load", "blocks/read engine", "simulator", "miss ratio engine", "simulator", "ratio",
            "by level engine", "simulator"));
    int close = 0;
    double worst = 1;
    for (Case c : CASES) {
      if (context.stopped()) {
        return;
      }
      EngineRun.Cost engine = engine(c);
      SimResult.Misses simulated = simulate(c);
      EngineRun.Misses all = engine.misses().get(0);
      double ratio = Numbers.ratio(simulated.missRatio(), all.ratio());
      close += Math.abs(ratio - 1) <= ValidateStudy.CLOSE ? 1 : 0;
      worst = ValidateStudy.further(worst, ratio);
      double reads = engine.gets() + engine.seeks();
      rows.add(
          List.of(
              c.label(),
              three(Numbers.ratio(all.asked(), reads)),
              three(simulated.asked() / simulated.reads()),
              three(all.ratio()),
              three(simulated.missRatio()),
              Numbers.fixed(ratio),
              String.join(
                  " ",
                  engine.misses().stream().skip(1).map(m -> m.asked() == 0 ? "-" : three(m.ratio())).toList()),
              String.join(
                  " ",
                  simulated.levels().stream()
                      .map(l -> l.asked() == 0 ? "-" : three(l.missRatio()))
                      .toList())));
      context.say(String.join("  ", rows.get(rows.size() - 1)));
    }
    context.page().section("More data than memory: blocks in no frame").table(rows);
    context.verdict(
        hypothesis,
        String.format(
            Locale.ROOT, "%d of %d miss ratios within 10 %%; furthest %.2f", close, CASES.size(), worst),
        close == CASES.size());
  }

  private static String three(double x) {
    return String.format(Locale.ROOT, "%.3f", x);
  }

  private long keys() {
    return context.scale().quick() ? 100_000 : 300_000;
  }

  private double ops() {
    return 3.0 * keys();
  }

  private long memoryBytes() {
    return (long) (keys() * MEMORY_PART * SimSettings.defaults().entry().table());
  }

  private EngineRun.Cost engine(Case c) throws IOException {
    return context.cost(
        new EngineRun.Plan(
            Workloads.named(c.workload()),
            new WorkloadSettings(keys(), 1, 1, c.hot()),
            context.scale().valueBytes(),
            (long) ops(),
            (long) ops(),
            ValidateStudy.OPS_PER_SECOND,
            true,
            Map.of(
                "policy", "atll",
                "tableMemoryBytes", Long.toString(memoryBytes()),
                "compactionBytesPerSecond", Long.toString((long) ValidateStudy.BUDGET_BYTES_PER_SECOND))));
  }

  private SimResult.Misses simulate(Case c) {
    double nanos = 1e9 / ValidateStudy.OPS_PER_SECOND;
    SimSettings settings =
        context.sim("atll", 4, 1, 1).toBuilder()
            .device(
                new SimSettings.Device(
                    nanos, nanos, nanos, Double.POSITIVE_INFINITY, 0, ValidateStudy.BUDGET_BYTES_PER_SECOND))
            .memory(new SimMemory(memoryBytes(), false, 0))
            .build();
    SimLoad load = SimLoad.named(c.workload(), keys(), c.hot());
    Simulator simulator = new Simulator(settings, load, 2 * ops());
    simulator.load();
    simulator.run(ops());
    simulator.beginMeasuring();
    simulator.run(ops());
    return simulator.result().misses();
  }
}
