package dev.atll.bench.study;

import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.ShiftingHotSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sizes, mix and skew of 54 production cache clusters. */
final class TwitterStudy implements Study {
  private static final String RESOURCE = "twitter-clusters-2020.csv";
  private static final int QUICK_CLUSTERS = 8;
  private static final double SKEW_MAX = 2.5;

  /** A cluster as far as it can be run. */
  private record Cluster(String name, double entryBytes, double reads, double writes, double skew) {}

  @Override
  public String name() {
    return "twitter";
  }

  @Override
  public String title() {
    return "54 production caches: key and value sizes, mix and skew";
  }

  @Override
  public List<String> hypotheses() {
    return List.of("H4: ATLL costs at most 10 % more than the best static on each cluster.");
  }

  @Override
  public void run(StudyContext context) throws IOException {
    List<Contender> contenders =
        GridStudies.with(
            List.of(Contender.of("leveled", 4), Contender.of("tiered", 4), Contender.of("lazy", 4)), 1);
    List<Grid> grids = new ArrayList<>();
    List<Cluster> clusters = clusters();
    context.say(clusters.size() + " clusters with reads, writes and sizes");
    if (context.scale().quick()) {
      clusters = clusters.subList(0, Math.min(QUICK_CLUSTERS, clusters.size()));
    }
    ShiftingHotSet hot = ShiftingHotSet.defaults();
    for (Cluster c : clusters) {
      if (context.stopped()) {
        return;
      }
      // Sizes are scaled by the memtable: as many entries to a memtable as with 116 bytes.
      double scale = c.entryBytes() / 116;
      SimSettings settings =
          context.sim("atll", 4, 1, 1).toBuilder()
              .entry(SimSettings.EntryBytes.of(c.entryBytes()))
              .memtableBytes((long) (context.scale().memtableBytes() * Math.max(1, scale)))
              .build();
      SimLoad load =
          SimLoad.mix(c.name(), context.scale().simKeys(), c.writes(), 0, 0, c.reads(), 0, 0);
      grids.add(
          Grid.simulate(
              context,
              new Grid.Load(
                  c.name(), c.skew() > 0 ? load.skewed(c.skew()) : load, settings, null, hot),
              contenders));
    }
    int held = 0;
    double worst = 0;
    String where = "";
    double[] ratios = new double[grids.size()];
    double[] skews = new double[grids.size()];
    for (int i = 0; i < grids.size(); i++) {
      Grid grid = grids.get(i);
      Contender best = grid.bestStatic(Double.POSITIVE_INFINITY, Figures::nanosPerOp);
      if (best == null) {
        continue;
      }
      ratios[i] =
          grid.mean(Judges.adaptive(grid), Figures::nanosPerOp) / grid.mean(best, Figures::nanosPerOp);
      skews[i] = clusters.get(i).reads();
      held += ratios[i] <= 1.10 ? 1 : 0;
      if (ratios[i] > worst) {
        worst = ratios[i];
        where = grid.label();
      }
    }
    context.verdict(
        hypotheses().get(0),
        String.format(
            Locale.ROOT,
            "%d of %d clusters; worst %.3f on %s",
            held, grids.size(), worst, where),
        held == grids.size());
    context
        .page()
        .section("Cluster by cluster")
        .chart(new Chart("ATLL ÷ best static, ns an operation", "share of reads", "ratio").points("clusters", skews, ratios));
    grids.forEach(g -> g.show(context.page()));
  }

  private static List<Cluster> clusters() throws IOException {
    List<Cluster> clusters = new ArrayList<>();
    try (InputStream in = TwitterStudy.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the build lacks " + RESOURCE);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> line.startsWith("cluster") && !line.startsWith("cluster,"))
          .map(TwitterStudy::cluster)
          .filter(c -> c.entryBytes() > 0 && c.writes() > 0)
          .forEach(clusters::add);
    }
    return clusters;
  }

  private static Cluster cluster(String line) {
    String[] cells = line.split(",", -1);
    double reads = 0;
    double writes = 0;
    for (String op : cells[12].trim().split("\\s+", -1)) {
      String[] parts = op.split(":", -1);
      double share = parts.length == 2 ? number(parts[1]) : 0;
      if (parts[0].equals("get") || parts[0].equals("gets")) {
        reads += share;
      } else {
        writes += share;
      }
    }
    // What the table rounds to nothing but read is not run: without writes there is no tree.
    double all = reads + writes;
    return new Cluster(
        cells[0],
        number(cells[3]) + number(cells[4]),
        all == 0 ? 0 : Math.min(reads / all, 0.99),
        all == 0 ? 0 : Math.max(writes / all, 0.01),
        Math.min(number(cells[13]), SKEW_MAX));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
