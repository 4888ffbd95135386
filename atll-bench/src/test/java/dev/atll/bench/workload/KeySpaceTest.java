package dev.atll.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class KeySpaceTest {
  private static final long INDEX_MAX = (1L << 62) - 1;

  @Property
  void mixingCanBeUndone(@ForAll long number) {
    assertEquals(number, Mixing.unmix(Mixing.mix(number)));
  }

  @Property
  void aKeyTellsItsNumber(
      @ForAll KeyOrder order, @ForAll @LongRange(min = 0, max = INDEX_MAX) long index) {
    KeySpace keys = new KeySpace(order);
    byte[] key = new byte[KeySpace.KEY_BYTES];
    keys.write(index, key);
    assertEquals(index, keys.index(key));
  }

  @Property
  void anAbsentKeyIsNoWrittenKey(
      @ForAll KeyOrder order, @ForAll @LongRange(min = 0, max = INDEX_MAX) long index) {
    KeySpace keys = new KeySpace(order);
    byte[] key = new byte[KeySpace.KEY_BYTES];
    keys.writeAbsent(index, key);
    // index() inverts write(): what it refuses, write() cannot have made.
    assertEquals(-1, keys.index(key));
    byte[] present = new byte[KeySpace.KEY_BYTES];
    keys.write(index, present);
    assertNotEquals(Arrays.toString(present), Arrays.toString(key));
  }

  @Property
  void orderedKeysSortAsTheirNumbers(
      @ForAll @LongRange(min = 0, max = INDEX_MAX) long a,
      @ForAll @LongRange(min = 0, max = INDEX_MAX) long b) {
    KeySpace keys = new KeySpace(KeyOrder.ORDERED);
    byte[] first = new byte[KeySpace.KEY_BYTES];
    byte[] second = new byte[KeySpace.KEY_BYTES];
    keys.write(a, first);
    keys.write(b, second);
    assertEquals(
        Integer.signum(Long.compare(a, b)), Integer.signum(Arrays.compareUnsigned(first, second)));
  }

  @Property
  void aValueMatchesItsKeyAndVersionOnly(
      @ForAll @LongRange(min = 0, max = 1000) long index,
      @ForAll @LongRange(min = 0, max = 1000) long version,
      @ForAll @LongRange(min = 8, max = 200) long length) {
    byte[] value = new byte[(int) length];
    Values.write(index, version, value);
    assertTrue(Values.matches(index, version, value));
    assertTrue(!Values.matches(index + 1, version, value));
    assertTrue(!Values.matches(index, version + 1, value));
    value[value.length - 1] ^= 1;
    assertTrue(!Values.matches(index, version, value));
  }
}
