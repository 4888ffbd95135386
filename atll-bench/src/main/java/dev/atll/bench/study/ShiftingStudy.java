package dev.atll.bench.study;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimPoint;
import dev.atll.bench.sim.SimResult;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.ShiftingHotSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A hot range of reads that moves. */
final class ShiftingStudy implements Study {
  // An interval is over when reads are back at what they cost before the move, within a fifth.
  private static final double RECOVERED = 1.2;
  private static final int POINT_FLUSHES = 2;

  @Override
  public String name() {
    return "shifting-hotset";
  }

  @Override
  public String title() {
    return "How soon does the tree follow a hot range that moves?";
  }

  @Override
  public List<String> hypotheses() {
    return List.of(
        "H5a: after a move, what a read costs is within a fifth of what it cost before within two refills of level 1.",
        "H4: with any period ATLL costs at most 10 % more than the best static.");
  }

  @Override
  public void run(StudyContext context) throws IOException {
    Scale scale = context.scale();
    double opsPerFlush =
        scale.memtableBytes() / SimSettings.defaults().entry().memory() / 0.5;
    List<Grid> grids = new ArrayList<>();
    List<Contender> contenders =
        GridStudies.with(
            List.of(
                Contender.of("leveled", 4), Contender.of("tiered", 4), Contender.of("lazy", 4),
                Contender.of("spec", 4)),
            1);
    for (int flushes : scale.quick() ? new int[] {20} : new int[] {8, 20, 60}) {
      ShiftingHotSet hot = hot((long) (flushes * opsPerFlush));
      grids.add(
          Grid.simulate(
              context,
              GridStudies.named(context, "moves each " + flushes + " flushes", "shifting-hotset", hot),
              contenders));
    }
    if (!context.stopped()) {
      grids.get(0).confirm(context, 1);
    }
    recovery(context, opsPerFlush);
    grids.forEach(g -> Judges.totalWithin(context, g, hypotheses().get(1), 1.10));
    grids.forEach(g -> g.show(context.page()));
  }

  private static ShiftingHotSet hot(long periodOps) {
    return new ShiftingHotSet(0.5, 0.5, 20, 0.1, 0.9, 0, periodOps, 0.1);
  }

  private void recovery(StudyContext context, double opsPerFlush) {
    int period = 40;
    Chart chart = new Chart("Cost of a read over time, moves each 40 flushes", "flushes", "ns a read");
    List<Double> needed = new ArrayList<>();
    for (Contender c :
        List.of(Contender.atll(4, 1), Contender.of("leveled", 4), Contender.of("tiered", 4))) {
      for (int seed = 1; seed <= context.scale().simSeeds(); seed++) {
        SimSettings settings = c.on(context.sim("atll", 4, 1, seed));
        SimLoad load =
            SimLoad.named("shifting-hotset", context.scale().simKeys(), hot((long) (period * opsPerFlush)));
        SimResult result = context.simulated(settings, load, POINT_FLUSHES);
        List<SimPoint> points = result.timeline();
        if (seed == 1) {
          chart.line(
              c.label(),
              points.stream().mapToDouble(p -> p.ops() / opsPerFlush).toArray(),
              points.stream().mapToDouble(SimPoint::readNanosPerRead).toArray());
        }
        if (c.adapts()) {
          needed.addAll(flushesToRecover(points, period * opsPerFlush, opsPerFlush));
        }
      }
    }
    Interval mean = Interval.ofMean(needed.stream().mapToDouble(d -> d).toArray());
    // Level 1 holds T memtables.
    context.verdict(
        hypotheses().get(0),
        String.format(
            Locale.ROOT,
            "%s flushes on average (95 %%: %s–%s, %d moves); a refill is 4",
            Numbers.fixed(mean.mean()),
            Numbers.fixed(mean.low()),
            Numbers.fixed(mean.high()),
            mean.samples()),
        mean.high() <= 8);
    context.page().section("Recovery").chart(chart);
  }

  /** For each move, flushes until a read costs at most a fifth more than on average before it. */
  private static List<Double> flushesToRecover(
      List<SimPoint> points, double periodOps, double opsPerFlush) {
    List<Double> needed = new ArrayList<>();
    double first = points.isEmpty() ? 0 : points.get(0).ops();
    double last = points.isEmpty() ? 0 : points.get(points.size() - 1).ops();
    for (double move = Math.ceil(first / periodOps + 0.5) * periodOps;
        move + periodOps / 2 < last;
        move += periodOps) {
      double before = 0;
      int count = 0;
      double at = Double.NaN;
      for (SimPoint p : points) {
        if (p.ops() > move - periodOps / 2 && p.ops() <= move) {
          before += p.readNanosPerRead();
          count++;
        } else if (p.ops() >= move + POINT_FLUSHES * opsPerFlush // wholly after the move
            && Double.isNaN(at)
            && count > 0
            && p.readNanosPerRead() <= RECOVERED * before / count) {
          at = p.ops();
        }
      }
      needed.add(Double.isNaN(at) ? periodOps / opsPerFlush : (at - move) / opsPerFlush);
    }
    return needed;
  }
}
