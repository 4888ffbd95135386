package dev.atll.bench.study;

import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the simulator says, once more on the engine, at a size where the tree has four levels: on a
 * simulated clock and disk, where compactions keep up with any writer and figures are the same
 * anywhere, or as fast as this machine goes. Seed by seed and load by load all contenders follow each
 * other, in an order that turns with the seed. A run that is stopped is left out; what was finished
 * stands in the raw lines.
 */
final class ConfirmStudy implements Study {
  private static final double KEYS_PER_WRITE = 0.25;
  private static final int PERIOD_FLUSHES = 40;
  private static final Contender LEVELED = Contender.of("leveled", 10);
  private static final Contender SPEC = Contender.of("spec", 4);
  private static final List<Contender> STATICS =
      List.of(
          LEVELED,
          Contender.of("lazy", 4),
          Contender.of("fluid:K=2,Z=1", 6),
          Contender.of("leveled", 4));
  private static final List<Contender> CONTENDERS =
      Stream.concat(
              Stream.of(Contender.atll(4, 1), Contender.atll(10, 1), SPEC), STATICS.stream())
          .toList();
  private static final String APART = "reads hot, writes even (BC 0.6)";
  private static final String ALIKE = "both even (BC 1)";

  /** A load of the engine's. */
  private record Load(String label, ShiftingHotSet hot) {
    double writesPerOp() {
      return 1 - hot.readShare();
    }
  }

  /** All figures of one load, by contender, seeds in order. */
  private record Results(String load, Map<Contender, List<Figures>> figures) {
    double[] values(Contender contender, ToDoubleFunction<Figures> figure) {
      return figures.getOrDefault(contender, List.of()).stream().mapToDouble(figure).toArray();
    }

    double mean(Contender contender, ToDoubleFunction<Figures> figure) {
      return figures.getOrDefault(contender, List.of()).stream()
          .mapToDouble(figure)
          .average()
          .orElse(Double.NaN);
    }

    /** Over the seeds that both were run with. */
    Interval ratio(Contender a, Contender b, ToDoubleFunction<Figures> figure) {
      Map<Long, Double> of = bySeed(b, figure);
      List<double[]> pairs = new ArrayList<>();
      bySeed(a, figure)
          .forEach(
              (seed, value) -> {
                Double other = of.get(seed);
                if (other != null) {
                  pairs.add(new double[] {value, other});
                }
              });
      return Interval.ofRatio(
          pairs.stream().mapToDouble(p -> p[0]).toArray(),
          pairs.stream().mapToDouble(p -> p[1]).toArray());
    }

    private Map<Long, Double> bySeed(Contender contender, ToDoubleFunction<Figures> figure) {
      return figures.getOrDefault(contender, List.of()).stream()
          .collect(
              Collectors.toMap(Figures::seed, figure::applyAsDouble, (x, _) -> x, LinkedHashMap::new));
    }

    @Nullable Contender least(List<Contender> among, ToDoubleFunction<Figures> figure) {
      Contender best = null;
      for (Contender c : among) {
        if (figures.containsKey(c) && (best == null || mean(c, figure) < mean(best, figure))) {
          best = c;
        }
      }
      return best;
    }
  }

  @Override
  public String name() {
    return "confirm";
  }

  @Override
  public String title() {
    return "Does the engine do what the simulator says, at four levels and a thousand flushes?";
  }

  @Override
  public List<String> hypotheses() {
    return List.of(
        "H1a: at BC 0.6 ATLL writes at least 50 % less than leveled T=10.",
        "H1b: at BC 0.6 ATLL writes at least 20 % less than the best static that reads no dearer.",
        "H3: at BC 1 ATLL costs at most 3 % more than the best static, at unit prices.",
        "H4: on every load ATLL costs at most 10 % more than the best static, at unit prices.",
        "C1: on every load ATLL costs less than spec-ATLL at unit prices, by an interval below 1.",
        "C2: every run has at least 1000 flushes, and with T = 4 at least four levels.",
        "C3: in the stretch that counts no run is still filling up: its second half writes within 5 % of its first.");
  }

