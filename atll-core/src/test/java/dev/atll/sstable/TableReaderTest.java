package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.codec.Codec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a table costs to read, and what its writer refuses. */
class TableReaderTest {
  private static final int ENTRIES = 20_000;

  private static byte[] key(long i) {
    byte[] key = new byte[12];
    Bytes.putLong(key, 0, i * 0x1_0000_0001L);
    return key;
  }

  private static byte[] value(int i) {
    byte[] value = new byte[60];
    Bytes.putInt(value, 20, i);
    return value;
  }

  private static byte[] table(TableOptions options) throws IOException {
    HeapFile.Out out = new HeapFile.Out();
    TableWriter writer = new TableWriter(out, 1, options, new byte[0][]);
    for (int i = 0; i < ENTRIES; i++) {
      writer.add(key(i), 0, 12, i, ValueKind.PUT, MemorySegment.ofArray(value(i)), 0, 60);
    }
    assertEquals(ENTRIES, writer.entries());
    long estimated = writer.estimatedBytes();
    TableInfo info = writer.finish();
    if (options.codec() == Codec.NONE) {
      assertEquals(info.fileBytes(), estimated, info.fileBytes() * 0.03);
    }
    return out.bytes();
  }

  private static TableReader open(byte[] bytes, BlockCache cache) throws IOException {
    return TableReader.open(new HeapFile.In(bytes), 1, "000001.sst", cache);
  }

