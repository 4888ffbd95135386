package dev.atll.bench.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Follows sampled reads through the tree and charges the boundaries they cross. */
final class SimReads {
  private static final int PATHS = 16;

  private final SimTree tree;
  private final OpDraws draws;
  private final SimSettings settings;
  private final double falsePositiveRate;
  private final SimKey key = new SimKey();
  private SimRun[] asked = new SimRun[16];
  private @Nullable SimSlot[] askedIn = new SimSlot[16];
  private boolean[] blocks = new boolean[16];
  private double getsDue;
  private double missesDue;
  private double seeksDue;

  SimReads(SimTree tree, OpDraws draws, SimSettings settings, double falsePositiveRate) {
    this.tree = tree;
    this.draws = draws;
    this.settings = settings;
    this.falsePositiveRate = falsePositiveRate;
  }

  /** The reads among so many operations. */
  void step(SimLoad load, double ops, Simulator.Memory memory, double inserted, SimTotals totals) {
    tree.cache.fit(tree.storedEntries());
    double insertedNow = inserted + memory.filled() * memory.inserts();
    getsDue += ops * load.gets() / settings.sample();
    for (; getsDue >= 1; getsDue--) {
      draws.read(key, (long) insertedNow);
      get(memory, true, totals);
    }
    missesDue += ops * load.misses() / settings.sample();
    for (; missesDue >= 1; missesDue--) {
      draws.read(key, (long) insertedNow);
      get(memory, false, totals);
    }
    seeksDue += ops * load.scans() / settings.sample();
    for (; seeksDue >= 1; seeksDue--) {
      draws.read(key, (long) insertedNow);
      seek(totals, load.scanEntries());
    }
  }

  private void get(Simulator.Memory memory, boolean exists, SimTotals totals) {
    int weight = settings.sample();
    if (exists) {
      totals.gets += weight;
      if (inMemory(memory)) {
        return;
      }
    } else {
      totals.misses += weight;
    }
    int count = 0;
    int probes = 0;
    int blockReads = 0;
    boolean found = false;
    boolean value = false;
    for (int level = 0; level <= tree.deepest && !found; level++) {
      SimSlot slot = level == 0 ? null : tree.slotOf(level, key.bucket);
      if (slot != null) {
        slot.heat(weight, 0, 0);
      }
      for (SimRun run : slot == null ? tree.levelZero : slot.runs) {
        boolean inside = run.low <= key.bucket && key.bucket < run.high;
        if (!inside && slot == null) {
          continue;
        }
        if (count == asked.length) {
          asked = Arrays.copyOf(asked, 2 * count);
          askedIn = Arrays.copyOf(askedIn, 2 * count);
          blocks = Arrays.copyOf(blocks, 2 * count);
        }
        asked[count] = run;
        askedIn[count] = slot;
        blocks[count] = false;
        count++;
        if (!inside) {
          continue;
        }
        probes++;
        found = exists && draws.nextDouble() < run.content.presence(draws.keys(), key);
        if (found || draws.nextDouble() < falsePositiveRate) {
          blocks[count - 1] = true;
          blockReads++;
        }
        if (found) {
          value = draws.nextDouble() >= run.content.deleted(key);
          break;
        }
      }
    }
    if (!tree.cache.isMapped()) {
      totals.waitNanos += waited(count, totals) * weight;
    }
    for (int i = 0; i + 1 < count; i++) {
      charge(asked[i], blocks[i], !value, weight);
      SimSlot slot = askedIn[i];
      if (slot != null) {
        slot.forget();
      }
    }
    if (exists) {
      totals.getProbes += (double) probes * weight;
      totals.getBlocks += (double) blockReads * weight;
    } else {
      totals.missProbes += (double) probes * weight;
      totals.missBlocks += (double) blockReads * weight;
    }
  }

