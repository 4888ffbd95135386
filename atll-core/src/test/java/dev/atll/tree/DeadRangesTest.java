package dev.atll.tree;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.tree.DeadRanges.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random puts, deletions and scans at any revision against a list of all that happened: no range that
 * is handed out may hold a key that is alive at the revision asked for, however many puts came between.
 */
class DeadRangesTest {
  private static final int KEYS = 24;
  private static final int STEPS = 6_000;
  private static final int LIVES = 1_000;
  private static final int KEYS_OF_SHORT_LIVES = 4;

  // More than are noted, and so long ago that nobody notes them any more.
  private static final int MANY = 1_500;
  private static final long LONG = (1 << 20) + 10;

  private record Change(long revision, boolean alive) {}

  private final DeadRanges ranges = new DeadRanges();
  private final List<List<Change>> changes = new ArrayList<>();
  private long revision = 1;
  private long handedOut;

  DeadRangesTest() {
    for (int k = 0; k < KEYS; k++) {
      changes.add(new ArrayList<>());
    }
  }

  /** As a scan over a forged table finds it, whose entries are out of order. */
  @Test
  void aRangeThatEndsBeforeItBeginsIsNotTaken() {
    byte[] less = {1};
    byte[] greater = {5};
    ranges.found(less, greater, 1); // now puts are noted
    assertTrue(ranges.isNoting(2));
    ranges.found(greater, less, 2);
    assertNull(ranges.forward(new byte[0], 2));
    ranges.found(greater, greater, 2);
    assertNull(ranges.forward(new byte[0], 2));
    ranges.found(less, greater, 2);
    assertNotNull(ranges.forward(new byte[0], 2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noRangeHoldsWhatIsAlive(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> snapshots = new ArrayList<>(List.of(1L));
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(40)) {
        case 0 -> {
          for (int i = 0; i < MANY; i++) {
            write(KEYS - 1, true);
          }
        }
        case 1 -> revision += random.nextInt(20) == 0 ? LONG : 1;
        case 2, 3, 4, 5, 6, 7 -> write(random.nextInt(KEYS), true);
        case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 -> write(random.nextInt(KEYS), false);
        case 18 -> snapshots.add(revision);
        default -> {
          long at = random.nextBoolean() ? revision : snapshots.get(random.nextInt(snapshots.size()));
          scan(random.nextInt(KEYS), at);
          check(random.nextInt(KEYS), at);
          check(random.nextInt(KEYS), revision);
        }
      }
    }
    assertTrue(handedOut > 500, () -> "ranges handed out: " + handedOut);
  }

  /**
   * Puts are noted from the first commit after a scan asked for it: many short lives, with scans at
   * the last few revisions, so that those around that commit are met.
   */
  @Test
  void noRangeHoldsWhatWasPutBeforePutsWereNoted() {
    long handedOutInAll = 0;
    for (long seed = 1; seed <= LIVES; seed++) {
      handedOutInAll += new DeadRangesTest().shortLife(new SplittableRandom(seed));
    }
    long handed = handedOutInAll;
    assertTrue(handed > 20 * LIVES, () -> "ranges handed out: " + handed);
  }

  private long shortLife(SplittableRandom random) {
    for (int step = 0; step < 60; step++) {
      int key = random.nextInt(KEYS_OF_SHORT_LIVES);
      if (step == 30) {
        revision += LONG; // nothing is noted any more, if no range is known
      }
      if (random.nextInt(3) == 0) {
        write(key, random.nextBoolean());
      } else {
        long at = Math.max(1, revision - random.nextInt(4));
        scan(key, at);
        check(key, at);
        check(key, revision);
      }
    }
    return handedOut;
  }

  private void write(int key, boolean alive) {
    revision++;
    if (ranges.isNoting(revision) && alive) {
      ranges.put(revision, bytes(key), 0, 1);
    }
    changes.get(key).add(new Change(revision, alive));
  }

  /** What a scan from a key on does at the first dead stretch it meets. */
  private void scan(int from, long at) {
    int low = from;
    while (low < KEYS && isAlive(low, at)) {
      low++;
    }
    int high = low;
    while (high < KEYS && !isAlive(high, at)) {
      high++;
    }
    if (low < high) {
      ranges.found(bytes(low), high == KEYS ? null : bytes(high), at);
    }
  }

  private void check(int key, long at) {
    check(ranges.forward(bytes(key), at), at);
    check(ranges.backward(bytes(key), at), at);
  }

  private void check(Range range, long at) {
    if (range == null) {
      return;
    }
    handedOut++;
    int end = range.high() == null ? KEYS : range.high()[0] + (range.high().length > 1 ? 1 : 0);
    for (int k = range.low()[0] + (range.low().length > 1 ? 1 : 0); k < end; k++) {
      int alive = k;
      assertFalse(isAlive(k, at), () -> "key " + alive + " is alive at " + at + " in " + range);
    }
  }

  private boolean isAlive(int key, long at) {
    List<Change> all = changes.get(key);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).revision <= at) {
        return all.get(i).alive;
      }
    }
    return false;
  }

  private static byte[] bytes(int key) {
    return new byte[] {(byte) key};
  }
}
