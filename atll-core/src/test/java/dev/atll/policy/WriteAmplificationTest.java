package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.testing.Golden;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Streams of flushes through the model: what each policy writes per byte flushed, how many runs a seek
 * meets and what space it takes, beside the closed forms. The table is a golden file; the closed forms
 * are those of a tree that grows from empty: with every key overwritten, each batch that reaches the
 * last level meets a full one, which costs an absorbing policy about T/2 more there.
 */
final class WriteAmplificationTest {
  private static final int MEMTABLE_KEYS = 32;
  private static final UnitCosts COSTS = new UnitCosts(50, 1000, 2000, 0.2, 0.8);

  private static final String HEADER =
      """
      written / flushed bytes, 1 for the flush; runs met by a seek; stored / live bytes, bounded by 1.6
      growing, steady: closed forms of a tree that grows from empty, and of one whose last level is full.
      Where written is off them, and why:
      - T = 8: the last level is a quarter full, so each batch that arrives there meets less than half of
        a full level, and less than half of its (T-1)/2 is paid;
      - partial: full levels are met by each batch, T/2 and more of it instead of (T-1)/2;
      - ucs: W = 2 is T4 whatever T here, so it has more levels at T = 8 and pays each about once;
      - ucs-adaptive: no reads, so tiering as wide as it may is cheapest: W = 50, one level;
      - tiered, flsm, binomial, greedy, atll, overwriting: the bound on space forces merges that the
        forms for growing trees do not have;
      - greedy, atll: nobody reads, so they tier, with up to T runs instead of T - 1.
      """;

  /** Those that are also run with overwriting at T = 8, which takes longest. */
  private static final List<String> OVERWRITE_ALL =
      List.of("leveled", "tiered", "lazy", "partial", "aligned", "atll");

  /** What keys come. */
  private enum Load {
    /** Each key once, in no order. */
    INSERT,
    /** Each key again and again, all alike. */
    OVERWRITE
  }

  private record Result(double writeAmplification, double runs, double space, int levels) {}

  @Test
  @Tag("slow")
  void policiesWriteWhatTheirClosedFormsSay() {
    StringBuilder table = new StringBuilder();
    HEADER.lines().forEach(line -> table.append("# ").append(line).append('\n'));
    table.append("load       T  policy        levels  written  growing  steady   runs  space\n");
    Map<String, Result> results = new TreeMap<>();
    for (Load load : Load.values()) {
      for (int fanout : new int[] {4, 8}) {
        for (String name : Policies.names()) {
          if (load == Load.OVERWRITE && fanout == 8 && !OVERWRITE_ALL.contains(name)) {
            continue;
          }
          // Enough for the third level to be the last, and partly full.
          int keys = MEMTABLE_KEYS * fanout * fanout * (fanout == 4 ? 4 : 2);
          Result r = run(name, load, fanout, keys);
          results.put(load + " " + fanout + " " + name, r);
          double growing = closedForm(name, fanout, r.levels, false);
          double steady = closedForm(name, fanout, r.levels, true);
          table.append(
              String.format(
                  Locale.ROOT,
                  "%-9s %2d  %-12s %7d %8.2f %8.2f %7.2f %6.2f %6.2f%n",
                  load.name().toLowerCase(Locale.ROOT),
                  fanout,
                  name,
                  r.levels,
                  r.writeAmplification,
                  growing,
                  steady,
                  r.runs,
                  r.space));
          boolean comparable = !name.equals("ucs-adaptive"); // chooses its own shape
          assertTrue(
              !comparable || (r.writeAmplification > growing * 0.5 && r.writeAmplification < steady * 1.3),
              () -> "far from the closed forms:\n" + table);
        }
      }
    }
    double leveledRuns = 0;
    double lazyRuns = 0;
    for (String run : List.of("INSERT 4 ", "INSERT 8 ", "OVERWRITE 4 ", "OVERWRITE 8 ")) {
      Result leveled = results.get(run + "leveled");
      Result lazy = results.get(run + "lazy");
      Result tiered = results.get(run + "tiered");
      assertTrue(leveled.writeAmplification > lazy.writeAmplification, () -> run + "\n" + table);
      assertTrue(lazy.writeAmplification > tiered.writeAmplification, () -> run + "\n" + table);
      // Runs are those of one moment, just after or just before something went down: they are summed.
      leveledRuns += leveled.runs;
      lazyRuns += lazy.runs;
      // With overwriting the bound on space keeps tiered from having the runs it would have.
      assertTrue(run.startsWith("OVERWRITE") || lazy.runs < tiered.runs, () -> run + "\n" + table);
    }
    assertTrue(leveledRuns < lazyRuns, () -> table.toString());
    Golden.check(Golden.resource("testdata/policy/write-amplification.txt"), table.toString());
  }

