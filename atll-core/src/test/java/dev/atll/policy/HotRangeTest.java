package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.testing.Golden;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Writes everywhere, seeks in a tenth of the keys: what each policy pays for both in one currency. The
 * model's own prices are what the atll policy weighs, so this shows that it minimises what it is told
 * to; what a device charges is for the engine's experiments.
 */
final class HotRangeTest {
  private static final int MEMTABLE_KEYS = 32;
  private static final int FANOUT = 4;
  private static final int KEYS = 1500;
  private static final int HOT_KEYS = KEYS / 10;
  private static final int FLUSHES = 120;
  // Heat halves in about 14 flushes.
  private static final double HEAT_KEPT = 0.95;
  private static final UnitCosts COSTS = new UnitCosts(50, 1000, 2000, 0.2, 0.8);

  private record Paid(double merging, double reading, double hotRuns, double coldRuns) {
    double total() {
      return merging + reading;
    }
  }

  @Test
  @Tag("slow")
  void readRangesEndWithFewRunsAndOthersWithMany() {
    StringBuilder table = new StringBuilder();
    table.append("# microseconds per flush; runs met by a seek in the hot tenth and elsewhere\n");
    table.append("seeks/flush  policy        merging  reading    total  hot runs  cold runs\n");
    for (int seeks : new int[] {0, 5, 50}) {
      Map<String, Paid> all = new TreeMap<>();
      for (String name : Policies.names()) {
        Paid paid = run(name, seeks);
        all.put(name, paid);
        table.append(
            String.format(
                Locale.ROOT,
                "%11d  %-12s %8.1f %8.1f %8.1f %9.2f %10.2f%n",
                seeks,
                name,
                paid.merging,
                paid.reading,
                paid.total(),
                paid.hotRuns,
                paid.coldRuns));
      }
      Paid atll = all.get("atll");
      assertTrue(atll != null);
      for (Map.Entry<String, Paid> other : all.entrySet()) {
        // Without reads a wider fanout than T is cheaper still, and that one may choose it.
        boolean ownFanout = seeks == 0 && other.getKey().equals("ucs-adaptive");
        assertTrue(ownFanout || atll.total() <= other.getValue().total(), table::toString);
      }
      assertTrue(seeks == 0 || atll.hotRuns < atll.coldRuns, table::toString);
    }
    Golden.check(Golden.resource("testdata/policy/hot-range.txt"), table.toString());
  }

  private static Paid run(String name, int seeks) {
    Random random = new Random(11);
    long memtable = (long) MEMTABLE_KEYS * ModelRun.ENTRY_BYTES;
    PolicyModel tree =
        new PolicyModel(
            new PolicySettings(memtable, FANOUT, memtable / 4, 64, 10, Long.MAX_VALUE, 1001), COSTS, 5);
    CompactionPolicy policy = Policies.byName(name, 1);
    double reading = 0;
    long merged = 0;
    long hot = 0;
    long cold = 0;
    int counted = 0;
    for (int flush = 0; flush < FLUSHES; flush++) {
      TreeSet<Integer> keys = new TreeSet<>();
      while (keys.size() < MEMTABLE_KEYS) {
        keys.add(random.nextInt(KEYS));
      }
      tree.flush(
          new ModelRun(keys.stream().mapToInt(k -> k).toArray(), new boolean[keys.size()]));
      tree.settle(policy);
      tree.decayHeat(HEAT_KEPT);
      boolean counts = flush >= FLUSHES / 3;
      if (!counts) {
        merged = tree.bytesWritten + tree.bytesRead;
      }
      for (int i = 0; i < seeks; i++) {
        int key = random.nextInt(HOT_KEYS);
        tree.seek(key, 1);
        if (counts) {
          reading += (tree.runsAt(key) - 1) * COSTS.seekNanos();
        }
      }
      if (counts) {
        counted++;
        hot += tree.runsAt(random.nextInt(HOT_KEYS));
        cold += tree.runsAt(HOT_KEYS + random.nextInt(KEYS - HOT_KEYS));
      }
    }
    // Read and write cost differ; a merge reads about what it writes.
    double merging =
        (tree.bytesWritten + tree.bytesRead - merged) / 2.0
            * (COSTS.readByteNanos() + COSTS.writeByteNanos());
    return new Paid(
        merging / counted / 1000, reading / counted / 1000, hot / (double) counted,
        cold / (double) counted);
  }
}
