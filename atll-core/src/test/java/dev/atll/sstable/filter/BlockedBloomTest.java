package dev.atll.sstable.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockedBloomTest {
  private static final int KEYS = 200_000;
  private static final int PROBES = 2_000_000;

  /** The keys are counters in eight bytes: a hash that is not one would show. */
  private static long hash(long number) {
    return Keys.hash(ByteBuffer.allocate(8).putLong(number).array(), 0, 8);
  }

  @ParameterizedTest
  @CsvSource({"1", "4", "8", "10", "12.5", "16", "20"})
  void admitsAllItsKeysAndFewOthers(double bitsPerKey) {
    BlockedBloom filter = BlockedBloom.ofBitsPerKey(bitsPerKey);
    int bytes = filter.bytesFor(KEYS);
    assertTrue(Math.abs(bytes * 8.0 / KEYS - bitsPerKey) < 0.01);
    long[] hashes = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      hashes[i] = hash(i);
    }
    byte[] array = new byte[bytes + 100];
    java.util.Arrays.fill(array, (byte) -1);
    filter.build(hashes, KEYS, array, 36);
    MemorySegment segment = MemorySegment.ofArray(array);
    BlockedBloom reread = BlockedBloom.ofProbes(filter.probes());
    for (long hash : hashes) {
      assertTrue(reread.mayContain(segment, 36, bytes, hash));
    }
    int admitted = 0;
    for (int i = 0; i < PROBES; i++) {
      admitted += reread.mayContain(segment, 36, bytes, hash(KEYS + i)) ? 1 : 0;
    }
    double expected = BlockedBloom.falsePositiveRate(bitsPerKey, filter.probes());
    double measured = (double) admitted / PROBES;
    assertTrue(
        measured < 1.25 * expected && measured > 0.75 * expected,
        "%.5f measured, %.5f expected at %.1f bits".formatted(measured, expected, bitsPerKey));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "10, 0"})
  void nothingTakesNoBytes(double bitsPerKey, int keys) {
    assertEquals(0, BlockedBloom.ofBitsPerKey(bitsPerKey).bytesFor(keys));
  }

  @ParameterizedTest
  @CsvSource({"8, 0.025", "10, 0.011", "16, 0.0013"})
  void isNotMuchWorseThanThePlainFilter(double bitsPerKey, double most) {
    BlockedBloom filter = BlockedBloom.ofBitsPerKey(bitsPerKey);
    assertTrue(BlockedBloom.falsePositiveRate(bitsPerKey, filter.probes()) < most);
  }

  /** Probes are looked for from above until the rate rises: that finds the least rate of all. */
  @Test
  void theProbesHaveTheLeastRateOfAll() {
    for (int tenths = 0; tenths <= 200; tenths++) {
      double bits = tenths / 10.0;
      int best = 1;
      for (int probes = 2; probes <= BlockedBloom.PROBES_MAX; probes++) {
        best =
            BlockedBloom.falsePositiveRate(bits, probes) < BlockedBloom.falsePositiveRate(bits, best)
                ? probes
                : best;
      }
      assertEquals(best, BlockedBloom.probesFor(bits), bits + " bits");
    }
  }
}