  private static void expect(TableReader reader, Lookup lookup, int i) {
    byte[] key = key(i);
    lookup.ask(key, 0, key.length, Long.MAX_VALUE);
    reader.get(lookup);
    assertEquals(Lookup.Answer.FOUND, lookup.answer);
    assertEquals(i, lookup.foundRevision);
    assertEquals(i, lookup.valueSegment.get(Bytes.INT, lookup.valueOffset + 20));
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void manyThreadsReadOneTable(Codec codec) throws Exception {
    byte[] bytes =
        table(TableOptions.DEFAULT.withBlockBytes(1000).withPartitionBytes(100_000)
            .withCodec(codec));
    BlockCache cache = new BlockCache(60_000);
    try (TableReader reader = open(bytes, cache);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int seed = t;
        Callable<Void> reading =
            () -> {
              Random random = new Random(seed);
              Lookup lookup = new Lookup();
              EntryCursor cursor = reader.cursor(Keys.EMPTY, null);
              for (int n = 0; n < 20_000; n++) {
                int i = random.nextInt(ENTRIES);
                expect(reader, lookup, i);
                if (n % 20 == 0) {
                  assertTrue(cursor.seek(key(i), 0, 12, Long.MAX_VALUE));
                  for (int s = i; s < Math.min(ENTRIES, i + 30); s++) {
                    assertEquals(s, cursor.revision());
                    assertEquals(s + 1 < ENTRIES, cursor.next());
                  }
                }
              }
              return null;
            };
        all.add(threads.submit(reading));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertTrue(cache.bytes() <= 60_000);
      assertEquals(codec == Codec.NONE, cache.misses() == 0);
    }
  }

  @Test
  void getsAndStepsAllocateNothing() throws IOException {
    byte[] bytes = table(TableOptions.DEFAULT.withPartitionBytes(300_000));
    com.sun.management.ThreadMXBean memory =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TableReader reader = open(bytes, null)) {
      Lookup lookup = new Lookup();
      byte[][] keys = new byte[1000][];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = key(i * 20L);
      }
      PartitionRange range = reader.rangeOf(Keys.EMPTY, null);
      EntryCursor cursor = reader.cursor(key(5), key(ENTRIES - 5));
      long least = Long.MAX_VALUE;
      // Early rounds read indexes and verify blocks; the interpreter may box.
      for (int round = 0; round < 60; round++) {
        long before = memory.getCurrentThreadAllocatedBytes();
        for (byte[] key : keys) {
          lookup.ask(key, 0, key.length, Long.MAX_VALUE);
          reader.get(lookup, range);
          cursor.seek(key, 0, key.length, Long.MAX_VALUE);
          for (int n = 0; n < 3 && cursor.isValid(); n++) {
            lookup.head ^= cursor.keyHead() + cursor.keyArray()[0];
            cursor.next();
          }
          cursor.seekBefore(key, 0, key.length);
        }
        least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
      }
      // What the measurement itself may take, but not a byte a get.
      assertTrue(least < keys.length, least + " bytes allocated");
    }
  }

  @Test
  void revisionsOfOneKeyOverManyBlocksCostNoMore() throws IOException {
    HeapFile.Out out = new HeapFile.Out();
    TableWriter writer =
        new TableWriter(out, 1, TableOptions.DEFAULT.withBlockBytes(500), new byte[0][]);
    byte[] before = {1};
    byte[] key = {2, 2};
    byte[] after = {3};
    MemorySegment value = MemorySegment.ofArray(new byte[10]);
    writer.add(before, 0, 1, 5, ValueKind.PUT, value, 0, 10);
    for (int revision = 60_000; revision > 0; revision -= 2) {
      writer.add(key, 0, 2, revision, ValueKind.PUT, value, 0, 10);
    }
    writer.add(after, 0, 1, 5, ValueKind.PUT, value, 0, 10);
    TableInfo info = writer.finish();
    assertTrue(info.partitions().getFirst().blocks() > 1000);
    try (TableReader reader = open(out.bytes(), null)) {
      Lookup lookup = new Lookup();
      for (int revision = 1; revision <= 60_010; revision += 7) {
        lookup.ask(key, 0, 2, revision);
        reader.get(lookup);
        int expected = Math.min(60_000, revision & ~1);
        if (expected == 0) {
          assertEquals(Lookup.Answer.UNKNOWN, lookup.answer);
        } else {
          assertEquals(expected, lookup.foundRevision);
          assertTrue(lookup.blockReads <= 2, lookup.blockReads + " blocks");
        }
      }
      lookup.ask(after, 0, 1, 9);
      reader.get(lookup);
      assertEquals(5, lookup.foundRevision);
      reader.verify();
      // The index keeps the key once, not a thousand times.
      assertTrue(reader.indexHeapBytes() < info.partitions().getFirst().blocks() * 40L + 2000);
    }
  }

  @Test
  void sampleKeysSplitTheBytesEvenly() throws IOException {
    byte[] bytes = table(TableOptions.DEFAULT.withBlockBytes(1000).withPartitionBytes(100_000));
    try (TableReader reader = open(bytes, null)) {
      byte[] low = key(2000);
      byte[] high = key(18_000);
      List<byte[]> keys = reader.sampleKeys(low, high, 7);
      assertEquals(7, keys.size());
      long total = reader.approximateBytes(low, high);
      byte[] last = low;
      for (byte[] key : keys) {
        long part = reader.approximateBytes(last, key);
        assertEquals(total / 8.0, part, total / 8.0 * 0.1);
        assertEquals(2000, reader.approximateEntries(last, key), 150);
        last = key;
      }
      assertEquals(0, reader.approximateBytes(high, low));
      assertTrue(reader.sampleKeys(high, low, 3).isEmpty());
    }
  }

  @Test
  void writersRefuseWhatDoesNotSort() throws IOException {
    MemorySegment value = MemorySegment.ofArray(new byte[4]);
    byte[] a = {5};
    byte[] longer = {5, 0};
    TableWriter writer =
        new TableWriter(new HeapFile.Out(), 1, TableOptions.DEFAULT, new byte[0][]);
    writer.add(longer, 0, 2, 10, ValueKind.PUT, value, 0, 4);
    refuse(writer, longer, 10, ValueKind.PUT, value);
    refuse(writer, longer, 11, ValueKind.PUT, value);
    refuse(writer, a, 1, ValueKind.PUT, value);
    refuse(writer, new byte[] {4, 7, 7}, 1, ValueKind.PUT, value);
    refuse(writer, new byte[] {6}, -1, ValueKind.PUT, value);
    refuse(writer, new byte[] {6}, 1, ValueKind.DELETE, value);
    refuse(writer, new byte[] {6}, 1, ValueKind.HIGHEST_KNOWN + 1, value);
    refuse(writer, new byte[TableFormat.KEY_BYTES_MAX + 1], 1, ValueKind.PUT, value);
    writer.add(longer, 0, 2, 9, ValueKind.PUT, value, 0, 4);
    assertEquals(2, writer.finish().entries());
    assertThrows(IllegalStateException.class, writer::finish);
  }

  private static void refuse(
      TableWriter writer, byte[] key, long revision, int kind, MemorySegment value) {
    assertThrows(
        IllegalArgumentException.class,
        () -> writer.add(key, 0, key.length, revision, kind, value, 0, 4));
  }

  /** Separators as long as these would make an index that a reader refuses. */
  @Test
  void longKeysEndPartitionsEarly() throws IOException {
    HeapFile.Out out = new HeapFile.Out();
    TableOptions options = TableOptions.DEFAULT.withPartitionBytes(1 << 30);
    TableWriter writer = new TableWriter(out, 1, options, new byte[0][]);
    byte[] key = new byte[1 << 20];
    MemorySegment value = MemorySegment.ofArray(new byte[0]);
    for (int i = 0; i < 20; i++) {
      key[key.length - 1] = (byte) i;
      writer.add(key, 0, key.length, 1, ValueKind.PUT, value, 0, 0);
    }
    TableInfo info = writer.finish();
    assertTrue(info.partitions().size() > 1);
    try (TableReader reader = open(out.bytes(), null)) {
      reader.verify();
      assertTrue(reader.indexHeapBytes() < 100 << 20);
    }
  }

  /** A reader inflates no more than 32 MiB, so a writer compresses no more. */
  @Test
  void hugeBlocksAreNotCompressed() throws IOException {
    int most = TableFormat.COMPRESSED_BLOCK_BYTES_MAX;
    TableOptions options = TableOptions.DEFAULT.withCodec(Codec.LZ4);
    for (int length : new int[] {most - 1000, most}) {
      HeapFile.Out out = new HeapFile.Out();
      TableWriter writer = new TableWriter(out, 1, options, new byte[0][]);
      MemorySegment value = MemorySegment.ofArray(new byte[length]);
      writer.add(key(1), 0, 12, 1, ValueKind.PUT, value, 0, length);
      assertEquals(length == most, writer.finish().fileBytes() > length);
      try (TableReader reader = open(out.bytes(), null)) {
        Lookup lookup = new Lookup();
        lookup.ask(key(1), 0, 12, 1);
        reader.get(lookup);
        assertEquals(length, lookup.valueLength);
      }
    }
  }

  @Test
  void theCacheKeepsItsBudgetAndWhatIsUsed() {
    BlockCache cache = new BlockCache(2 << 20);
    for (long offset = 0; offset < 5000; offset++) {
      cache.put(1, offset, MemorySegment.ofArray(new byte[4000]));
      assertTrue(cache.bytes() <= cache.bytesMax());
      // Blocks that are asked for again and again stay, though thousands pass through.
      for (long hot = 0; hot < Math.min(offset, 50); hot++) {
        cache.get(1, hot);
      }
    }
    int kept = 0;
    for (long hot = 0; hot < 50; hot++) {
      kept += cache.get(1, hot) != null ? 1 : 0;
    }
    assertTrue(kept > 40, kept + " of 50 kept");
    assertEquals(null, cache.get(2, 0));
    cache.forget(1);
    assertEquals(0, cache.bytes());
    assertEquals(null, cache.get(1, 49));
    assertTrue(cache.hits() > 0 && cache.misses() > 0);
    BlockCache none = new BlockCache(0);
    none.put(1, 1, MemorySegment.ofArray(new byte[10]));
    assertEquals(null, none.get(1, 1));
    assertFalse(none.bytes() > 0);
  }
}
