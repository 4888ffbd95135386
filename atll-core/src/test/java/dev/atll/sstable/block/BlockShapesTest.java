package dev.atll.sstable.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Blocks of every size that may be asked for, really filled, with keys and values of every length:
 * what was encoded is found by gets, by seeks and by a cursor both ways. One seed again: {@code
 * -Dseed=N}.
 */
@Timeout(60)
final class BlockShapesTest {
  private static final int BLOCK_BYTES_MAX = 1 << 20;
  private static final int KEY_BYTES_MAX = 64 << 10;

  private record Entry(byte[] key, long revision, int kind, byte[] value) {}

  /** Where the bytes of a block are: what decides on widths, strides and prefixes. */
  private enum Weight {
    KEYS,
    VALUES,
    BOTH,
    NEITHER
  }

  @Test
  void everyShapeIsReadBack() {
    Long only = Long.getLong("seed");
    long from = only == null ? 0 : only;
    long to = only == null ? 100 : only + 1;
    boolean[] seen = new boolean[8];
    for (long seed = from; seed < to; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Entry> entries = entries(random, Weight.values()[(int) (seed % 4)]);
      try {
        seen[check(entries, random)] = true;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dseed=" + seed + ": " + entries.size() + " entries", e);
      }
    }
    if (only == null) {
      for (int flags = 0; flags < seen.length; flags++) {
        assertTrue(seen[flags], "no block with the flags " + flags);
      }
    }
  }

  /** As many entries as a writer would put into one block of a random size. */
  private static List<Entry> entries(SplittableRandom random, Weight weight) {
    long limit = 1L << random.nextInt(8, 21);
    assertTrue(limit <= BLOCK_BYTES_MAX);
    boolean longKeys = weight == Weight.KEYS || weight == Weight.BOTH;
    boolean longValues = weight == Weight.VALUES || weight == Weight.BOTH;
    int suffixMax = longKeys ? 1 << random.nextInt(5, 15) : random.nextInt(1, 20);
    int valueMax = longValues ? 1 << random.nextInt(5, 17) : random.nextInt(0, 12);
    int prefix = random.nextInt(3) == 0 ? random.nextInt(KEY_BYTES_MAX - suffixMax - 8) : 0;
    boolean alike = random.nextBoolean();
    boolean sameValues = random.nextBoolean();
    int deletions = random.nextInt(3) * 50;
    int versions = random.nextInt(3) == 0 ? random.nextInt(1, 40) : 1;
    long revisionSpan = 1L << random.nextInt(1, 62);
    byte[] shared = new byte[prefix];
    fill(random, shared);
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (int number = 0; ; number++) {
      int length = Integer.BYTES + (alike ? suffixMax : random.nextInt(suffixMax + 1));
      byte[] key = Arrays.copyOf(shared, prefix + length);
      Bytes.putInt(key, prefix, number);
      for (int i = prefix + Integer.BYTES; i < key.length; i += 16) {
        key[i] = (byte) random.nextInt();
      }
      long revision = random.nextLong(revisionSpan) + versions;
      for (int v = random.nextInt(versions); v >= 0; v--) {
        boolean delete = random.nextInt(100) < deletions;
        byte[] value =
            new byte[delete ? 0 : sameValues ? valueMax : random.nextInt(valueMax + 1)];
        fill(random, value);
        bytes += Math.max(Long.BYTES, key.length) + value.length + 5;
        if (!entries.isEmpty()
            && (bytes + DataBlock.HEADER > limit || entries.size() == DataBlock.ENTRIES_MAX)) {
          return entries;
        }
        entries.add(new Entry(key, revision--, delete ? ValueKind.DELETE : ValueKind.PUT, value));
      }
    }
  }

  private static void fill(SplittableRandom random, byte[] bytes) {
    Arrays.fill(bytes, (byte) random.nextInt());
    for (int i = 0; i + Long.BYTES <= bytes.length; i += 64) {
      Bytes.putLong(bytes, i, random.nextLong());
    }
  }

  /** Checks a block of the entries and returns its flags. */
  private static int check(List<Entry> entries, SplittableRandom random) {
    BlockBuilder builder = new BlockBuilder();
    for (Entry e : entries) {
      MemorySegment value = MemorySegment.ofArray(e.value);
      builder.add(e.key, 0, e.key.length, e.revision, e.kind, value, 0, e.value.length);
    }
    int base = random.nextInt(20);
    int length = builder.plan();
    byte[] bytes = new byte[base + length + DataBlock.SLACK];
    assertEquals(base + length, builder.encode(bytes, base));
    MemorySegment segment = MemorySegment.ofArray(bytes);
    assertNull(DataBlock.damage(segment, base, length));
    long meta = DataBlock.meta(segment, base);
    assertEquals(entries.size(), DataBlock.count(meta));

    BlockCursor cursor = new BlockCursor();
    cursor.open(segment, base, length);
    for (int i = 0; i < entries.size(); i++) {
      checkAt(cursor, i, entries.get(i));
    }
    for (int i = entries.size() - 1; i >= 0; i--) {
      checkAt(cursor, i, entries.get(i));
    }
    Lookup lookup = new Lookup();
    for (int i = 0; i < entries.size(); i++) {
      Entry e = entries.get(i);
      assertEquals(i, cursor.seek(e.key, 0, e.key.length, e.revision));
      lookup.ask(e.key, 0, e.key.length, e.revision);
      DataBlock.get(segment, base, length, lookup);
      assertEquals(
          e.kind == ValueKind.DELETE ? Lookup.Answer.DELETED : Lookup.Answer.FOUND,
          lookup.answer,
          () -> "get of an encoded key");
      assertEquals(e.revision, lookup.foundRevision);
      if (e.kind != ValueKind.DELETE) {
        checkValue(e, segment, lookup.valueOffset, lookup.valueLength);
      }
    }
    return DataBlock.flags(meta);
  }

  private static void checkAt(BlockCursor cursor, int i, Entry want) {
    cursor.moveTo(i);
    assertEquals(want.key.length, cursor.keyLength());
    assertTrue(
        Keys.compare(want.key, 0, want.key.length, cursor.keyArray(), 0, cursor.keyLength()) == 0,
        "key");
    assertEquals(Keys.head(want.key, 0, want.key.length), cursor.keyHead());
    assertEquals(want.revision, cursor.revision());
    assertEquals(want.kind, cursor.kind());
    checkValue(want, cursor.segment(), cursor.valueOffset(), cursor.valueLength());
  }

  private static void checkValue(Entry want, MemorySegment segment, long offset, int length) {
    assertEquals(want.value.length, length);
    assertTrue(
        Arrays.equals(
            want.value, segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)),
        "value");
  }
}
