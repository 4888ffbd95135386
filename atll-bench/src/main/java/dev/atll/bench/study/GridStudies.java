package dev.atll.bench.study;

import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.policy.Pickers;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.learn.Learners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The experiments that compare contenders on loads. */
final class GridStudies {
  // That of the engine; and one that no load here comes near, so that nothing is urgent because of it.
  private static final double BOUND_ON_SPACE = 1.25;
  private static final double SPACE_FREE = 10;

  private static final ShiftingHotSet NOT_HOT = new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.1, 0, 0);
  private static final List<Contender> STATICS =
      List.of(
          Contender.of("leveled", 4),
          Contender.of("leveled", 10),
          Contender.of("tiered", 4),
          Contender.of("tiered", 10),
          Contender.of("lazy", 4),
          Contender.of("lazy", 10),
          Contender.of("fluid:K=2,Z=1", 6),
          Contender.of("binomial:k=4", 10));
  private static final List<Contender> FEW =
      List.of(
          Contender.of("leveled", 4),
          Contender.of("tiered", 4),
          Contender.of("lazy", 4),
          Contender.of("binomial:k=4", 4));

  private GridStudies() {}

  static List<Study> all() {
    return List.of(
        bcFamily(), dynamicK(), guards(), scheduler(), learner(), filters(), deletes(), insertOnly(), ycsb(),
        mixgraph());
  }

  /** Contenders beside ATLL at two ratios of levels and some thetas. */
  static List<Contender> with(List<Contender> statics, double... thetas) {
    List<Contender> all = new ArrayList<>(statics);
    for (int fanout : statics.stream().mapToInt(Contender::fanout).distinct().sorted().toArray()) {
      for (double theta : thetas) {
        all.add(Contender.atll(fanout, theta));
      }
    }
    return all;
  }

  /** A workload of the engine's. */
  static Grid.Load named(StudyContext context, String label, String workload, ShiftingHotSet hot) {
    return new Grid.Load(
        label,
        SimLoad.named(workload, context.scale().simKeys(), hot),
        context.sim("atll", 4, 1, 1),
        workload,
        hot);
  }

  /** Even writes, reads of which a share goes to a tenth of the keys. */
  private static ShiftingHotSet readsHot(double share) {
    return new ShiftingHotSet(0.5, 0.2, 20, 0.1, share, 0, 0, 0.1);
  }

  private static Study bcFamily() {
    return new GridStudy(
        "bc-family",
        "What is gained where reads and writes fall on different ranges?",
        List.of(
            "H1a: at BC ≤ 0.6 ATLL writes at least 50 % less than leveled T=10.",
            "H1b: at BC ≤ 0.6 some ATLL writes at least 20 % less than every static that reads no dearer.",
            "H2: at BC ≤ 0.3 some ATLL writes at least 50 % less than every static that reads no dearer.",
            "H3: at BC = 1 ATLL costs at most 3 % more than the best static.",
            "H4: at any BC ATLL costs at most 10 % more than the best static."),
        context -> {
          List<Grid.Load> loads = new ArrayList<>();
          double[] shares =
              context.scale().quick()
                  ? new double[] {0.9, 0.1}
                  : new double[] {0.999, 0.9, 0.75, 0.45, 0.1};
          List<ShiftingHotSet> hots = new ArrayList<>();
          // Writes as hot as reads, beside them: with even writes BC ends at 0.32.
          hots.add(new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 0, 0.9));
          for (double share : shares) {
            hots.add(readsHot(share));
          }
          for (ShiftingHotSet hot : hots) {
            loads.add(
                named(context,
                    String.format(
                        Locale.ROOT,
                        "BC %.2f",
                        hot.similarity()), "shifting-hotset", hot));
          }
          return loads;
        },
        with(STATICS, 1, 0.5, 2),
        3,
        (context, grids, h) -> {
          double[] overlap = new double[grids.size()];
          Interval[] gain = new Interval[grids.size()];
          for (int i = 0; i < grids.size(); i++) {
            Grid grid = grids.get(i);
            overlap[i] = Double.parseDouble(grid.label().substring(3));
            if (overlap[i] <= 0.61) {
              Judges.against(context, grid, Contender.of("leveled", 10), h.get(0), 0.5);
              Judges.writesBelow(context, grid, h.get(1), 0.8);
            }
            if (overlap[i] <= 0.3) {
              Judges.writesBelow(context, grid, h.get(2), 0.5);
            }
            boolean one = overlap[i] > 0.99;
            Judges.totalWithin(context, grid, one ? h.get(3) : h.get(4), one ? 1.03 : 1.10);
            Contender best = grid.bestStatic(Double.POSITIVE_INFINITY, Figures::nanosPerOp);
            gain[i] =
                best == null
                    ? Interval.ofMean(Double.NaN)
                    : grid.ratio(Judges.adaptive(grid), best, Figures::nanosPerOp);
          }
          context
              .page()
              .section("Gain by overlap")
              .chart(
                  new Chart("ATLL ÷ best static, ns an operation", "BC", "ratio")
                      .line("simulator", overlap, gain));
        });
  }

  private static Study dynamicK() {
    return new GridStudy(
        "dynamic-k",
        "Does the number of runs follow the mix of reads and writes?",
        List.of("ATLL costs at most 10 % more than the best static at every mix (H4)."),
        context -> {
          List<Grid.Load> loads = new ArrayList<>();
          for (double reads : context.scale().quick() ? new double[] {0.2, 0.8} : new double[] {0.05, 0.2, 0.5, 0.8, 0.95}) {
            ShiftingHotSet hot = new ShiftingHotSet(reads, 0.2, 20, 0.1, 0.1, 0, 0, 0.1);
            loads.add(named(context,
                String.format(Locale.ROOT, "reads %.2f", reads), "shifting-hotset", hot));
          }
          return loads;
        },
        with(FEW, 1, 0.5, 2),
        2,
        Judges.allWithin(1.10));
  }

  private static Study guards() {
    List<Contender> contenders = new ArrayList<>();
    for (String policy : List.of("leveled", "atll")) {
      for (long slot : new long[] {64 << 10, 256 << 10, 1 << 20, 4 << 20}) {
        contenders.add(new Contender(policy, 4, 1, "index", slot));
      }
    }
    return new GridStudy(
        "guards",
        "How finely should levels be cut?",
        List.of("With reads on a tenth of the keys, slots of a quarter memtable cost at most 5 % more than any other size."),
        context -> List.of(named(context, "BC 0.60", "shifting-hotset", readsHot(0.9))),
        contenders,
        1,
        (context, grids, h) -> {
          Grid grid = grids.get(0);
          Contender quarter = new Contender("atll", 4, 1, "index", 256 << 10);
          Contender best = grid.ranked().stream().filter(Contender::adapts).findFirst().orElse(quarter);
          Interval ratio = grid.ratio(quarter, best, Figures::nanosPerOp);
          context.verdict(
              h.get(0), quarter.label() + " ÷ " + best.label() + ": " + Judges.text(ratio), ratio.mean() <= 1.05);
        });
  }

  private static Study scheduler() {
    List<Contender> contenders = new ArrayList<>();
    for (String picker : Pickers.names()) {
      contenders.add(new Contender("atll", 4, 1, picker, 0));
    }
    contenders.add(Contender.of("greedy", 4));
    return new GridStudy(
        "scheduler",
        "Which slot first, when bandwidth is short?",
        List.of(
            "At an equal budget of bytes the index costs less than every other picker, by an interval below 1.",
            "The same where the budget is the picker's to spend, the bound on space being set aside."),
        context -> {
          List<Grid.Load> loads = new ArrayList<>();
          for (long period : context.scale().quick() ? new long[] {0} : new long[] {0, 400_000}) {
            String course = period == 0 ? "still" : "moving";
            loads.add(budgeted(context, course, period, 40e6, BOUND_ON_SPACE));
            loads.add(budgeted(context, course + ", space free", period, 30e6, SPACE_FREE));
          }
          return loads;
        },
        contenders,
        0,
        (context, grids, h) -> {
          for (Grid grid : grids) {
            boolean free = grid.load().settings().spaceAmplificationMax() == SPACE_FREE;
            Judges.firstIsBest(context, grid, contenders, h.get(free ? 1 : 0));
          }
        });
  }

  /** Hot reads and even writes with a bound on what compactions move. */
  private static Grid.Load budgeted(
      StudyContext context, String label, long period, double bytesPerSecond, double spaceMax) {
    ShiftingHotSet hot = new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, period, 0.1);
    Grid.Load load = named(context, label, "shifting-hotset", hot);
    SimSettings settings =
        load.settings().toBuilder()
            .device(new SimSettings.Device(10_000, 10_000, 10_000, 1e9, 0, bytesPerSecond))
            .spaceAmplificationMax(spaceMax)
            .build();
    // The engine has no budget that is the same on every machine but in virtual time.
    return new Grid.Load(load.label(), load.sim(), settings, null, hot);
  }

  private static Study learner() {
    List<Contender> learners = new ArrayList<>();
    for (String name : Learners.names()) {
      learners.add(new Contender("atll", 4, 1, "index", 0, name));
    }
    List<Contender> contenders = new ArrayList<>(learners);
    for (double theta : Learners.thetas()) {
      if (theta != 1) {
        contenders.add(Contender.atll(4, theta));
      }
    }
    return new GridStudy(
        "learner",
        "Does learning theta pay?",
        List.of(
            "H10: some learner costs less than theta = 1 on every load, by an interval below 1.",
            "L1: no learner costs more than 5 % above theta = 1 on any load."),
        context -> {
          Map<String, ShiftingHotSet> hots = new LinkedHashMap<>();
          hots.put("BC 0.60", readsHot(0.9));
          hots.put("moving", new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 400_000, 0.1));
          if (!context.scale().quick()) {
            hots.put("BC 1.00", readsHot(0.1));
            hots.put("four in five read", new ShiftingHotSet(0.8, 0.2, 20, 0.1, 0.1, 0, 0, 0.1));
          }
          List<Grid.Load> loads = new ArrayList<>();
          hots.forEach(
              (label, hot) -> {
                SimLoad load = SimLoad.named("shifting-hotset", context.scale().simKeys(), hot);
                loads.add(new Grid.Load(label, load, context.sim("atll", 4, 1, 1), null, hot));
              });
          return loads;
        },
        contenders,
        0,
        (context, grids, h) -> grids.forEach(grid -> judgeLearners(context, grid, learners, h)));
  }

  /** The first is without a learner. */
  private static void judgeLearners(
      StudyContext context, Grid grid, List<Contender> learners, List<String> hypotheses) {
    Contender fixed = learners.get(0);
    for (Contender learner : learners.subList(1, learners.size())) {
      Interval ratio = grid.ratio(learner, fixed, Figures::nanosPerOp);
      String measured = learner.label() + " ÷ " + fixed.label() + ": " + Judges.text(ratio);
      String where = " [" + grid.label() + "]";
      context.verdict(hypotheses.get(0) + where, measured, ratio.high() < 1);
      context.verdict(hypotheses.get(1) + where, measured, ratio.mean() <= 1.05);
    }
    Contender best = grid.ranked().get(0);
    context.say(
        String.format(
            Locale.ROOT,
            "  best of all thetas and learners [%s]: %s, %s of theta = 1",
            grid.label(), best.label(), Judges.text(grid.ratio(best, fixed, Figures::nanosPerOp))));
  }

  private static Study filters() {
    return new GridStudy(
        "filters",
        "What do filter bits buy?",
        List.of("ATLL costs at most 10 % more than the best static with any filters (H4)."),
        context -> {
          List<Grid.Load> loads = new ArrayList<>();
          for (double bits : context.scale().quick() ? new double[] {0, 10} : new double[] {0, 5, 10, 16}) {
            SimLoad load = SimLoad.mix("gets, misses, puts", context.scale().simKeys(), 0.3, 0, 0, 0.4, 0.3, 0);
            SimSettings settings =
                context.sim("atll", 4, 1, 1).toBuilder().filterBitsPerKey(bits).build();
            loads.add(new Grid.Load(
                String.format(
                    Locale.ROOT,
                    "%.0f bits a key",
                    bits), load, settings, null, NOT_HOT));
          }
          return loads;
        },
        with(FEW, 1),
        0,
        Judges.allWithin(1.10));
  }

  private static Study deletes() {
    return new GridStudy(
        "deletes",
        "What does a deadline for deletions cost?",
        List.of(
            "H8a: no deletion is older than its deadline at any flush.",
            "H8b: a deadline of 1 s costs at most 5 % more table bytes written.",
            "H8c (added 21 November 2026): a deadline of half the age that deletions reach without one"
                + " costs at most 5 % more table bytes written."),
        context -> {
          List<Grid.Load> loads = new ArrayList<>();
          for (long deadline : deadlines(context)) {
            SimLoad load = SimLoad.mix("puts, deletes, gets", context.scale().simKeys(), 0.6, 0, 0.1, 0.3, 0, 0);
            SimSettings settings =
                context.sim("atll", 4, 1, 1).toBuilder()
                    .deleteDeadlineMillis(deadline)
                    .device(new SimSettings.Device(20_000, 20_000, 20_000, 150e6, 0, 0))
                    .build();
            String label = deadline == PolicySettings.OFF ? "no deadline"
                : String.format(Locale.ROOT, "deadline %d ms", deadline);
            loads.add(new Grid.Load(label, load, settings, null, NOT_HOT));
          }
          return loads;
        },
        with(List.of(Contender.of("leveled", 4), Contender.of("tiered", 4)), 1),
        0,
        GridStudies::judgeDeletes);
  }

  /** None; that of H8b; about half of the age that deletions reach in a tree of this size. */
  private static long[] deadlines(StudyContext context) {
    return new long[] {PolicySettings.OFF, 1_000, context.scale().quick() ? 850 : 2_500};
  }

  private static void judgeDeletes(StudyContext context, List<Grid> grids, List<String> h) {
    Contender atll = Contender.atll(4, 1);
    long[] deadlines = deadlines(context);
    double without = grids.get(0).mean(atll, Figures::writeAmplification);
    for (int i = 1; i < deadlines.length; i++) {
      double age = 0;
      for (double oldest :
          grids.get(i).values(atll, f -> ((Number) f.all().getOrDefault("tombstone_age_max_millis", 0)).doubleValue())) {
        age = Math.max(age, oldest);
      }
      context.verdict(
          h.get(0),
              String.format(
                  Locale.ROOT,
                  "oldest deletion %.0f ms, deadline %d ms",
                  age, deadlines[i]), age <= deadlines[i]);
      double least = leastWritten(context, grids.get(i), atll, deadlines[i]);
      double with = grids.get(i).mean(atll, Figures::writeAmplification);
      context.verdict(
          h.get(i),
          String.format(
              Locale.ROOT,
              "%.3f (%.2f ÷ %.2f bytes a byte; with %d ms no store writes less than %.2f, this one %.2f times that)",
              with / without, with, without, deadlines[i], least, with / least),
          with / without <= 1.05);
    }
  }

  /**
   * The fewest table bytes a byte that any store of merged runs writes if each deletion is to be gone from
   * disk within its deadline: every flush, and once a deadline all live data, since deletions fall
   * on all of them.
   */
  private static double leastWritten(StudyContext context, Grid grid, Contender contender, long deadlineMillis) {
    SimLoad load = grid.load().sim();
    double live = context.scale().simKeys() * load.puts() / (load.puts() + load.deletes());
    double flushed = grid.mean(contender, f -> number(f, "write_amplification_flush"));
    double seconds = grid.mean(contender, f -> number(f, "virtual_seconds"));
    double entry = grid.load().settings().entry().table() / grid.load().settings().entry().user();
    return flushed + live * entry * (seconds * 1e3 / deadlineMillis) / context.scale().simWrites();
  }

  private static double number(Figures figures, String name) {
    return figures.all().get(name) instanceof Number n ? n.doubleValue() : Double.NaN;
  }

  private static Study insertOnly() {
    return new GridStudy(
        "insert-only",
        "How far from the frontier, when nothing is overwritten or read?",
        List.of(
            "H4: ATLL costs at most 10 % more than the best static.",
            "H6 (its writes alone): ATLL writes no more than tiered, which is next to the frontier."),
        context -> List.of(named(context, "insert-only", "insert-only", NOT_HOT)),
        with(STATICS, 1),
        3,
        (context, grids, h) -> {
          Judges.totalWithin(context, grids.get(0), h.get(0), 1.10);
          Contender atll = Judges.adaptive(grids.get(0));
          Interval ratio =
              grids.get(0).ratio(atll, Contender.of("tiered", atll.fanout()), Figures::writeAmplification);
          context.verdict(h.get(1), Judges.text(ratio), ratio.mean() <= 1.0);
        });
  }

  private static Study ycsb() {
    return new GridStudy(
        "ycsb",
        "YCSB A to F, keys hashed and ordered",
        List.of("H4: ATLL costs at most 10 % more than the best static on each."),
        context -> {
          List<Grid.Load> loads = new ArrayList<>();
          for (String letter : context.scale().quick() ? List.of("a", "d", "e") : List.of("a", "b", "c", "d", "e", "f")) {
            for (String order : List.of("", "-ordered")) {
              String name = "ycsb-" + letter + order;
              loads.add(named(context, name, name, NOT_HOT));
            }
          }
          return loads;
        },
        with(FEW, 1),
        2,
        Judges.allWithin(1.10));
  }

  /** After Cao et al., FAST 2020, and the parameters of RocksDB's db_bench: see context. */
  private static Study mixgraph() {
    return new GridStudy(
        "mixgraph",
        "The mix of a production store: 83 % gets, 14 % puts, 3 % scans",
        List.of("H4: ATLL costs at most 10 % more than the best static on each variant."),
        context -> {
          SimSettings settings =
              context.sim("atll", 4, 1, 1).toBuilder().entry(SimSettings.EntryBytes.of(48 + 34.5)).build();
          SimLoad mix = SimLoad.mix("mixgraph", context.scale().simKeys(), 0.14, 0, 0, 0.83, 0, 0.03).scanning(26);
          ShiftingHotSet prefix = new ShiftingHotSet(0.86, 0.035, 26, 1 / 30.0, 0.79, 1, 0);
          return List.of(
              new Grid.Load("all_random", mix, settings, null, NOT_HOT),
              // F(x) = a·x^0.3467 is a density of x^-0.6533.
              new Grid.Load("all_dist", mix.skewed(0.6533), settings, null, NOT_HOT),
              new Grid.Load("prefix_dist", mix.hot(prefix), settings, null, prefix));
        },
        with(FEW, 1),
        0,
        Judges.allWithin(1.10));
  }
}
