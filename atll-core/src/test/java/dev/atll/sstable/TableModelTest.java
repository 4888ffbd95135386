package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.sstable.TableModel.Entry;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random tables against a sorted list. One seed again: {@code -Datll.seed=N}. */
class TableModelTest {
  private static final int TABLES = Integer.getInteger("atll.tables", 200);
  private static final long FILE_NUMBER = 7;

  @Test
  void randomTablesAnswerLikeSortedLists() throws IOException {
    Long only = Long.getLong("atll.seed");
    long from = only == null ? 1 : only;
    long to = only == null ? TABLES : only;
    for (long seed = from; seed <= to; seed++) {
      Random random = new Random(seed);
      TableModel model = TableModel.random(random);
      try {
        check(model, random);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Datll.seed=" + seed + ": " + model, e);
      }
    }
  }

  private static void check(TableModel model, Random random) throws IOException {
    HeapFile.Out out = new HeapFile.Out();
    TableInfo written = model.write(out, FILE_NUMBER);
    BlockCache cache =
        random.nextBoolean() ? new BlockCache(random.nextInt(3) == 0 ? 2000 : 1 << 20) : null;
    boolean mapped = random.nextBoolean();
    try (FrameCache frames = new FrameCache(1L << 10 + random.nextInt(12), 1 << random.nextInt(12));
        TableReader reader =
            TableReader.open(
                new HeapFile.In(out.bytes()), FILE_NUMBER, "000007.sst", cache,
                random.nextInt(4) == 0 ? null : frames,
                random.nextBoolean() ? null : new IndexBudget(random.nextInt(1000)), mapped)) {
      checkInfo(model, written, reader.info());
      for (Entry entry : model.entries) {
        checkGet(model, reader, entry.key(), entry.revision());
        checkGet(model, reader, entry.key(), Long.MAX_VALUE);
        checkGet(model, reader, entry.key(), Math.max(0, entry.revision() - 1));
        checkGet(model, reader, neighbour(entry.key(), random), Long.MAX_VALUE);
      }
      checkGet(model, reader, Keys.EMPTY, Long.MAX_VALUE);
      walk(model, reader, Keys.EMPTY, null, random);
      for (int i = 0; i < 6; i++) {
        byte[] low = someKey(model, random);
        byte[] high = random.nextInt(4) == 0 ? null : someKey(model, random);
        walk(model, reader, low, high, random);
        checkEstimates(model, reader, low, high);
      }
      reader.verify();
    }
  }

  private static void checkInfo(TableModel model, TableInfo written, TableInfo read) {
    assertEquals(written.entries(), read.entries());
    assertEquals(model.entries.size(), read.entries());
    assertEquals(
        model.entries.stream().filter(e -> e.kind() == ValueKind.DELETE).count(),
        read.tombstones());
    assertEquals(written.fileBytes(), read.fileBytes());
    assertEquals(written.digest(), read.digest());
    assertEquals(written.keyBytes(), read.keyBytes());
    assertEquals(written.valueBytes(), read.valueBytes());
    assertEquals(
        model.entries.stream().mapToLong(Entry::revision).min().orElse(0), read.minRevision());
    assertEquals(
        model.entries.stream().mapToLong(Entry::revision).max().orElse(0), read.maxRevision());
    assertEquals(written.minRevision(), read.minRevision());
    assertEquals(written.partitions().size(), read.partitions().size());
    if (!model.entries.isEmpty()) {
      assertArrayEquals(model.entries.getFirst().key(), read.smallestKey());
      assertArrayEquals(model.entries.getLast().key(), read.largestKey());
    }
    for (int p = 0; p < read.partitions().size(); p++) {
      byte[] firstKey = read.partitions().get(p).firstKey();
      assertArrayEquals(written.partitions().get(p).firstKey(), firstKey);
    }
    // A partition lies between two guards.
    for (byte[] cut : model.cuts) {
      int i = model.seek(cut, Long.MAX_VALUE);
      if (i < model.entries.size()) {
        byte[] first = model.entries.get(i).key();
        assertTrue(
            read.partitions().stream().anyMatch(p -> Arrays.equals(p.firstKey(), first)),
            "no partition begins at a guard");
      }
    }
  }

  private static void checkGet(TableModel model, TableReader reader, byte[] key, long revision) {
    Lookup lookup = new Lookup();
    byte[] framed = new byte[key.length + 4];
    System.arraycopy(key, 0, framed, 2, key.length);
    lookup.ask(framed, 2, key.length, revision);
    int i = model.seek(key, revision);
    Entry expected =
        i < model.entries.size() && Arrays.equals(model.entries.get(i).key(), key)
            ? model.entries.get(i)
            : null;
    for (int way = 0; way < 3; way++) {
      lookup.answer = Lookup.Answer.UNKNOWN;
      switch (way) {
        case 0 -> reader.get(lookup);
        case 1 -> reader.get(lookup, reader.rangeOf(key, null));
        default -> reader.getUnfiltered(lookup, reader.rangeOf(Keys.EMPTY, after(key)));
      }
      checkAnswer(expected, lookup);
    }
    if (expected != null) {
      assertTrue(reader.mayContain(lookup));
    }
  }

  private static void checkAnswer(Entry expected, Lookup lookup) {
    if (expected == null) {
      assertEquals(Lookup.Answer.UNKNOWN, lookup.answer);
      return;
    }
    assertEquals(expected.revision(), lookup.foundRevision);
    if (expected.kind() == ValueKind.DELETE) {
      assertEquals(Lookup.Answer.DELETED, lookup.answer);
    } else {
      assertEquals(Lookup.Answer.FOUND, lookup.answer);
      byte[] value =
          lookup
              .valueSegment
              .asSlice(lookup.valueOffset, lookup.valueLength)
              .toArray(ValueLayout.JAVA_BYTE);
      assertArrayEquals(expected.value(), value);
    }
  }

