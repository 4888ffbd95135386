package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntryDigestTest {
  /** Changing any bit of any part of an entry changes the digest, as does a shift between parts. */
  @Test
  void everyBitCounts() {
    Random random = new Random(1);
    for (int length = 0; length < 130; length++) {
      Set<Long> seen = new HashSet<>();
      byte[] value = new byte[length];
      random.nextBytes(value);
      long hash = random.nextLong();
      long revision = random.nextLong(1L << 50);
      int digests = 0;
      for (int bit = 0; bit < 8 * length; bit++) {
        value[bit / 8] ^= (byte) (1 << (bit & 7));
        seen.add(digest(hash, revision, 1, value));
        digests++;
        value[bit / 8] ^= (byte) (1 << (bit & 7));
      }
      for (int bit = 0; bit < 50; bit++) {
        seen.add(digest(hash, revision ^ 1L << bit, 1, value));
        seen.add(digest(hash ^ 1L << bit, revision, 1, value));
        digests += 2;
      }
      seen.add(digest(hash, revision, 0, value));
      seen.add(digest(hash, revision, 1, value));
      seen.add(digest(hash, revision, 1, new byte[length + 1]));
      assertEquals(digests + 3, seen.size(), "length " + length);
    }
  }

  @Test
  void doesNotDependOnWhereTheValueIs() {
    Random random = new Random(2);
    try (Arena arena = Arena.ofConfined()) {
      for (int length = 0; length < 200; length++) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        long expected = digest(5, 6, 1, value);
        MemorySegment elsewhere = arena.allocate(length + 7);
        MemorySegment.copy(MemorySegment.ofArray(value), 0, elsewhere, 7, length);
        assertEquals(expected, EntryDigest.of(5, 6, 1, elsewhere, 7, length));
      }
    }
  }

  /** Random digests have about half their bits set, and sums of many do not collapse. */
  @Test
  void bitsAreSpread() {
    long bits = 0;
    byte[] value = new byte[24];
    for (int i = 0; i < 10_000; i++) {
      value[0] = (byte) i;
      value[1] = (byte) (i >> 8);
      bits += Long.bitCount(digest(i, i, 1, value));
    }
    assertTrue(Math.abs(bits / 10_000.0 - 32) < 0.2, bits / 10_000.0 + " bits");
  }

  private static long digest(long hash, long revision, int kind, byte[] value) {
    return EntryDigest.of(hash, revision, kind, MemorySegment.ofArray(value), 0, value.length);
  }
}
