package dev.atll.bench.study;

import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tails near capacity, after Luo and Carey (VLDB 2020): first what each contender sustains as fast as it
 * goes, its debts paid; then operations come at 95 % of that whether the store is ready or not, and
 * again at 95 % of what the slowest sustains, the same for all. Latencies count from when an operation
 * was due.
 */
final class TailStudy implements Study {
  private static final double SHARE = 0.95;
  private static final double KEYS_PER_WRITE = 0.5;
  private static final Contender ATLL = Contender.atll(4, 1);
  private static final Contender LEVELED = Contender.of("leveled", 4);
  private static final List<Contender> ALL =
      List.of(ATLL, LEVELED, Contender.of("leveled", 10), Contender.of("lazy", 4));
  private static final ShiftingHotSet HOT = new ShiftingHotSet(0.5, 0.1, 20, 0.1, 0.9, 0, 0, 0.1);
  private static final String FREE = "as fast as it goes";
  private static final String OWN = "95 % of its own";
  private static final String COMMON = "95 % of the slowest";

  @Override
  public String name() {
    return "tail";
  }

  @Override
  public String title() {
    return "What do writers wait for at 95 % of capacity?";
  }

  @Override
  public List<String> hypotheses() {
    return List.of(
        "H9a: at 95 % of what ATLL sustains no write takes 50 ms or more.",
        "H9b: the 99.9th percentile of ATLL's writes is at most that of leveled's, each at 95 % of its own.",
        "H9c: so it is at a common rate, 95 % of what the slowest sustains.");
  }

  @Override
  public double engineMegabytes(boolean quick) {
    return quick ? 8 : 120;
  }

  @Override
  public boolean onlyReal() {
    return true;
  }

  @Override
  public void run(StudyContext context) throws IOException {
    List<Contender> contenders = context.with(context.scale().quick() ? ALL.subList(0, 2) : ALL);
    Map<String, List<Figures>> runs = new LinkedHashMap<>();
    one(context, "warm-up", LEVELED, 1, 0, new LinkedHashMap<>());
    for (int seed = 1; seed <= context.scale().engineSeeds(); seed++) {
      Map<Contender, Double> sustained = new LinkedHashMap<>();
      for (Contender c : contenders) {
        Figures f = one(context, FREE, c, seed, 0, runs);
        if (f != null) {
          sustained.put(c, 1e9 / f.raw("wall_nanos_per_op"));
        }
      }
      double slowest = sustained.values().stream().mapToDouble(r -> r).min().orElse(0);
      for (Contender c : contenders) {
        one(context, OWN, c, seed, SHARE * sustained.getOrDefault(c, 0.0), runs);
      }
      for (Contender c : contenders) {
        one(context, COMMON, c, seed, SHARE * slowest, runs);
      }
    }
    judge(context, runs);
    show(context.page(), contenders, runs);
  }

  private static String key(String pace, Contender contender) {
    return pace + " | " + contender.label();
  }

  private static @Nullable Figures one(
      StudyContext context,
      String pace,
      Contender contender,
      int seed,
      double opsPerSecond,
      Map<String, List<Figures>> runs)
      throws IOException {
    if (context.stopped() || (opsPerSecond == 0 && (pace.equals(OWN) || pace.equals(COMMON)))) {
      return null;
    }
    Scale scale = context.scale();
    long keys = (long) (scale.engineWrites() * KEYS_PER_WRITE);
    long ops = (long) (scale.engineWrites() / (1 - HOT.readShare()));
    Figures f =
        context.run(
            contender.label(),
            pace,
            new EngineRun.Plan(
                Workloads.named("shifting-hotset"),
                new WorkloadSettings(keys, 1, seed, HOT),
                scale.valueBytes(),
                (long) (ops * scale.engineWarmShare()),
                ops,
                opsPerSecond,
                false,
                contender.store()));
    if (context.stopped()) {
      return null;
    }
    f.all().put("ops_per_s_asked", Numbers.digits(opsPerSecond));
    context.keep(f);
    context.say(
        String.format(
            Locale.ROOT,
            "          asked %.0f ops/s, did %.0f; put p99.9 %.0f µs, slowest %.0f µs, %.0f of 50 ms or more, gc %.0f ms",
            opsPerSecond,
            f.raw("ops_per_s"),
            f.raw("write_p999_micros"),
            f.raw("write_max_micros"),
            f.raw("writes_stalled"),
            f.raw("gc_seconds") * 1e3));
    runs.computeIfAbsent(key(pace, contender), _ -> new ArrayList<>()).add(f);
    return f;
  }

  private static double[] values(
      Map<String, List<Figures>> runs, String pace, Contender contender, String figure) {
    return runs.getOrDefault(key(pace, contender), List.of()).stream()
        .mapToDouble(f -> f.raw(figure))
        .toArray();
  }

  private void judge(StudyContext context, Map<String, List<Figures>> runs) {
    double[] stalled = values(runs, OWN, ATLL, "writes_stalled");
    double most = 0;
    for (double count : stalled) {
      most = Math.max(most, count);
    }
    context.verdict(
        hypotheses().get(0),
        String.format(
            Locale.ROOT,
            "%.0f writes of 50 ms or more, the most of %d runs",
            most, stalled.length),
        stalled.length == 0
            ? Verdict.Outcome.OPEN
            : most == 0 ? Verdict.Outcome.HELD : Verdict.Outcome.FAILED);
    List<String> paces = List.of(OWN, COMMON);
    for (int i = 0; i < paces.size(); i++) {
      double[] mine = values(runs, paces.get(i), ATLL, "write_p999_micros");
      double[] theirs = values(runs, paces.get(i), LEVELED, "write_p999_micros");
      if (mine.length == 0 || mine.length != theirs.length) {
        context.verdict(hypotheses().get(i + 1), "not run", Verdict.Outcome.OPEN);
        continue;
      }
      Interval ratio = Interval.ofRatio(mine, theirs);
      context.verdict(
          hypotheses().get(i + 1),
          String.format(
              Locale.ROOT,
              "%s µs against %s, ratio %s",
              Numbers.fixed(Interval.ofMean(mine).mean()),
              Numbers.fixed(Interval.ofMean(theirs).mean()),
              Judges.text(ratio)),
          ratio.mean() <= 1);
    }
  }

  private static void show(
      Page page, List<Contender> contenders, Map<String, List<Figures>> runs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "pace", "contender", "asked ops/s", "did", "put p99.9 µs", "slowest put µs",
            "puts ≥ 50 ms", "get p99 µs", "scan p99 µs", "held back s", "gc ms"));
    for (String pace : List.of(FREE, OWN, COMMON)) {
      for (Contender c : contenders) {
        List<String> row = new ArrayList<>(List.of(pace, c.label()));
        for (String figure :
            List.of(
                "ops_per_s_asked", "ops_per_s", "write_p999_micros", "write_max_micros",
                "writes_stalled", "get_p99_micros", "scan_p99_micros", "stall_seconds")) {
          row.add(Numbers.fixed(Interval.ofMean(values(runs, pace, c, figure)).mean()));
        }
        row.add(Numbers.fixed(1e3 * Interval.ofMean(values(runs, pace, c, "gc_seconds")).mean()));
        rows.add(row);
      }
    }
    page.section("Paces").table(rows);
  }
}