  /** A random walk of a cursor with bounds, beside an index into the model. */
  private static void walk(
      TableModel model, TableReader reader, byte[] low, byte[] high, Random random) {
    int first = model.seek(low, Long.MAX_VALUE);
    int end = high == null ? model.entries.size() : model.seek(high, Long.MAX_VALUE);
    try (EntryCursor cursor =
        random.nextBoolean() ? reader.cursor(low, high) : reader.scan(low, high)) {
      assertFalse(cursor.isValid());
      int i = first;
      boolean on = cursor.seekToFirst();
      for (; i < end; i++) {
        assertTrue(on);
        checkEntry(model.entries.get(i), cursor, random);
        on = cursor.next();
      }
      assertFalse(on);
      assertFalse(cursor.isValid());
      on = cursor.seekToLast();
      for (i = end - 1; i >= first; i--) {
        assertTrue(on);
        checkEntry(model.entries.get(i), cursor, random);
        on = cursor.previous();
      }
      assertFalse(on);
      for (int step = 0; step < 60; step++) {
        int choice = random.nextInt(8);
        if (choice < 4 && cursor.isValid()) {
          i += choice < 2 ? 1 : -1;
          on = choice < 2 ? cursor.next() : cursor.previous();
        } else if (choice < 6) {
          byte[] key = someKey(model, random);
          long revision = random.nextBoolean() ? Long.MAX_VALUE : someRevision(model, random);
          i = Math.max(first, model.seek(key, revision));
          on = cursor.seek(framed(key), 1, key.length, revision);
        } else {
          byte[] key = someKey(model, random);
          i = Math.min(end, model.seek(key, Long.MAX_VALUE)) - 1;
          on = cursor.seekBefore(framed(key), 1, key.length);
        }
        assertEquals(i >= first && i < end, on);
        assertEquals(on, cursor.isValid());
        if (on) {
          checkEntry(model.entries.get(i), cursor, random);
        }
      }
    }
  }

  private static void checkEntry(Entry expected, EntryCursor cursor, Random random) {
    if (random.nextInt(4) != 0) {
      byte[] key =
          Arrays.copyOfRange(
              cursor.keyArray(),
              cursor.keyOffset(),
              cursor.keyOffset() + cursor.keyLength());
      assertArrayEquals(expected.key(), key);
    }
    assertEquals(expected.key().length, cursor.keyLength());
    assertEquals(Keys.head(expected.key(), 0, expected.key().length), cursor.keyHead());
    assertEquals(expected.revision(), cursor.revision());
    assertEquals(expected.kind(), cursor.kind());
    assertEquals(expected.value().length, cursor.valueLength());
    byte[] value =
        cursor
            .valueSegment()
            .asSlice(cursor.valueOffset(), cursor.valueLength())
            .toArray(ValueLayout.JAVA_BYTE);
    assertArrayEquals(expected.value(), value);
  }

  private static void checkEstimates(
      TableModel model, TableReader reader, byte[] low, byte[] high) {
    TableInfo info = reader.info();
    assertEquals(
        info.partitions().stream().mapToLong(TableInfo.PartitionInfo::bytes).sum(),
        reader.approximateBytes(Keys.EMPTY, null));
    assertEquals(info.entries(), reader.approximateEntries(Keys.EMPTY, null));
    assertEquals(info.tombstones(), reader.approximateTombstones(Keys.EMPTY, null));
    assertEquals(
        reader.approximateBytes(Keys.EMPTY, null),
        reader.approximateBytes(Keys.EMPTY, low) + reader.approximateBytes(low, null));
    List<byte[]> samples = reader.sampleKeys(low, high, 5);
    assertTrue(samples.size() <= 5);
    byte[] last = low;
    for (byte[] sample : samples) {
      assertTrue(Keys.compare(last, sample) < 0);
      assertTrue(high == null || Keys.compare(sample, high) < 0);
      last = sample;
    }
    if (high != null && Keys.compare(low, high) < 0) {
      long entries = model.seek(high, Long.MAX_VALUE) - model.seek(low, Long.MAX_VALUE);
      assertTrue(reader.approximateEntries(low, high) >= 0);
      assertTrue(entries <= info.entries());
    }
  }

  private static byte[] framed(byte[] key) {
    byte[] framed = new byte[key.length + 2];
    System.arraycopy(key, 0, framed, 1, key.length);
    framed[0] = 99;
    framed[key.length + 1] = 99;
    return framed;
  }

  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static byte[] someKey(TableModel model, Random random) {
    if (model.entries.isEmpty() || random.nextInt(20) == 0) {
      byte[] key = new byte[random.nextInt(4)];
      random.nextBytes(key);
      return key;
    }
    byte[] key = model.entries.get(random.nextInt(model.entries.size())).key();
    return random.nextBoolean() ? key : neighbour(key, random);
  }

  private static long someRevision(TableModel model, Random random) {
    return model.entries.isEmpty()
        ? 1
        : model.entries.get(random.nextInt(model.entries.size())).revision()
            + random.nextInt(3)
            - 1;
  }

  /** A key close by: longer, shorter, or one byte away. */
  private static byte[] neighbour(byte[] key, Random random) {
    byte[] other =
        switch (random.nextInt(4)) {
          case 0 -> Arrays.copyOf(key, key.length + 1 + random.nextInt(9));
          case 1 -> Arrays.copyOf(key, random.nextInt(key.length + 1));
          default -> key.clone();
        };
    if (other.length > 0 && random.nextBoolean()) {
      other[random.nextInt(other.length)] += (byte) (random.nextBoolean() ? 1 : -1);
    }
    return other;
  }
}
