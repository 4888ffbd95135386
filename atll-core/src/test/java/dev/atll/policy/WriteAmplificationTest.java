package dev.atll.policy;

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
    table.append("# written / flushed bytes, 1 for the flush; runs met by a seek; stored / live bytes\n");
    table.append("load       T  policy    levels  written  growing  steady   runs  space\n");
    Map<String, Result> results = new TreeMap<>();
    for (Load load : Load.values()) {
      for (int fanout : new int[] {4, 8}) {
        for (String name : Policies.names()) {
          // Enough for the third level to be the last, and partly full.
          int keys = MEMTABLE_KEYS * fanout * fanout * (fanout == 4 ? 4 : 2);
          Result r = run(name, load, fanout, keys);
          results.put(load + " " + fanout + " " + name, r);
          double growing = closedForm(name, fanout, r.levels, false);
          double steady = closedForm(name, fanout, r.levels, true);
          table.append(
              String.format(
                  Locale.ROOT,
                  "%-9s %2d  %-8s %7d %8.2f %8.2f %7.2f %6.2f %6.2f%n",
                  load.name().toLowerCase(Locale.ROOT),
                  fanout,
                  name,
                  r.levels,
                  r.writeAmplification,
                  growing,
                  steady,
                  r.runs,
                  r.space));
          assertTrue(
              r.writeAmplification > growing * 0.5 && r.writeAmplification < steady * 1.3,
              () -> "far from the closed forms:\n" + table);
        }
      }
    }
    for (String run : List.of("INSERT 4 ", "INSERT 8 ", "OVERWRITE 4 ", "OVERWRITE 8 ")) {
      Result leveled = results.get(run + "leveled");
      Result lazy = results.get(run + "lazy");
      Result tiered = results.get(run + "tiered");
      assertTrue(leveled.writeAmplification > lazy.writeAmplification, run);
      assertTrue(lazy.writeAmplification > tiered.writeAmplification, run);
      assertTrue(leveled.runs < lazy.runs && lazy.runs < tiered.runs, run);
    }
    Golden.check(Golden.resource("testdata/policy/write-amplification.txt"), table.toString());
  }

  /** Fluid LSM (Dayan and Idreos 2018): 1 + Σ (T-1)/(K+1) + (T-1)/(Z+1); steady: T at the last level. */
  private static double closedForm(String name, int fanout, int levels, boolean steady) {
    double leveled = (fanout - 1) / 2.0;
    double tiered = (fanout - 1) / (double) fanout;
    double upper = name.equals("leveled") ? leveled : tiered;
    double last = name.equals("leveled") || name.equals("lazy") ? leveled : tiered;
    if (steady) {
      // A full resident run beside each batch, or the bound on space that forces as much.
      last = name.equals("tiered") ? 2 : fanout + 1;
    }
    return 1 + (levels - 1) * upper + last;
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
