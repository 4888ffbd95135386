package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.sstable.block.BlockBuilder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks fitted into pages: a get reads one, and little is lost by it. */
class PagedTableTest {
  private static final long FILE_NUMBER = 5;

  private static TableModel model(int entries, int valueMin, int valueMax, int blockBytes) {
    SplittableRandom random = new SplittableRandom(entries + valueMax);
    List<TableModel.Entry> list = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      byte[] value = new byte[valueMin + random.nextInt(valueMax - valueMin + 1)];
      random.nextBytes(value);
      byte[] key = String.format(Locale.ROOT, "user%012d", i * 7L).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      list.add(new TableModel.Entry(key, 1 + random.nextInt(1 << 20), ValueKind.PUT, value));
    }
    TableOptions options =
        TableOptions.DEFAULT.withBlockBytes(blockBytes).withPartitionBytes(512 << 10);
    return new TableModel(list, new byte[0][], options);
  }

  /** Pages that the blocks lie on, per block; a block that a get reads costs so many. */
  private static double pagesPerBlock(byte[] bytes) throws IOException {
    try (TableReader reader = open(bytes, true)) {
      long pages = 0;
      long blocks = 0;
      for (int p = 0; p < reader.partitionCount(); p++) {
        Partition partition = reader.partition(p);
        for (int b = 0; b < partition.blocks; b++) {
          long start = partition.position(b) & Partition.OFFSET;
          long end = start + partition.payloadLength(b) + TableFormat.TRAILER_BYTES;
          pages += (end - 1) / TableFormat.PAGE_BYTES - start / TableFormat.PAGE_BYTES + 1;
          blocks++;
        }
      }
      return (double) pages / blocks;
    }
  }

  private static TableReader open(byte[] bytes, boolean mapped) throws IOException {
    return TableReader.open(
        new HeapFile.In(bytes), FILE_NUMBER, "000005.sst", null, null, null, mapped);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 200, 4096, 1.01, 1.10",
    "20, 200, 4096, 1.02, 1.14",
    "400, 400, 4096, 1.02, 1.14",
    "90, 110, 16384, 4.05, 1.12",
    "900, 1100, 4096, 2.01, 1.08",
    "3000, 20000, 4096, 4.2, 1.06"
  })
  void blocksLieOnFewPages(
      int valueMin, int valueMax, int blockBytes, double pagesMax, double sizeMax)
      throws IOException {
    TableModel model = model(12_000_000 / (valueMax + 1000), valueMin, valueMax, blockBytes);
    byte[] bytes = model.bytes(FILE_NUMBER);
    double pages = pagesPerBlock(bytes);
    assertTrue(pages <= pagesMax, pages + " pages a block");
    long live = model.entries.stream().mapToLong(e -> e.key().length + e.value().length).sum();
    double size = (double) bytes.length / live;
    assertTrue(size <= sizeMax, size + " bytes in the file for one of an entry");
    for (boolean mapped : new boolean[] {false, true}) {
      try (TableReader reader = open(bytes, mapped)) {
        reader.verify();
        Lookup lookup = new Lookup();
        for (int i = 0; i < model.entries.size(); i += 13) {
          TableModel.Entry entry = model.entries.get(i);
          lookup.ask(entry.key(), 0, entry.key().length, Long.MAX_VALUE);
          reader.get(lookup);
          assertArrayEquals(
              entry.value(),
              lookup.valueSegment
                  .asSlice(lookup.valueOffset, lookup.valueLength)
                  .toArray(ValueLayout.JAVA_BYTE));
        }
      }
    }
  }

  /** Each block once, whole, and none that the filter denies. */
  @Test
  void whatGetsWillReadIsAskedForAhead() throws IOException {
    TableModel model = model(20_000, 200, 200, 4096);
    HeapFile.In file = new HeapFile.In(model.bytes(FILE_NUMBER));
    try (TableReader reader =
        TableReader.open(file, FILE_NUMBER, "000005.sst", null, null, null, false)) {
      PartitionRange all = new PartitionRange(0, reader.partitionCount());
      List<List<Long>> blocks = new ArrayList<>();
      for (int p = 0; p < reader.partitionCount(); p++) {
        Partition partition = reader.partition(p);
        for (int b = 0; b < partition.blocks; b++) {
          long start = partition.position(b) & Partition.OFFSET;
          blocks.add(List.of(start, partition.endOf(b) - start));
        }
      }
      Lookup lookup = new Lookup();
      long last = TableReader.NOWHERE;
      for (TableModel.Entry entry : model.entries) {
        lookup.ask(entry.key(), 0, entry.key().length, Long.MAX_VALUE);
        last = reader.prefetch(lookup, all, last);
        assertTrue(last != TableReader.NOWHERE);
      }
      assertEquals(blocks, file.prefetched);
      int admitted = 0;
      for (int i = 0; i < 1_000; i++) {
        byte[] absent = ("absent" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        lookup.ask(absent, 0, absent.length, Long.MAX_VALUE);
        admitted += reader.prefetch(lookup, all, TableReader.NOWHERE) == TableReader.NOWHERE ? 0 : 1;
      }
      assertEquals(blocks.size() + admitted, file.prefetched.size());
      assertTrue(admitted < 100, admitted + " of 1,000 absent keys admitted");
      assertEquals(
          TableReader.NOWHERE, reader.prefetch(lookup, new PartitionRange(0, 0), last));
    }
  }

  /** Twenty partitions with room for the indexes of a few: the others are read again. */
  @Test
  void indexesTakeNoMoreHeapThanTheyMay() throws IOException {
    TableModel model = model(50_000, 200, 200, 4096);
    byte[] bytes = model.bytes(FILE_NUMBER);
    IndexBudget budget = new IndexBudget(9000);
    try (TableReader reader =
        TableReader.open(
            new HeapFile.In(bytes), FILE_NUMBER, "000005.sst", null, null, budget, false)) {
      assertTrue(reader.partitionCount() >= 20, reader.partitionCount() + " partitions");
      Lookup lookup = new Lookup();
      for (int i = 0; i < 2000; i++) {
        TableModel.Entry entry = model.entries.get((int) (i * 7919L % model.entries.size()));
        lookup.ask(entry.key(), 0, entry.key().length, Long.MAX_VALUE);
        reader.get(lookup);
        assertEquals(Lookup.Answer.FOUND, lookup.answer);
        assertTrue(budget.bytes() <= 9000, budget.bytes() + " bytes");
      }
      assertTrue(budget.evictions() > 100, budget.evictions() + " let go");
      assertTrue(reader.indexHeapBytes() <= 9000 + 2000, reader.indexHeapBytes() + " bytes");
    }
    assertEquals(0, budget.bytes());
  }

  /** What the writer fills pages by: never too little, and exact for keys of one length. */
  @Test
  void sizeOfABlockIsKnownBeforehand() {
    SplittableRandom random = new SplittableRandom(11);
    BlockBuilder builder = new BlockBuilder();
    for (int round = 0; round < 2000; round++) {
      builder.clear();
      boolean oneLength = random.nextBoolean();
      int keyLength = 1 + random.nextInt(40);
      int revisions = 1 << random.nextInt(30);
      int kinds = 1 + random.nextInt(2);
      int values = random.nextInt(3);
      long last = 0;
      int entries = 1 + random.nextInt(60);
      for (int i = 0; i < entries; i++) {
        last += 1 + random.nextInt(1 << random.nextInt(20));
        byte[] key = new byte[8 + (oneLength ? keyLength : random.nextInt(40))];
        for (int b = 0; b < 8; b++) {
          key[b] = (byte) (last >>> (56 - 8 * b));
        }
        int kind = random.nextInt(kinds) == 0 ? ValueKind.PUT : ValueKind.DELETE;
        byte[] value =
            new byte[kind == ValueKind.DELETE ? 0 : values == 0 ? 30 : random.nextInt(50)];
        long revision = random.nextInt(revisions);
        long size = builder.sizeWith(key, 0, key.length, revision, kind, value.length);
        builder.add(
            key, 0, key.length, revision, kind, MemorySegment.ofArray(value), 0, value.length);
        int real = builder.plan();
        assertTrue(size >= real, size + " for " + real);
        if (oneLength && i > 0) {
          assertEquals(real, size);
        }
      }
    }
  }
}
