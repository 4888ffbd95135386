package dev.atll.version;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class GuardsTest {
  @Property(tries = 500)
  void slotsAreWhatCountingGuardsSays(@ForAll long seed) {
    Random random = new Random(seed);
    TreeSet<byte[]> keys = new TreeSet<>(Keys::compare);
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      keys.add(key(random, 1));
    }
    Guards guards = Guards.of(keys.toArray(byte[][]::new));
    assertEquals(keys.size() + 1, guards.slotCount());
    for (int i = 0; i < 50; i++) {
      byte[] key = i < guards.size() ? guards.key(i) : key(random, 0);
      int slot = keys.headSet(key, true).size();
      assertEquals(slot, guards.slotOf(key));
      assertTrue(Keys.compare(guards.low(slot), key) <= 0);
      byte[] high = guards.high(slot);
      assertTrue(high == null || Keys.compare(key, high) < 0);
      // The last slot with keys below a bound: a guard as bound leaves its own slot out.
      assertEquals(keys.headSet(key, false).size(), guards.lastSlotBelow(key));
      assertEquals(keys.contains(key), guards.contains(key));
    }
    assertEquals(keys.size(), guards.lastSlotBelow(null));
    assertNull(guards.high(guards.slotCount() - 1));
  }

  @Property(tries = 200)
  void startsAreWhatLookingForEachSlotSays(@ForAll long seed) {
    Random random = new Random(seed);
    TreeSet<byte[]> fine = new TreeSet<>(Keys::compare);
    TreeSet<byte[]> coarse = new TreeSet<>(Keys::compare);
    for (int i = random.nextInt(40); i > 0; i--) {
      byte[] key = key(random, 1);
      fine.add(key);
      if (random.nextBoolean()) {
        coarse.add(key.clone());
      }
    }
    Guards few = Guards.of(coarse.toArray(byte[][]::new));
    Guards many = Guards.of(fine.toArray(byte[][]::new));
    int[] starts = few.startsIn(many);
    for (int s = 0; s < few.slotCount(); s++) {
      assertEquals(many.slotOf(few.low(s)), starts[s]);
      assertEquals(many.lastSlotBelow(few.high(s)), starts[s + 1] - 1);
    }
    assertEquals(few.slotCount() + 1, starts.length);
  }

  @Property(tries = 200)
  void withAndWithoutUndoEachOther(@ForAll long seed) {
    Random random = new Random(seed);
    Guards guards = Guards.NONE;
    for (int i = 0; i < 10; i++) {
      byte[] key = key(random, 1);
      if (!guards.contains(key)) {
        Guards more = guards.with(key);
        assertTrue(guards.isSubsetOf(more));
        assertFalse(more.isSubsetOf(guards));
        assertArrayEquals(guards.keys(), more.without(key).keys());
        guards = more;
      }
    }
  }

  @Test
  void keysMustAscendAndNotBeEmpty() {
    byte[] a = {1};
    byte[] b = {2};
    assertThrows(AssertionError.class, () -> Guards.of(b, a));
    assertThrows(AssertionError.class, () -> Guards.of(a, a));
    assertThrows(AssertionError.class, () -> Guards.of(new byte[0]));
  }

  // Few distinct bytes and lengths beyond eight, so that equal heads occur.
  private static byte[] key(Random random, int shortest) {
    byte[] key = new byte[shortest + random.nextInt(11)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : i < 7 ? 0 : 0xFF);
    }
    return key;
  }
}