  /**
   * Fluid LSM (Dayan and Idreos 2018): 1 + Σ (T-1)/(K+1) + (T-1)/(Z+1); steady: T at the last level.
   */
  private static double closedForm(String name, int fanout, int levels, boolean steady) {
    double t = fanout;
    double leveled = (t - 1) / 2;
    double tiered = (t - 1) / t;
    double upper =
        switch (name) {
          case "leveled", "aligned" -> leveled;
          // Each slot meets up to T times its bytes; min-overlap picks the luckier half.
          case "partial" -> t / 2;
          case "fluid" -> (t - 1) / (Math.min(4, t - 1) + 1);
          // W = 2 is tiering at 4, whatever T.
          case "ucs" -> 3.0 / 4;
          case "binomial" -> 1 + binomialMerges(fanout, 4) / t;
          // At every second arrival the K = 3 oldest are merged, which is nearly all there is.
          case "spec" -> 1 + t / 4;
          default -> tiered;
        };
    double last =
        switch (name) {
          case "lazy", "fluid" -> leveled;
          // K = 2: at every arrival.
          case "spec" -> 1 + t / 2;
          default -> upper;
        };
    if (steady) {
      // A full resident run beside each batch, or the bound on space that forces as much.
      last = fanout + 1;
    }
    // What stands as 1 + ... is a promotion and merges in place; level 1 gets its runs for nothing.
    double first = name.equals("spec") || name.equals("binomial") ? upper - 1 : upper;
    return 1 + first + (levels - 2) * upper + last;
  }

  /** Units written in merging when units of size 1 arrive and at most k runs may stand. */
  private static int binomialMerges(int arrivals, int k) {
    // The digits of the count so far, lowest first; c_i = i - 1 is an empty run.
    int[] c = new int[k + 2];
    for (int i = 1; i <= k; i++) {
      c[i] = i - 1;
    }
    c[k + 1] = Integer.MAX_VALUE;
    int written = 0;
    for (int n = 1; n <= arrivals; n++) {
      int grows = 1;
      while (c[grows] + 1 == c[grows + 1]) {
        grows++;
      }
      int merged = 1;
      for (int i = 1; i <= grows; i++) {
        merged += choose(c[i], i);
        c[i] = i < grows ? i - 1 : c[i] + 1;
      }
      assertEquals(choose(c[grows], grows), merged, "digits and sizes disagree");
      written += merged > 1 ? merged : 0;
    }
    return written;
  }

  private static int choose(int n, int k) {
    int value = 1;
    for (int i = 1; i <= k; i++) {
      value = value * (n - k + i) / i;
    }
    return n < k ? 0 : value;
  }

  private static Result run(String name, Load load, int fanout, int keyCount) {
    Random random = new Random(7);
    long memtable = (long) MEMTABLE_KEYS * ModelRun.ENTRY_BYTES;
    PolicySettings settings =
        new PolicySettings(memtable, fanout, memtable / 4, 64, 1.6, Long.MAX_VALUE, 1001);
    PolicyModel tree = new PolicyModel(settings, COSTS, 5);
    CompactionPolicy policy = Policies.byName(name, 1);
    int[] order = random.ints(0, keyCount).distinct().limit(keyCount).toArray();
    int rounds = load == Load.INSERT ? 1 : 3;
    long flushedBefore = 0;
    long writtenBefore = 0;
    long runs = 0;
    double space = 0;
    int samples = 0;
    int flushes = rounds * keyCount / MEMTABLE_KEYS;
    int at = 0;
    for (int flush = 0; flush < flushes; flush++) {
      TreeSet<Integer> keys = new TreeSet<>();
      while (keys.size() < MEMTABLE_KEYS) {
        keys.add(load == Load.INSERT ? order[at++ % keyCount] : order[random.nextInt(keyCount)]);
      }
      tree.flush(
          new ModelRun(keys.stream().mapToInt(k -> k).toArray(), new boolean[keys.size()]));
      tree.settle(policy);
      if (load == Load.OVERWRITE && flush == flushes / 2) {
        flushedBefore = tree.bytesFlushed;
        writtenBefore = tree.bytesWritten;
        runs = 0;
        space = 0;
        samples = 0;
      }
      if (flush % 16 != 0) {
        continue;
      }
      samples++;
      runs += tree.runsAt(order[random.nextInt(keyCount)]);
      space += tree.bytes() / (double) (tree.visible().cardinality() * ModelRun.ENTRY_BYTES);
    }
    double written = tree.bytesWritten - writtenBefore;
    return new Result(
        1 + written / (tree.bytesFlushed - flushedBefore),
        runs / (double) samples,
        space / samples,
        tree.deepest());
  }
}
