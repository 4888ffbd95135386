package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.version.Guards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotNumbersTest {
  /** A number stays while its lower guard stands, is never given again, and counts up as slots come. */
  @Test
  void numbersStayWithTheirLowerGuards() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotNumbers numbers = new SlotNumbers();
      Map<String, Long> known = new HashMap<>();
      long last = 0;
      Guards[] guards = {Guards.NONE, Guards.NONE};
      for (int round = 0; round < 30; round++) {
        Map<String, Long> present = new HashMap<>();
        for (int level = 1; level <= 2; level++) {
          if (random.nextBoolean()) {
            guards[level - 1] = guards(random);
          }
          long[] given = numbers.of(level, guards[level - 1]);
          assertEquals(guards[level - 1].slotCount(), given.length);
          for (int s = 0; s < given.length; s++) {
            String slot = level + "/" + List.of(boxed(guards[level - 1].low(s)));
            Long before = known.get(slot);
            long expected = before == null ? ++last : before;
            assertEquals(expected, given[s], "seed " + seed);
            present.put(slot, expected);
          }
        }
        known = present;
      }
    }
  }

  @Test
  void unchangedGuardsGetTheSameNumbers() {
    SlotNumbers numbers = new SlotNumbers();
    Guards guards = Guards.of(new byte[] {1}, new byte[] {2});
    long[] first = numbers.of(1, guards).clone();
    assertArrayEquals(new long[] {1, 2, 3}, first);
    assertArrayEquals(first, numbers.of(1, guards));
  }

  private static Guards guards(SplittableRandom random) {
    List<byte[]> keys = new ArrayList<>();
    for (byte key = 1; key < 20; key++) {
      if (random.nextInt(3) == 0) {
        keys.add(new byte[] {key});
      }
    }
    return Guards.of(keys.toArray(new byte[0][]));
  }

  private static Byte[] boxed(byte[] key) {
    Byte[] boxed = new Byte[key.length];
    for (int i = 0; i < key.length; i++) {
      boxed[i] = key[i];
    }
    return boxed;
  }
}