  private void charge(SimRun run, boolean block, boolean missed, int weight) {
    run.probes += weight;
    run.falsePositives += block ? weight : 0;
    if (missed) {
      run.missProbes += weight;
      run.missFalsePositives += block ? weight : 0;
    }
  }

  private boolean inMemory(Simulator.Memory memory) {
    if (key.insertNumber >= 0) {
      return key.insertNumber >= memory.insertsFrom();
    }
    float[] drawn = memory.content().draws;
    return drawn != null
        && draws.nextDouble()
            < draws
                .keys()
                .reached(drawn[key.bucket] * memory.filled(), key.bucket, key.weight);
  }

  /** Reads the blocks that a get asks for; returns what it waits for them, in nanoseconds. */
  private double waited(int count, SimTotals totals) {
    double waited = 0;
    for (int i = 0; i < count; i++) {
      if (blocks[i]) {
        waited += tree.cache.get(asked[i], key, blocksOf(askedIn[i], totals));
      }
    }
    return waited;
  }

  private static SimTotals.Blocks blocksOf(@Nullable SimSlot slot, SimTotals totals) {
    return totals.blocks(slot == null ? 0 : slot.level);
  }

  /** How much of the key space a scan of so many entries passes, in buckets. */
  private double passed(int entries, int low, int high) {
    double dense = draws.keys().loadedKeys(key.bucket);
    for (int level = 1; level <= tree.deepest; level++) {
      for (SimRun run : tree.slotOf(level, key.bucket).runs) {
        if (run.overlaps(low, high) && run.low <= key.bucket && key.bucket < run.high) {
          dense = Math.max(dense, run.content.entries(key.bucket, key.bucket + 1));
        }
      }
    }
    // It ends on the last entry, not behind it.
    return (entries - 1) / Math.max(1, dense);
  }

  private void seek(SimTotals totals, int entries) {
    int weight = settings.sample();
    totals.seeks += weight;
    SimSlot segment = tree.deepest == 0 ? null : tree.slotOf(tree.deepest, key.bucket);
    int low = segment == null ? 0 : segment.low;
    int high = segment == null ? draws.keys().buckets() : segment.high;
    double passed = tree.cache.isMapped() ? 0 : passed(entries, low, high);
    double waited = 0;
    SimRun last = null;
    int count = 0;
    for (SimRun run : tree.levelZero) {
      if (run.overlaps(low, high)) {
        last = next(last, run, weight);
        waited += tree.cache.seek(run, key, passed, totals.blocks(0));
        count++;
      }
    }
    for (int level = 1; level <= tree.deepest; level++) {
      SimSlot slot = tree.slotOf(level, key.bucket);
      slot.heat(0, weight, 0);
      for (SimRun run : slot.runs) {
        if (run.overlaps(low, high)) {
          last = next(last, run, weight);
          waited += tree.cache.seek(run, key, passed, totals.blocks(level));
          count++;
          slot.forget();
        }
      }
    }
    totals.seekRuns += (double) count * weight;
    totals.waitNanos += waited * weight;
  }

  /** The run before the newest pays its boundary. */
  private static SimRun next(@Nullable SimRun before, SimRun run, int weight) {
    if (before != null) {
      before.seeks += weight;
    }
    return run;
  }

  /** The share of a flush's entries that filters of older runs seem to know. */
  double knownShare(double overwriting, double inserting) {
    double all = overwriting + inserting;
    if (all <= 0) {
      return 0;
    }
    double paths = 0;
    int buckets = draws.keys().buckets();
    for (int i = 0; i < PATHS; i++) {
      int bucket = (int) ((i + 0.5) * buckets / PATHS);
      paths += tree.levelZero.size();
      for (int level = 1; level <= tree.deepest; level++) {
        paths += tree.slotOf(level, bucket).runs.size();
      }
    }
    double mistaken = 1 - Math.pow(1 - falsePositiveRate, paths / PATHS);
    return (overwriting + inserting * mistaken) / all;
  }
}