  @Override
  public double engineMegabytes(boolean quick) {
    return quick ? 24 : 460;
  }

  @Override
  public int engineSeeds() {
    return 3;
  }

  private static List<Load> loads(Scale scale) {
    double opsPerFlush = scale.memtableBytes() / SimSettings.defaults().entry().memory() / 0.5;
    return List.of(
        new Load(APART, new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 0, 0.1)),
        new Load(ALIKE, new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.1, 0, 0, 0.1)),
        new Load(
            String.format(Locale.ROOT, "hot reads move each %d flushes", PERIOD_FLUSHES),
            new ShiftingHotSet(
                0.5, 0.2, 20, 0.1, 0.9, 0, (long) (PERIOD_FLUSHES * opsPerFlush), 0.1)),
        new Load("four in five read, even", new ShiftingHotSet(0.8, 0.1, 20, 0.1, 0.1, 0, 0, 0.1)));
  }

  @Override
  public void run(StudyContext context) throws IOException {
    Scale scale = context.scale();
    List<Load> loads = loads(scale);
    Map<String, Figures> earlier = new HashMap<>();
    for (Map<String, Object> line : context.earlier()) {
      if (line.get("cell") instanceof String cell) {
        earlier.put(cell, context.keep(Figures.ofRaw(line)));
      }
    }
    List<Results> results =
        loads.stream().map(load -> new Results(load.label(), new LinkedHashMap<>())).toList();
    if (!scale.virtual()) {
      warmUp(context);
    }
    for (Cell cell : cells(context, loads, results, earlier)) {
      Figures figures = cell.figures();
      if (figures != null) {
        cell.into().figures().computeIfAbsent(cell.contender(), _ -> new ArrayList<>()).add(figures);
      }
    }
    List<Results> all = results.stream().filter(r -> !r.figures().isEmpty()).toList();
    judge(context, all);
    all.forEach(r -> show(context, r));
  }

  /** A run that was made. */
  private record Cell(Results into, Contender contender, @Nullable Figures figures) {}

  /**
   * Runs everything, seed by seed. On a simulated clock a run does not notice others, so that as many
   * go side by side as there are processors; on the machine's clock each has it to itself.
   */
  private static List<Cell> cells(
      StudyContext context, List<Load> loads, List<Results> results, Map<String, Figures> earlier)
      throws IOException {
    Scale scale = context.scale();
    List<Callable<Cell>> work = new ArrayList<>();
    for (int seed = 1; seed <= scale.engineSeeds(); seed++) {
      int s = seed;
      List<Contender> turn = context.with(CONTENDERS);
      Collections.rotate(turn, seed - 1);
      for (int i = 0; i < loads.size(); i++) {
        Load load = loads.get(i);
        Results into = results.get(i);
        for (Contender contender : turn) {
          work.add(
              () -> new Cell(into, contender, cell(context, load, contender, s, earlier)));
        }
      }
    }
    List<Cell> done = new ArrayList<>();
    Cells cells = scale.virtual() ? Cells.onAllCores() : new Cells(1);
    // A run that is stopped gives nothing, so all may be taken.
    cells.run(work, 1, () -> false, (_, cell) -> done.add(cell));
    return done;
  }

  /** Lets the compiler of the JVM see everything once; else the first contender pays for it. */
  private static void warmUp(StudyContext context) throws IOException {
    ShiftingHotSet hot = new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 0, 0.1);
    long ops = context.scale().quick() ? 40_000 : 400_000;
    for (Contender contender : context.scale().quick() ? List.of(SPEC) : List.of(LEVELED, SPEC)) {
      context.run("warm-up", "warm-up", plan(context, hot, 1, ops / 4, 0, ops, contender));
    }
  }

  private static EngineRun.Plan plan(
      StudyContext context,
      ShiftingHotSet hot,
      long seed,
      long keys,
      long warmOps,
      long ops,
      Contender contender) {
    return new EngineRun.Plan(
        Workloads.named("shifting-hotset"),
        new WorkloadSettings(keys, 1, seed, hot),
        context.scale().valueBytes(),
        warmOps,
        ops,
        0,
        context.scale().virtual(),
        contender.store());
  }

  private static @Nullable Figures cell(
      StudyContext context, Load load, Contender contender, int seed, Map<String, Figures> earlier)
      throws IOException {
    Scale scale = context.scale();
    long keys = (long) Math.max(10_000, scale.engineWrites() * KEYS_PER_WRITE);
    long ops = (long) (scale.engineWrites() / load.writesPerOp());
    String cell =
        String.format(
            Locale.ROOT,
            "%s | %s | seed %d | %d keys | %d ops | %s clock",
            load.label(),
            contender.label(),
            seed,
            keys,
            ops,
            scale.virtual() ? "simulated" : "real");
    Figures known = earlier.get(cell);
    if (known != null || context.stopped()) {
      return known;
    }
    Figures figures =
        context.run(
            contender.label(),
            load.label(),
            plan(
                context, load.hot(), seed, keys, (long) (ops * scale.engineWarmShare()), ops, contender));
    if (context.stopped()) {
      return null; // it ended early, and its figures are of less than they say
    }
    figures.all().put("cell", cell);
    return context.keep(figures);
  }

  private void judge(StudyContext context, List<Results> all) {
    List<String> h = hypotheses();
    List<Contender> adaptive = CONTENDERS.stream().filter(Contender::adapts).toList();
    for (Results r : all) {
      Contender atll = r.least(adaptive, Figures::nanosPerOp);
      Contender best = r.least(STATICS, Figures::nanosPerOp);
      if (atll == null || best == null) {
        continue;
      }
      if (r.load().equals(APART)) {
        verdict(context, r, h.get(0), atll, LEVELED, Figures::writeAmplification, "bytes written", 0.5);
        double reads = r.mean(atll, Figures::readNanosPerOp);
        Contender rival =
            r.least(
                STATICS.stream().filter(c -> r.mean(c, Figures::readNanosPerOp) <= reads).toList(),
                Figures::writeAmplification);
        if (rival == null) {
          context.verdict(h.get(1), "no static reads as cheaply", Verdict.Outcome.OPEN);
        } else {
          verdict(context, r, h.get(1), atll, rival, Figures::writeAmplification, "bytes written", 0.8);
        }
      }
      boolean alike = r.load().equals(ALIKE);
      verdict(
          context, r, h.get(alike ? 2 : 3), atll, best, Figures::nanosPerOp, "unit prices", alike ? 1.03 : 1.1);
      Interval ratio = r.ratio(atll, SPEC, Figures::nanosPerOp);
      context.verdict(
          h.get(4) + " [" + r.load() + "]",
          String.format(Locale.ROOT, "%s ÷ %s: %s", atll.label(), SPEC.label(), Judges.text(ratio)),
          ratio.samples() < 2
              ? Verdict.Outcome.OPEN
              : ratio.high() < 1 ? Verdict.Outcome.HELD : Verdict.Outcome.FAILED);
    }
    size(context, all, h);
  }

  private static void verdict(
      StudyContext context,
      Results r,
      String hypothesis,
      Contender a,
      Contender b,
      ToDoubleFunction<Figures> figure,
      String what,
      double bound) {
    if (!r.figures().containsKey(b)) {
      return;
    }
    Interval ratio = r.ratio(a, b, figure);
    String times =
        context.scale().virtual()
            ? ""

                : String.format(
                    Locale.ROOT,
                    "; wall %s; processor %s",
                    Judges.text(r.ratio(a, b, f -> f.raw("wall_nanos_per_op"))),
                    Judges.text(r.ratio(a, b, f -> f.raw("cpu_nanos_per_op"))));
    context.verdict(
        hypothesis + " [" + r.load() + "]",
        String.format(
            Locale.ROOT,
            "%s ÷ %s, %s: %s%s",
            a.label(), b.label(), what, Judges.text(ratio), times),
        ratio.mean() <= bound);
  }

  private static void size(StudyContext context, List<Results> all, List<String> h) {
    if (all.isEmpty()) {
      context.verdict(h.get(5), "no run was finished", Verdict.Outcome.OPEN);
      context.verdict(h.get(6), "no run was finished", Verdict.Outcome.OPEN);
      return;
    }
    double flushes = Double.POSITIVE_INFINITY;
    int levels = Integer.MAX_VALUE;
    double drift = 1;
    for (Results r : all) {
      for (Map.Entry<Contender, List<Figures>> entry : r.figures().entrySet()) {
        for (Figures f : entry.getValue()) {
          flushes = Math.min(flushes, f.raw("flushes_ever"));
          drift = Math.abs(f.raw("drift") - 1) > Math.abs(drift - 1) ? f.raw("drift") : drift;
          if (entry.getKey().fanout() == 4 && f.all().get("levels") instanceof List<?> list) {
            levels = Math.min(levels, list.size());
          }
        }
      }
    }
    context.verdict(
        h.get(5),
        String.format(
            Locale.ROOT,
            "fewest flushes %.0f, fewest levels with T = 4 %d",
            flushes, levels),
        flushes >= 1000 && levels >= 4);
    context.verdict(
        h.get(6), String.format(Locale.ROOT, "furthest %.3f", drift), Math.abs(drift - 1) <= 0.05);
  }

  private static void show(StudyContext context, Results r) {
    Chart chart =
        new Chart(
            r.load() + ": what writes and reads cost on the engine, each point a contender",
            "write ns an operation",
            "read ns an operation");
    // On a simulated clock runs go side by side, and times are nobody's.
    boolean timed = !context.scale().virtual();
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(
            List.of(
                "contender", "seeds", "write amp", "runs/get", "runs/seek", "unit-price ns/op",
                "95 %", "space", "most", "levels", "flushes", "drift"));
    if (timed) {
      head.addAll(
          List.of("wall ns/op", "95 %", "processor ns/op", "put p99.9 µs", "puts ≥ 50 ms"));
    }
    rows.add(head);
    for (Contender c : context.with(CONTENDERS)) {
      List<Figures> figures = r.figures().get(c);
      if (figures == null) {
        continue;
      }
      chart.points(
          c.label(),
          r.values(c, Figures::writeNanosPerOp),
          r.values(c, Figures::readNanosPerOp));
      Interval model = Interval.ofMean(r.values(c, Figures::nanosPerOp));
      List<String> row =
          new ArrayList<>(
              List.of(
                  c.label(),
                  Integer.toString(figures.size()),
                  Numbers.fixed(r.mean(c, Figures::writeAmplification)),
                  Numbers.fixed(r.mean(c, Figures::probesPerGet)),
                  Numbers.fixed(r.mean(c, Figures::runsPerSeek)),
                  Numbers.fixed(model.mean()),
                  Numbers.fixed(model.low()) + "–" + Numbers.fixed(model.high()),
                  Numbers.fixed(r.mean(c, Figures::spaceAmplification)),
                  Numbers.fixed(r.mean(c, f -> f.raw("space_amplification_max"))),
                  figures.get(0).all().get("levels") instanceof List<?> list
                      ? Integer.toString(list.size())
                      : "-",
                  Numbers.fixed(r.mean(c, f -> f.raw("flushes_ever"))),
                  Numbers.fixed(r.mean(c, f -> f.raw("drift")))));
      if (timed) {
        Interval wall = Interval.ofMean(r.values(c, f -> f.raw("wall_nanos_per_op")));
        row.addAll(
            List.of(
                Numbers.fixed(wall.mean()),
                Numbers.fixed(wall.low()) + "–" + Numbers.fixed(wall.high()),
                Numbers.fixed(r.mean(c, f -> f.raw("cpu_nanos_per_op"))),
                Numbers.fixed(r.mean(c, f -> f.raw("write_p999_micros"))),
                Numbers.fixed(r.mean(c, f -> f.raw("writes_stalled")))));
      }
      rows.add(row);
    }
    context.page().section(r.load()).chart(chart).table(rows);
  }
}
