package dev.atll.bench.study;

import dev.atll.bench.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Common ways to say what became of a hypothesis. */
final class Judges {
  private Judges() {}

  static String text(Interval ratio) {
    return String.format(
        Locale.ROOT,
        "%.3f (95 %%: %.3f–%.3f, n=%d)",
        ratio.mean(), ratio.low(), ratio.high(), ratio.samples());
  }

  /** The contender that adapts and costs least with theta 1 among the given ratios of levels. */
  static Contender adaptive(Grid grid) {
    return grid.ranked().stream()
        .filter(c -> c.adapts() && c.theta() == 1)
        .findFirst()
        .orElseGet(() -> grid.ranked().get(0));
  }

  /** Total cost of the adaptive contender ÷ that of the best static one, within a bound. */
  static void totalWithin(StudyContext context, Grid grid, String hypothesis, double bound) {
    Contender adaptive = adaptive(grid);
    Contender best = grid.bestStatic(Double.POSITIVE_INFINITY, Figures::nanosPerOp);
    if (best == null) {
      return;
    }
    Interval ratio = grid.ratio(adaptive, best, Figures::nanosPerOp);
    double real = grid.realRatio(adaptive, best, Figures::nanosPerOp);
    context.verdict(
        hypothesis + " [" + grid.label() + "]",
        String.format(
            Locale.ROOT,
            "%s ÷ %s, ns an operation: %s%s",
            adaptive.label(),
            best.label(),
            text(ratio),
            Double.isNaN(real) ? "" : "; engine " + Numbers.fixed(real)),
        ratio.mean() <= bound);
  }

  /** The same for every load. */
  static GridStudy.Judge allWithin(double bound) {
    return (context, grids, hypotheses) ->
        grids.forEach(grid -> totalWithin(context, grid, hypotheses.get(0), bound));
  }

  /** Write amplification of the adaptive contender ÷ that of the best static one that reads no dearer. */
  static void writesBelow(StudyContext context, Grid grid, String hypothesis, double bound) {
    Contender chosen = null;
    double bestRatio = Double.POSITIVE_INFINITY;
    Contender beaten = null;
    for (Contender c : grid.ranked()) {
      if (!c.adapts()) {
        continue;
      }
      Contender rival =
          grid.bestStatic(grid.mean(c, Figures::readNanosPerOp), Figures::writeAmplification);
      if (rival == null) {
        continue;
      }
      double ratio =
          grid.mean(c, Figures::writeAmplification) / grid.mean(rival, Figures::writeAmplification);
      if (ratio < bestRatio) {
        bestRatio = ratio;
        chosen = c;
        beaten = rival;
      }
    }
    if (chosen == null || beaten == null) {
      context.verdict(
          hypothesis + " [" + grid.label() + "]", "no static reads as cheaply", Verdict.Outcome.OPEN);
      return;
    }
    Interval ratio = grid.ratio(chosen, beaten, Figures::writeAmplification);
    context.verdict(
        hypothesis + " [" + grid.label() + "]",
        String.format(
            Locale.ROOT,
            "%s ÷ %s, write amplification at no dearer reads: %s",
            chosen.label(), beaten.label(), text(ratio)),
        ratio.mean() <= bound);
  }

  /** The best of those that adapt against a named contender. */
  static void against(
      StudyContext context, Grid grid, Contender rival, String hypothesis, double bound) {
    Contender adaptive = adaptive(grid);
    Interval ratio = grid.ratio(adaptive, rival, Figures::writeAmplification);
    context.verdict(
        hypothesis + " [" + grid.label() + "]",
        String.format(
            Locale.ROOT,
            "%s ÷ %s, write amplification: %s",
            adaptive.label(), rival.label(), text(ratio)),
        ratio.mean() <= bound);
  }

  /** Each contender against the first, with Holm's correction. */
  static void firstIsBest(
      StudyContext context, Grid grid, List<Contender> contenders, String hypothesis) {
    Contender first = contenders.get(0);
    List<Double> found = new ArrayList<>();
    for (Contender c : contenders.subList(1, contenders.size())) {
      found.add(grid.probability(first, c, Figures::nanosPerOp));
    }
    double[] corrected =
        Interval.holm(found.stream().mapToDouble(p -> Double.isNaN(p) ? 1 : p).toArray());
    for (int i = 1; i < contenders.size(); i++) {
      Interval ratio = grid.ratio(first, contenders.get(i), Figures::nanosPerOp);
      context.verdict(
          hypothesis + " [" + grid.label() + ", against " + contenders.get(i).label() + "]",
          String.format(
              Locale.ROOT,
              "ns an operation: %s, p (Holm) %.3f; of it writes %s, reads %s",
              text(ratio),
              corrected[i - 1],
              text(grid.ratio(first, contenders.get(i), Figures::writeNanosPerOp)),
              text(grid.ratio(first, contenders.get(i), Figures::readNanosPerOp))),
          ratio.high() < 1);
    }
  }
}
