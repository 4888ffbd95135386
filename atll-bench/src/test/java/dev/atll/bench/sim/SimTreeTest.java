package dev.atll.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimTreeTest {
  private static final int BUCKETS = 256;
  private static final double KEYS_PER_BUCKET = 40;

  private final SimSettings settings = SimSettings.defaults().toBuilder().levelCount(4).build();
  private final KeyModel keys = keys();
  private final SimTree tree = new SimTree(keys, settings);
  private long flushes;

  private static KeyModel keys() {
    double[] perBucket = new double[BUCKETS];
    Arrays.fill(perBucket, KEYS_PER_BUCKET);
    return new KeyModel(perBucket, new Popularity.Uniform());
  }

  /** Inserts as many in each bucket, so that nothing in two runs is the same. */
  private void flush(double entriesPerBucket) {
    Content content = new Content(0, BUCKETS, false, false, false, true);
    Arrays.fill(Objects.requireNonNull(content.inserts), (float) entriesPerBucket);
    content.seal(keys);
    flushes++;
    double entries = content.entries(0, BUCKETS);
    tree.flushed(tree.newRun(content, new SimFile(entries), 0, BUCKETS, 0, 1, flushes));
    tree.admit();
  }

  private double shown() {
    double sum = tree.levelZero.stream().mapToDouble(run -> run.entries).sum();
    for (int i = 1; i <= tree.levelCount(); i++) {
      for (SimSlot slot : tree.slots(i)) {
        sum += slot.runs.stream().mapToDouble(run -> run.entries).sum();
      }
    }
    return sum;
  }

  /** Slots cut the key space without a gap, ranks are right, guards of a level are guards below. */
  private void check() {
    Set<Integer> above = Set.of();
    for (int i = 1; i <= tree.levelCount(); i++) {
      Set<Integer> lows = new HashSet<>();
      int at = 0;
      List<SimSlot> slots = tree.slots(i);
      for (int s = 0; s < slots.size(); s++) {
        SimSlot slot = slots.get(s);
        assertEquals(at, slot.low);
        assertTrue(slot.high > slot.low);
        assertEquals(s, slot.rank);
        assertEquals(s, tree.rankOf(i, slot.low));
        assertEquals(s, tree.rankOf(i, slot.high - 1));
        for (SimRun run : slot.runs) {
          assertTrue(run.low >= slot.low && run.high <= slot.high, "a run reaches out of its slot");
        }
        lows.add(slot.low);
        at = slot.high;
      }
      assertEquals(BUCKETS, at);
      assertTrue(lows.containsAll(above), "a guard of level " + (i - 1) + " is none of level " + i);
      above = lows;
    }
  }

  @Test
  void aFlushIsHandedToLevelOneWhole() {
    flush(2);
    assertTrue(tree.levelZero.isEmpty());
    assertEquals(2.0 * BUCKETS, shown(), 1e-3);
    assertEquals(2.0 * BUCKETS, tree.storedEntries(), 1e-3);
    check();
  }

  @Test
  void aSplitKeepsAllAndCutsTheLevelsBelow() {
    flush(2);
    SimSlot slot = tree.slots(1).get(0);
    assertTrue(SimActions.split(tree, slot));
    check();
    for (int i = 1; i <= tree.levelCount(); i++) {
      assertEquals(2, tree.slots(i).size());
    }
    assertEquals(2.0 * BUCKETS, shown(), 1e-3);
    double left = tree.slots(1).get(0).bytes();
    double right = tree.slots(1).get(1).bytes();
    assertEquals(left, right, 0.1 * right);
  }

  @Test
  void joiningUndoesASplit() {
    flush(2);
    SimActions.moveDown(tree, tree.slots(1).get(0), 0);
    assertTrue(SimActions.split(tree, tree.slots(2).get(0)));
    assertEquals(2, tree.slots(2).size());
    assertEquals(1, tree.slots(1).size());
    assertTrue(SimActions.join(tree, keys, tree.slots(2).get(0)));
    check();
    assertEquals(1, tree.slots(2).size());
    assertEquals(2.0 * BUCKETS, shown(), 1e-3);
  }

  @Test
  void nothingIsCutThroughALease() {
    flush(2);
    tree.slots(3).get(0).leased = true;
    assertFalse(SimActions.split(tree, tree.slots(1).get(0)));
    assertEquals(1, tree.slots(1).size());
    check();
  }

  @Test
  void aMoveTakesTheFileAlongAndWritesNothing() {
    flush(2);
    SimActions.moveDown(tree, tree.slots(1).get(0), 0);
    assertTrue(SimActions.split(tree, tree.slots(2).get(0)));
    flush(3);
    SimActions.moveDown(tree, tree.slots(1).get(0), 0);
    check();
    assertEquals(0, tree.slots(1).get(0).runs.size());
    assertEquals(2, tree.slots(2).get(0).runs.size());
    assertEquals(2, tree.slots(2).get(1).runs.size());
    assertEquals(2, tree.deepest);
    assertEquals(5.0 * BUCKETS, shown(), 1e-3);
    assertEquals(5.0 * BUCKETS, tree.storedEntries(), 1e-3);
  }

  @Test
  void whateverIsDoneEntriesAndGuardsStayWhole() {
    for (int seed = 1; seed <= 20; seed++) {
      SimTreeTest other = new SimTreeTest();
      other.atRandom(new Random(seed));
    }
  }

  private void atRandom(Random random) {
    double entries = 0;
    boolean joined = false;
    for (int step = 0; step < 60; step++) {
      int level = 1 + random.nextInt(tree.levelCount());
      List<SimSlot> slots = tree.slots(level);
      SimSlot slot = slots.get(random.nextInt(slots.size()));
      switch (random.nextInt(4)) {
        case 0 -> {
          flush(4);
          entries += 4.0 * BUCKETS;
        }
        case 1 -> SimActions.split(tree, slot);
        case 2 -> {
          if (level < tree.levelCount() && !slot.runs.isEmpty()) {
            SimActions.moveDown(tree, slot, random.nextInt(slot.runs.size()));
          }
        }
        default -> joined |= SimActions.join(tree, keys, slot);
      }
      check();
      assertEquals(entries, shown(), 1e-3 * entries + 1e-6);
      // What a join rewrote is dead in its old file, which other slots may still show parts of.
      double dead = tree.storedEntries() - entries;
      assertTrue(Math.abs(dead) < 1e-3 * entries + 1e-6 || (joined && dead > 0), () -> "" + dead);
    }
  }
}
