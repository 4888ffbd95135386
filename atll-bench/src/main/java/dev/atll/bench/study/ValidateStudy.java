package dev.atll.bench.study;

import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimLoad;
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

/** Simulator and engine side by side. */
final class ValidateStudy implements Study {
  private static final List<String> POLICIES = List.of("leveled", "tiered", "lazy", "atll");
  // Operations come at a pace, and compactions have a budget, that any machine can keep: then speed
  // is no part of what is compared.
  static final double OPS_PER_SECOND = 20_000;
  static final double BUDGET_BYTES_PER_SECOND = 80e6;
  static final double CLOSE = 0.10;

  /** A workload on both sides. */
  private record Case(String label, String workload, double writesPerOp, ShiftingHotSet hot) {}

  static final ShiftingHotSet HOT_READS =
      new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 0, 0.1);

  private static final List<Case> CASES =
      List.of(
          new Case("insert-only", "insert-only", 1, HOT_READS),
          new Case("overwrite uniform", "put", 1, HOT_READS),
          new Case("zipf overwrites + gets", "ycsb-a", 0.5, HOT_READS),
          new Case("hot reads, even writes (BC 0.6)", "shifting-hotset", 0.5, HOT_READS),
          new Case("appends + scans", "append-scan", 0.8, HOT_READS));

  @Override
  public String name() {
    return "validate";
  }

  @Override
  public String title() {
    return "Does the simulator predict the engine?";
  }

  @Override
  public List<String> hypotheses() {
    return List.of(
        "V1: on five workloads and four policies the simulator's write amplification is within 10 % of the engine's.",
        "V2: so are its runs per get and per seek.",
        "V3: it takes at most a hundredth of the time that the engine takes on this machine's clock.",
        "V4: with data of twice the memory, the share of blocks in no frame is within 10 % of the engine's.");
  }

  @Override
  public void run(StudyContext context) throws IOException {
    Scale scale = context.scale();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "workload", "policy", "write amp engine", "simulator", "ratio", "runs/get engine",
            "simulator", "ratio", "runs/seek engine", "simulator", "ratio"));
    int cells = 0;
    int writesClose = 0;
    int reads = 0;
    int readsClose = 0;
    double worstWrites = 1;
    double worstReads = 1;
    List<String> own = scale.quick() ? List.of("leveled", "atll") : POLICIES;
    List<String> policies = new ArrayList<>(own);
    context.guests().stream().filter(guest -> !own.contains(guest)).forEach(policies::add);
    for (Case c : CASES) {
      for (String policy : policies) {
        if (context.stopped()) {
          return;
        }
        Figures engine =
            context.engine(
                policy, c.label(), c.workload(), c.hot(), 1, c.writesPerOp(), OPS_PER_SECOND,
                Map.of(
                    "policy", policy,
                    "compactionBytesPerSecond", Long.toString((long) BUDGET_BYTES_PER_SECOND)));
        Figures simulated = context.keep(simulate(context, c, policy, engine));
        double writes = simulated.writeAmplification() / engine.writeAmplification();
        double probes = Numbers.ratio(simulated.probesPerGet(), engine.probesPerGet());
        double seeks = Numbers.ratio(simulated.runsPerSeek(), engine.runsPerSeek());
        boolean counts = own.contains(policy);
        if (counts) {
          cells++;
          writesClose += Math.abs(writes - 1) <= CLOSE ? 1 : 0;
          worstWrites = further(worstWrites, writes);
        }
        for (double ratio : new double[] {probes, seeks}) {
          if (counts && ratio > 0) {
            reads++;
            readsClose += Math.abs(ratio - 1) <= CLOSE ? 1 : 0;
            worstReads = further(worstReads, ratio);
          }
        }
        rows.add(
            List.of(
                c.label(), policy,
                Numbers.fixed(engine.writeAmplification()),
                Numbers.fixed(simulated.writeAmplification()), Numbers.fixed(writes),
                Numbers.fixed(engine.probesPerGet()), Numbers.fixed(simulated.probesPerGet()),
                probes == 0 ? "-" : Numbers.fixed(probes),
                Numbers.fixed(engine.runsPerSeek()), Numbers.fixed(simulated.runsPerSeek()),
                seeks == 0 ? "-" : Numbers.fixed(seeks)));
      }
    }
    context.page().section("Cell by cell").table(rows);
    context.verdict(
        hypotheses().get(0),
        String.format(
            Locale.ROOT,
            "%d of %d cells within 10 %%; furthest %.2f",
            writesClose, cells, worstWrites),
        writesClose == cells);
    context.verdict(
        hypotheses().get(1),
        String.format(
            Locale.ROOT,
            "%d of %d figures within 10 %%; furthest %.2f",
            readsClose, reads, worstReads),
        readsClose == reads);
    if (!context.stopped()) {
      speed(context);
    }
    if (!context.stopped()) {
      new MissCases(context).run(hypotheses().get(3));
    }
  }

  /** The same load, as fast as it goes, on the engine with this machine's clock and in the simulator. */
  private void speed(StudyContext context) throws IOException {
    Scale scale = context.scale();
    double ops = Math.floor(2 * scale.engineWrites());
    Figures engine =
        context.run(
            "atll",
            "speed",
            new EngineRun.Plan(
                Workloads.named("shifting-hotset"),
                new WorkloadSettings(scale.engineKeys(), 1, 1, HOT_READS),
                scale.valueBytes(),
                0,
                (long) ops,
                0,
                false,
                Map.of("policy", "atll")));
    // The simulator's first runs are slow until it is compiled; the cells above were such runs.
    SimLoad load = SimLoad.named("shifting-hotset", scale.engineKeys(), HOT_READS);
    Simulator simulator = new Simulator(context.sim("atll", 4, 1, 1), load, ops);
    simulator.load();
    long began = System.nanoTime();
    simulator.run(ops);
    double simulated = (System.nanoTime() - began) / 1e9;
    double real = engine.raw("seconds") + engine.raw("settle_seconds");
    context.verdict(
        hypotheses().get(2),
        String.format(
            Locale.ROOT,
            "%.0f operations: engine %.2f s (%.0f a second), simulator %.3f s (%.0f a second), %.0f times faster",
            ops, real, ops / real, simulated, ops / simulated, real / simulated),
        real >= 100 * simulated);
  }

  static double further(double a, double b) {
    return Math.abs(Math.log(b)) > Math.abs(Math.log(a)) ? b : a;
  }

  private static Figures simulate(StudyContext context, Case c, String policy, Figures engine) {
    Scale scale = context.scale();
    double nanos = 1e9 / OPS_PER_SECOND;
    SimSettings settings =
        context.sim(policy, 4, 1, 1).toBuilder()
            .device(
                new SimSettings.Device(
                    nanos, nanos, nanos, Double.POSITIVE_INFINITY, 0,
                    BUDGET_BYTES_PER_SECOND))
            .build();
    double ops = ((Number) engine.all().getOrDefault("ops", 0.0)).doubleValue();
    double warm = Math.floor(ops * scale.engineWarmShare());
    SimLoad load = SimLoad.named(c.workload(), scale.engineKeys(), c.hot());
    Simulator simulator = new Simulator(settings, load, warm + ops);
    if (load.loaded()) {
      simulator.load();
    }
    simulator.run(warm);
    simulator.beginMeasuring();
    simulator.run(ops);
    simulator.settle();
    return Figures.of(policy, c.label(), simulator.result());
  }
}
