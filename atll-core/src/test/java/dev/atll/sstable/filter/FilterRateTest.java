package dev.atll.sstable.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import dev.atll.sstable.block.Bytes;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of filter, written and read as in a file: its keys, its rate and its size. */
class FilterRateTest {
  private static final int OFFSET = 36;
  private static final byte[] KEY = new byte[8];

  /** The keys are counters in eight bytes: a hash that is not one would show. */
  private static long hash(long number) {
    Bytes.putLong(KEY, 0, number);
    return Keys.hash(KEY, 0, 8);
  }

  private static long[] hashes(int keys, long from) {
    long[] hashes = new long[keys];
    for (int i = 0; i < keys; i++) {
      hashes[i] = hash(from + i);
    }
    return hashes;
  }

  private record Written(FilterWriter writer, MemorySegment segment, int bytes, FilterSection read) {
    static Written of(long[] hashes, int count, FilterChoice choice)
        throws FilterSection.DamagedException {
      FilterWriter writer = new FilterWriter();
      int bytes = writer.prepare(hashes, count, choice);
      byte[] array = new byte[OFFSET + bytes + 100];
      java.util.Arrays.fill(array, (byte) -1);
      writer.write(hashes, count, array, OFFSET);
      MemorySegment segment = MemorySegment.ofArray(array);
      return new Written(writer, segment, bytes, FilterSection.read(segment, OFFSET, bytes, "test"));
    }

    boolean admits(long hash) {
      return read.mayContain(segment, hash);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BLOCKED_BLOOM, 1000, 10", "BLOCKED_BLOOM, 36000, 4", "BLOCKED_BLOOM, 36000, 8",
    "BLOCKED_BLOOM, 36000, 10", "BLOCKED_BLOOM, 36000, 12.5", "BLOCKED_BLOOM, 36000, 16",
    "BLOCKED_BLOOM, 300000, 6", "BLOCKED_BLOOM, 300000, 10",
    "RIBBON, 300, 10", "RIBBON, 1000, 8", "RIBBON, 36000, 1.5", "RIBBON, 36000, 4",
    "RIBBON, 36000, 7.3", "RIBBON, 36000, 8", "RIBBON, 36000, 10", "RIBBON, 36000, 12.5",
    "RIBBON, 300000, 6", "RIBBON, 300000, 9.2"
  })
  void rateIsWithinTenPercentOfThePredicted(FilterKind kind, int keys, double bitsPerKey)
      throws FilterSection.DamagedException {
    // Small filters differ from one another by more than that; many of them together do not.
    int filters = Math.max(keys < 100_000 ? 4 : 1, 40_000 / keys);
    double predicted = 0;
    long admitted = 0;
    long asked = 0;
    for (int f = 0; f < filters; f++) {
      long[] hashes = hashes(keys, (long) f * keys);
      Written filter = Written.of(hashes, keys, new FilterChoice(kind, bitsPerKey));
      assertEquals(kind == FilterKind.RIBBON, filter.writer().isRibbon());
      for (long hash : hashes) {
        assertTrue(filter.admits(hash), "a key of its own is denied");
      }
      double bits = 8.0 * filter.bytes() / keys;
      assertEquals(bitsPerKey, bits, 0.01 + 700.0 / keys);
      predicted += filter.writer().falsePositiveRate() / filters;
      // Enough probes that chance is a third of what is allowed.
      long probes = (long) Math.min(6_000_000, 900 / filter.writer().falsePositiveRate() / filters);
      for (long i = 0; i < probes; i++) {
        admitted += filter.admits(hash((1L << 40) * (f + 1) + i)) ? 1 : 0;
      }
      asked += probes;
    }
    double measured = (double) admitted / asked;
    assertEquals(1, measured / predicted, 0.1, "measured %.6f, predicted %.6f".formatted(measured, predicted));
  }

  /** Being smaller is what the second kind is for. */
  @ParameterizedTest
  @CsvSource({"8, 6", "10, 7.4", "16, 11.2", "20, 13.6"})
  void ribbonHasTheSameRateWithFewerBits(double bloomBits, double ribbonBits) {
    double bloom = FilterKind.BLOCKED_BLOOM.falsePositiveRate(36_000, bloomBits);
    double ribbon = FilterKind.RIBBON.falsePositiveRate(36_000, ribbonBits);
    assertTrue(ribbon < bloom, "ribbon %.6f, Bloom %.6f".formatted(ribbon, bloom));
  }

  @Test
  void duplicatesCostNothing() throws FilterSection.DamagedException {
    long[] hashes = new long[30_000];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(i % 1000);
    }
    Written filter = Written.of(hashes, hashes.length, new FilterChoice(FilterKind.RIBBON, 8));
    assertTrue(filter.writer().isRibbon());
    for (long hash : hashes) {
      assertTrue(filter.admits(hash));
    }
    java.util.Arrays.fill(hashes, 42);
    filter = Written.of(hashes, hashes.length, new FilterChoice(FilterKind.RIBBON, 8));
    assertTrue(filter.writer().isRibbon() && filter.admits(42));
    assertFalse(filter.admits(43));
  }

  /** One writer serves all partitions of a table: nothing of one filter may be left in the next. */
  @Test
  void aWriterIsUsedAgain() throws FilterSection.DamagedException {
    FilterWriter writer = new FilterWriter();
    int[] counts = {5000, 300, 0, 20, 9000, 256, 255, 2, 40_000, 700};
    for (int i = 0; i < counts.length; i++) {
      FilterChoice choice = new FilterChoice(FilterKind.values()[i / 3 % 2], i == 7 ? 0 : 4 + i);
      long[] hashes = hashes(counts[i], i * 100_000L);
      int bytes = writer.prepare(hashes, counts[i], choice);
      assertEquals(choice.bitsPerKey() == 0 || counts[i] == 0, bytes == 0);
      if (bytes == 0) {
        assertEquals(1.0, writer.falsePositiveRate());
        continue;
      }
      byte[] array = new byte[bytes];
      writer.write(hashes, counts[i], array, 0);
      byte[] alone = new byte[bytes];
      FilterWriter other = new FilterWriter();
      assertEquals(bytes, other.prepare(hashes, counts[i], choice));
      other.write(hashes, counts[i], alone, 0);
      org.junit.jupiter.api.Assertions.assertArrayEquals(alone, array);
      FilterSection read = FilterSection.read(MemorySegment.ofArray(array), 0, bytes, "test");
      for (long hash : hashes) {
        assertTrue(read.mayContain(MemorySegment.ofArray(array), hash));
      }
    }
  }

  @Test
  void planTakesTheStretchOfTheFirstKey() {
    FilterChoice a = new FilterChoice(FilterKind.RIBBON, 1);
    FilterChoice b = new FilterChoice(FilterKind.RIBBON, 2);
    FilterPlan plan =
        FilterPlan.of(new byte[][] {{5}, {9}}, new FilterChoice[] {a, b});
    assertEquals(a, plan.at(new byte[] {1}));
    assertEquals(a, plan.at(new byte[] {5}));
    assertEquals(a, plan.at(new byte[] {8, 1}));
    assertEquals(b, plan.at(new byte[] {9}));
    assertEquals(b, plan.at(new byte[] {9, 0}));
    assertEquals(FilterChoice.NONE, FilterChoice.of(FilterKind.RIBBON, 0.9));
    assertEquals(32, FilterChoice.of(FilterKind.RIBBON, 90).bitsPerKey());
  }
}
