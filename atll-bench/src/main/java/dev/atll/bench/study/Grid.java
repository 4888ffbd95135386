package dev.atll.bench.study;

import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.ShiftingHotSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Contenders on one load, seed by seed: all contenders of a seed follow each other, so that what
 * they share is compared in pairs.
 */
final class Grid {
  /**
   * A load.
   *
   * @param label what reports call it
   * @param sim the load as the simulator knows it
   * @param settings what simulated stores are made with, besides the contender
   * @param engineName the workload of the engine that is the same; null if there is none
   * @param hot its hot ranges
   */
  record Load(
      String label,
      SimLoad sim,
      SimSettings settings,
      @Nullable String engineName,
      ShiftingHotSet hot) {}

  private final Load load;
  private final List<Contender> guests;
  private final Map<Contender, List<Figures>> simulated = new LinkedHashMap<>();
  private final Map<Contender, List<Figures>> real = new LinkedHashMap<>();

  private Grid(Load load, List<Contender> guests) {
    this.load = load;
    this.guests = List.copyOf(guests);
  }

  /** Runs every contender, and every guest, with every seed in the simulator. */
  static Grid simulate(StudyContext context, Load load, List<Contender> own)
      throws IOException {
    List<Contender> contenders = context.with(own);
    Grid grid = new Grid(load, contenders.subList(own.size(), contenders.size()));
    List<Callable<Figures>> cells = new ArrayList<>();
    for (int seed = 1; seed <= context.scale().simSeeds(); seed++) {
      for (Contender contender : contenders) {
        SimSettings settings = contender.on(load.settings()).toBuilder().seed(seed).build();
        cells.add(
            () -> context.simulate(contender.label(), load.label(), settings, load.sim()));
      }
    }
    Cells.onAllCores()
        .run(
            cells,
            contenders.size(),
            context::stopped,
            (cell, figures) -> {
              Contender contender = contenders.get(cell % contenders.size());
              context.keep(figures);
              grid.simulated.computeIfAbsent(contender, _ -> new ArrayList<>()).add(figures);
            });
    return grid;
  }

  /** Runs the best so many of the simulator on the engine, the best static and ATLL among them. */
  void confirm(StudyContext context, int best) throws IOException {
    String name = load.engineName();
    if (name == null) {
      return;
    }
    List<Contender> chosen = new ArrayList<>();
    Contender bestStatic = bestStatic(Double.POSITIVE_INFINITY, Figures::nanosPerOp);
    Contender adaptive = Judges.adaptive(this);
    for (Contender c : ranked()) {
      if (chosen.size() < best || c.equals(bestStatic) || c.equals(adaptive)
          || guests.contains(c)) {
        chosen.add(c);
      }
    }
    for (int seed = 1; seed <= context.scale().engineSeeds() && !context.stopped(); seed++) {
      for (Contender contender : chosen) {
        Figures figures =
            context.engine(
                contender.label(),
                load.label(),
                name,
                load.hot(),
                seed,
                load.sim().puts() + load.sim().inserts() + load.sim().deletes(),
                0,
                contender.store());
        real.computeIfAbsent(contender, _ -> new ArrayList<>()).add(figures);
      }
    }
  }

  Load load() {
    return load;
  }

  String label() {
    return load.label();
  }

  /** Contenders by what an operation costs, cheapest first. */
  List<Contender> ranked() {
    return simulated.keySet().stream()
        .sorted(Comparator.comparingDouble(c -> mean(c, Figures::nanosPerOp)))
        .toList();
  }

  /** The cheapest contender that is no guest, does not adapt and reads at no more than a cost; null if none. */
  @Nullable Contender bestStatic(double readNanosMost, ToDoubleFunction<Figures> cost) {
    return simulated.keySet().stream()
        .filter(c -> !c.adapts() && !guests.contains(c) && mean(c, Figures::readNanosPerOp) <= readNanosMost)
        .min(Comparator.comparingDouble(c -> mean(c, cost)))
        .orElse(null);
  }

  double mean(Contender contender, ToDoubleFunction<Figures> figure) {
    return simulated.getOrDefault(contender, List.of()).stream()
        .mapToDouble(figure)
        .average()
        .orElse(Double.NaN);
  }

  double[] values(Contender contender, ToDoubleFunction<Figures> figure) {
    return simulated.getOrDefault(contender, List.of()).stream().mapToDouble(figure).toArray();
  }

  /** Paired ratio of a figure of two contenders. */
  Interval ratio(Contender a, Contender b, ToDoubleFunction<Figures> figure) {
    return Interval.ofRatio(values(a, figure), values(b, figure));
  }

  double probability(Contender a, Contender b, ToDoubleFunction<Figures> figure) {
    return Interval.probability(values(a, figure), values(b, figure));
  }

  /** Ratio of the means on the engine; NaN where one of them was not run there. */
  double realRatio(Contender a, Contender b, ToDoubleFunction<Figures> figure) {
    return real.containsKey(a) && real.containsKey(b)
        ? realMean(a, figure) / realMean(b, figure)
        : Double.NaN;
  }

  private double realMean(Contender contender, ToDoubleFunction<Figures> figure) {
    return real.getOrDefault(contender, List.of()).stream()
        .mapToDouble(figure)
        .average()
        .orElse(Double.NaN);
  }

  /** Adds a picture and a table of this load to the page. */
  void show(Page page) {
    Chart chart =
        new Chart(
            label() + ": what writes and reads cost, each point a contender",
            "write ns an operation",
            "read ns an operation");
    for (Contender c : ranked()) {
      chart.points(
          c.label(),
          new double[] {mean(c, Figures::writeNanosPerOp)},
          new double[] {mean(c, Figures::readNanosPerOp)});
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "contender", "write amp", "runs/get", "runs/seek", "write ns/op", "read ns/op",
            "ns/op", "95 %", "space", "engine: write amp", "engine: ns/op"));
    for (Contender c : ranked()) {
      Interval total = Interval.ofMean(values(c, Figures::nanosPerOp));
      rows.add(
          List.of(
              c.label(),
              Numbers.fixed(mean(c, Figures::writeAmplification)),
              Numbers.fixed(mean(c, Figures::probesPerGet)),
              Numbers.fixed(mean(c, Figures::runsPerSeek)),
              Numbers.fixed(mean(c, Figures::writeNanosPerOp)),
              Numbers.fixed(mean(c, Figures::readNanosPerOp)),
              Numbers.fixed(total.mean()),
              Numbers.fixed(total.low()) + "–" + Numbers.fixed(total.high()),
              Numbers.fixed(mean(c, Figures::spaceAmplification)),
              real.containsKey(c) ? Numbers.fixed(realMean(c, Figures::writeAmplification)) : "-",
              real.containsKey(c) ? Numbers.fixed(realMean(c, Figures::nanosPerOp)) : "-"));
    }
    page.section(label()).chart(chart).table(rows);
  }
}
