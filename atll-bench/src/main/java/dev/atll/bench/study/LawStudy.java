package dev.atll.bench.study;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.sim.Simulator;
import dev.atll.bench.workload.ShiftingHotSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** Predicted against measured savings over loads whose reads and writes overlap less and less. */
final class LawStudy implements Study {
  private static final int FANOUT = 10;
  private static final Contender ATLL = Contender.atll(FANOUT, 1);
  private static final double WIDE = 10;
  private static final double R2_LEAST = 0.9;

  private static List<Contender> alike() {
    List<Contender> all = new ArrayList<>();
    for (String shape : List.of("1,Z=1", "2,Z=1", "3,Z=1", "5,Z=1", "9,Z=1", "2,Z=2", "3,Z=3", "5,Z=5", "9,Z=9")) {
      all.add(Contender.of("fluid:K=" + shape, FANOUT));
    }
    return all;
  }

  @Override
  public String name() {
    return "law";
  }

  @Override
  public String title() {
    return "Is the gain of treating ranges apart what the overlap of reads and writes says?";
  }

  @Override
  public List<String> hypotheses() {
    return List.of(
        "H7: measured savings over the best shape that treats ranges alike are what the law predicts, R² ≥ 0.9.",
        "H2: at BC 0.3 ATLL writes at least 50 % less than every alike that reads no dearer.");
  }

  @Override
  public void run(StudyContext context) throws IOException {
    double[] overlaps =
        context.scale().quick()
            ? new double[] {1, 0.6, 0.3}
            : new double[] {1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3};
    List<Grid> grids = new ArrayList<>();
    List<Double> law = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> live = new ArrayList<>();
    for (double overlap : overlaps) {
      if (context.stopped()) {
        break;
      }
      ShiftingHotSet hot = LawModel.withOverlap(overlap);
      SimSettings settings =
          context.sim("atll", FANOUT, 1, 1).toBuilder().spaceAmplificationMax(WIDE).build();
      SimLoad load = SimLoad.named("shifting-hotset", context.scale().simKeys(), hot);
      List<Contender> contenders = new ArrayList<>(List.of(ATLL));
      contenders.addAll(alike());
      grids.add(
          Grid.simulate(
              context,
              new Grid.Load(
                  String.format(
                      Locale.ROOT,
                      "BC %.2f",
                      hot.similarity()), load, settings, null, hot),
              contenders));
      double rate = Simulator.falsePositiveRate(settings.filterBitsPerKey());
      law.add(LawModel.of(hot, settings, context.scale().simKeys(), rate).saving());
      plain.add(1 - hot.similarity());
      live.add(grids.getLast().mean(ATLL, f -> f.raw("predicted_gain")));
    }
    judge(context, grids, law, plain, live);
    grids.forEach(grid -> grid.show(context.page()));
  }

  private void judge(
      StudyContext context,
      List<Grid> grids,
      List<Double> law,
      List<Double> plain,
      List<Double> live) {
    int n = grids.size();
    double[] overlap = new double[n];
    double[] measured = new double[n];
    Interval[] savings = new Interval[n];
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "load", "best alike", "measured saving", "95 %", "law", "1 - BC", "published gain"));
    for (int i = 0; i < n; i++) {
      Grid grid = grids.get(i);
      Contender best = grid.bestStatic(Double.POSITIVE_INFINITY, Figures::nanosPerOp);
      Interval ratio =
          best == null ? Interval.ofMean(Double.NaN) : grid.ratio(ATLL, best, Figures::nanosPerOp);
      overlap[i] = 1 - plain.get(i);
      measured[i] = 1 - ratio.mean();
      savings[i] =
          new Interval(1 - ratio.mean(), 1 - ratio.high(), 1 - ratio.low(), ratio.samples());
      rows.add(
          List.of(
              grid.label(),
              best == null ? "-" : best.label(),
              Numbers.fixed(measured[i]),
              Numbers.fixed(savings[i].low()) + "–" + Numbers.fixed(savings[i].high()),
              Numbers.fixed(law.get(i)),
              Numbers.fixed(plain.get(i)),
              Numbers.fixed(live.get(i))));
    }
    context.page().section("Predicted and measured savings").table(rows);
    context
        .page()
        .chart(
            new Chart("Share of the cost that is saved", "BC", "saving")
                .line("measured", overlap, savings)
                .line("law", overlap, array(law))
                .line("1 - BC", overlap, array(plain))
                .line("published gain", overlap, array(live)));
    if (n < 3) {
      context.verdict(hypotheses().get(0), n + " loads are too few", Verdict.Outcome.OPEN);
      return;
    }
    context.verdict(
        hypotheses().get(0),
        String.format(
            Locale.ROOT,
            "law: %s; 1 - BC: %s; published gain: %s",
            fit(array(law), measured), fit(array(plain), measured), fit(array(live), measured)),
        explained(array(law), measured) >= R2_LEAST);
    Judges.writesBelow(context, grids.get(n - 1), hypotheses().get(1), 0.5);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  private static String fit(double[] predicted, double[] measured) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < predicted.length; i++) {
      line.addData(predicted[i], measured[i]);
    }
    double correlation = new PearsonsCorrelation().correlation(predicted, measured);
    return
        String.format(
            Locale.ROOT,
            "R² %.3f as it is, %.3f of the line %.3f + %.3f × predicted",
            explained(predicted, measured),
            correlation * correlation,
            line.getIntercept(),
            line.getSlope());
  }

  /** The part of the variance that predictions explain as they are; below 0 if the mean does better. */
  static double explained(double[] predicted, double[] measured) {
    double mean = StatUtils.mean(measured);
    double left = 0;
    double all = 0;
    for (int i = 0; i < measured.length; i++) {
      left += (measured[i] - predicted[i]) * (measured[i] - predicted[i]);
      all += (measured[i] - mean) * (measured[i] - mean);
    }
    return 1 - left / all;
  }
}
