package dev.atll.version;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class RevisionGapsTest {
  private static final int HIGHEST = 60;

  /** Revisions that exist, from 1 to the highest. */
  private static TreeSet<Long> existing(RevisionGaps gaps) {
    TreeSet<Long> all = new TreeSet<>();
    for (long r = 1; r <= HIGHEST; r++) {
      all.add(r);
    }
    for (int i = 0; i < gaps.count(); i++) {
      for (long r = gaps.before(i) + 1; r <= gaps.last(i); r++) {
        all.remove(r);
      }
    }
    return all;
  }

  private static RevisionGaps draw(Random random) {
    RevisionGaps gaps = RevisionGaps.NONE;
    for (int i = random.nextInt(5); i > 0; i--) {
      long before = random.nextInt(HIGHEST - 1);
      gaps = gaps.plus(before, before + random.nextInt((int) (HIGHEST - before)));
    }
    return gaps;
  }

  @Property(tries = 500)
  void gapsAreTheUnionOfWhatWasAdded(@ForAll long seed) {
    Random random = new Random(seed);
    RevisionGaps gaps = RevisionGaps.NONE;
    TreeSet<Long> missing = new TreeSet<>();
    for (int i = 0; i < 6; i++) {
      long before = random.nextInt(HIGHEST - 1);
      long last = before + random.nextInt((int) (HIGHEST - before));
      gaps = gaps.plus(before, last);
      for (long r = before + 1; r <= last; r++) {
        missing.add(r);
      }
      TreeSet<Long> rest = existing(RevisionGaps.NONE);
      rest.removeAll(missing);
      assertEquals(rest, existing(gaps));
      for (int g = 1; g < gaps.count(); g++) {
        assertEquals(1, Long.signum(gaps.before(g) - gaps.last(g - 1)), gaps::toString);
      }
    }
  }

  @Property(tries = 500)
  void theFloorLeavesAsManyAsAreRetained(
      @ForAll long seed, @ForAll @LongRange(max = 70) long retained) {
    RevisionGaps gaps = draw(new Random(seed));
    List<Long> existing = new ArrayList<>(existing(gaps).descendingSet());
    long floor = gaps.floor(HIGHEST, retained);
    // The newest state and as many before it can be read, and no more, numbers without a write apart.
    long oldest = retained < existing.size() ? existing.get((int) retained) : 0;
    assertEquals(Math.max(0, oldest), existing.isEmpty() ? 0 : clear(existing, floor), gaps::toString);
    assertEquals(floor, gaps.above(floor).floor(HIGHEST, retained));
  }

  /** The newest revision that exists at or below a floor, which is what a read there sees. */
  private static long clear(List<Long> descending, long floor) {
    return descending.stream().filter(r -> r <= floor).findFirst().orElse(0L);
  }

  @Test
  void largeNumbersDoNotOverflow() {
    RevisionGaps gaps = RevisionGaps.NONE.plus(50, 1L << 40);
    assertEquals(50, gaps.floor(1L << 40, 0));
    assertEquals(20, gaps.floor((1L << 40) + 10, 40));
    assertEquals(0, gaps.floor((1L << 40) + 10, 1L << 62));
    assertEquals((1L << 40) + 7, gaps.floor((1L << 40) + 10, 3));
    assertEquals("51-1099511627776", gaps.toString());
  }
}
