package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.env.Env;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.codec.Codec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged and hostile files: a typed error that names the file, or the right answers. */
class TableDamageTest {
  private static final long FILE_NUMBER = 12;
  private static final String NAME = "000012.sst";
  private static final long SEED = Long.getLong("atll.seed", 5);

  /** A small table with every kind of part: partitions, continuations, deletions, a filter. */
  private static TableModel small(Codec codec) {
    List<TableModel.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 36; i++) {
      byte[] key = "key-%s-%05d".formatted(i < 20 ? "a" : "bbbbbbbbbb", i / 2).getBytes(
          StandardCharsets.UTF_8);
      boolean delete = i % 7 == 3;
      byte[] value = new byte[delete ? 0 : i % 3 * 15];
      Arrays.fill(value, (byte) i);
      entries.add(
          new TableModel.Entry(
              key, 1000 - i, delete ? ValueKind.DELETE : ValueKind.PUT, value));
    }
    byte[][] cuts = {"key-a-00004".getBytes(StandardCharsets.UTF_8)};
    return new TableModel(entries, cuts, new TableOptions(200, 600, 8, codec));
  }

  private static TableReader open(byte[] bytes) throws IOException {
    return TableReader.open(
        new HeapFile.In(bytes), FILE_NUMBER, NAME, new BlockCache(1 << 16));
  }

  /** Everything a table can be asked, as one text. */
  private static String answers(byte[] bytes, TableModel model) throws IOException {
    StringBuilder all = new StringBuilder();
    try (TableReader reader = open(bytes)) {
      TableInfo info = reader.info();
      all.append(info.entries()).append(' ').append(info.tombstones()).append(' ');
      all.append(info.digest()).append(' ').append(info.maxRevision()).append('\n');
      try (EntryCursor cursor = reader.cursor(Keys.EMPTY, null)) {
        for (boolean on = cursor.seekToFirst(); on; on = cursor.next()) {
          describe(cursor, all);
        }
        for (boolean on = cursor.seekToLast(); on; on = cursor.previous()) {
          describe(cursor, all);
        }
      }
      Lookup lookup = new Lookup();
      for (TableModel.Entry entry : model.entries) {
        lookup.ask(entry.key(), 0, entry.key().length, entry.revision());
        reader.get(lookup);
        all.append(lookup.answer).append(lookup.foundRevision).append(lookup.valueLength);
        byte[] missing = Arrays.copyOf(entry.key(), entry.key().length + 1);
        lookup.ask(missing, 0, missing.length, Long.MAX_VALUE);
        reader.getUnfiltered(lookup, reader.rangeOf(Keys.EMPTY, null));
        all.append(lookup.answer);
      }
      all.append(reader.approximateBytes(model.entries.get(5).key(), null));
      reader.verify();
    }
    return all.toString();
  }

  private static void describe(EntryCursor cursor, StringBuilder into) {
    for (int i = 0; i < cursor.keyLength(); i++) {
      into.append((char) (cursor.keyArray()[cursor.keyOffset() + i] & 0xFF));
    }
    into.append(cursor.revision()).append(' ').append(cursor.kind());
    for (int i = 0; i < cursor.valueLength(); i++) {
      into.append((char) cursor.valueSegment().get(Bytes.BYTE, cursor.valueOffset() + i));
    }
    into.append('\n');
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void everyFlippedBitIsFoundOrHarmless(Codec codec) throws IOException {
    TableModel model = small(codec);
    byte[] bytes = model.bytes(FILE_NUMBER);
    String right = answers(bytes, model);
    int found = 0;
    for (int at = 0; at < bytes.length; at++) {
      for (int change = 0; change < 10; change++) {
        byte was = bytes[at];
        bytes[at] = change < 8 ? (byte) (was ^ 1 << change) : change == 8 ? 0 : (byte) 0xFF;
        try {
          assertEquals(right, answers(bytes, model), "byte " + at);
        } catch (CorruptionException e) {
          assertEquals(NAME, e.file());
          assertTrue(e.offset() >= 0 && e.offset() <= bytes.length);
          found++;
        } catch (RuntimeException | Error e) {
          throw new AssertionError("byte " + at + " changed to " + bytes[at], e);
        }
        bytes[at] = was;
      }
    }
    // Harmless are the padding before filters, and changes to what a byte already is.
    assertTrue(found > bytes.length * 8 * 0.9, found + " found");
  }

  @Test
  void everyTruncationAndExtensionIsFound() throws IOException {
    byte[] bytes = small(Codec.LZ4).bytes(FILE_NUMBER);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertEquals(
          NAME, assertThrows(CorruptionException.class, () -> open(cut)).file(), "to " + length);
    }
    for (int more = 1; more < 200; more++) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + more);
      assertThrows(CorruptionException.class, () -> open(longer));
    }
  }

  @Test
  void aFileUnderAnotherNumberIsRefused() throws IOException {
    byte[] bytes = small(Codec.NONE).bytes(FILE_NUMBER + 1);
    assertThrows(CorruptionException.class, () -> open(bytes));
  }

  /** Blocks that are whole, but not where they belong. */
  @Test
  void blocksInTheWrongPlaceAreFound() throws IOException {
    TableModel model = small(Codec.NONE);
    byte[] bytes = model.bytes(FILE_NUMBER);
    byte[] other = model.bytes(FILE_NUMBER + 1);
    String right = answers(bytes, model);
    List<long[]> frames = TableForger.frames(bytes, FILE_NUMBER, NAME);
    assertTrue(frames.size() > 8);
    int swaps = 0;
    for (long[] frame : frames) {
      int at = (int) frame[0];
      int length = (int) frame[1] + TableFormat.TRAILER_BYTES;
      byte[] mixed = bytes.clone();
      System.arraycopy(other, at, mixed, at, length);
      misplaced(mixed, model);
      for (long[] second : frames) {
        if (second[0] > frame[0] && second[1] == frame[1]) {
          byte[] swapped = bytes.clone();
          System.arraycopy(bytes, at, swapped, (int) second[0], length);
          System.arraycopy(bytes, (int) second[0], swapped, at, length);
          if (!Arrays.equals(swapped, bytes)) {
            misplaced(swapped, model);
            swaps++;
          }
        }
      }
    }
    assertTrue(swaps > 0);
    assertEquals(right, answers(bytes, model));
  }

  /** It must be the checksum that finds it: entries out of order would show only by chance. */
  private static void misplaced(byte[] bytes, TableModel model) {
    CorruptionException e =
        assertThrows(CorruptionException.class, () -> answers(bytes, model));
    assertTrue(String.valueOf(e.getMessage()).contains("checksum"), e.getMessage());
  }

  /** An enemy fixes the checksums: any answer or typed error, but quickly and with little memory. */
  @Test
  void forgedFilesDoNoHarm() throws IOException {
    int rounds = Integer.getInteger("atll.rounds", 6000);
    com.sun.management.ThreadMXBean memory =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    int answered = 0;
    for (int round = 0; round < rounds; round++) {
      Random random = new Random(SEED * 1_000_003 + round);
      Codec codec = Codec.values()[round % 3];
      TableModel model = small(codec);
      byte[] bytes = model.bytes(FILE_NUMBER);
      bytes = TableForger.forge(bytes, FILE_NUMBER, NAME, random);
      long allocated = memory.getCurrentThreadAllocatedBytes();
      long started = System.nanoTime();
      try {
        answers(bytes, model);
        answered++;
      } catch (CorruptionException e) {
        assertEquals(NAME, e.file());
        refused++;
      } catch (UnsupportedFormatException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("-Datll.seed=%d round %d".formatted(SEED, round), e);
      }
      allocated = memory.getCurrentThreadAllocatedBytes() - allocated;
      assertTrue(allocated < 32 << 20, "round " + round + " allocated " + allocated);
      assertTrue(System.nanoTime() - started < 5_000_000_000L, "round " + round + " took long");
    }
    assertTrue(refused > rounds / 4 && answered > 0, refused + " refused, " + answered);
  }

  @Test
  void newerFormatsAreRefusedAsSuch() throws IOException {
    byte[] bytes = small(Codec.NONE).bytes(FILE_NUMBER);
    int footer = bytes.length - TableFormat.FOOTER_BYTES;
    byte[] version = bytes.clone();
    Bytes.putInt(version, footer + TableFormat.FOOTER_VERSION, TableFormat.VERSION + 1);
    TableForger.resealFooter(version, FILE_NUMBER);
    assertThrows(UnsupportedFormatException.class, () -> open(version));
    byte[] features = bytes.clone();
    Bytes.putInt(features, footer + TableFormat.FOOTER_FEATURES, TableFormat.FEATURES_KNOWN + 1);
    TableForger.resealFooter(features, FILE_NUMBER);
    assertThrows(UnsupportedFormatException.class, () -> open(features));
  }

  @Test
  void aFailedOpenClosesTheFile() {
    HeapFile.In in = new HeapFile.In(new byte[500]);
    assertThrows(
        CorruptionException.class, () -> TableReader.open(in, FILE_NUMBER, NAME, null));
    assertTrue(in.closed);
  }

  /** Truncated under an open mapping: an error, not the end of the process. */
  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"NONE", "LZ4"})
  void truncationUnderAReaderIsCorruption(Codec codec, @TempDir Path directory)
      throws IOException {
    TableOptions options = TableOptions.DEFAULT.withCodec(codec).withPartitionBytes(5000);
    byte[] value = new byte[100];
    new Random(SEED).nextBytes(value);
    Arrays.fill(value, 0, 30, (byte) 0);
    try (Storage storage = Env.system().files().open(directory, true)) {
      try (FileOut out = storage.create(NAME)) {
        TableWriter writer = new TableWriter(out, FILE_NUMBER, options, new byte[0][]);
        for (int i = 0; i < 2000; i++) {
          Bytes.putLong(value, 50, i * 0x9E3779B97F4A7C15L);
          writer.add(key(i), 0, 8, 1, ValueKind.PUT, MemorySegment.ofArray(value), 0, 100);
        }
        writer.finish();
      }
      try (TableReader reader = TableReader.open(storage.open(NAME), FILE_NUMBER, NAME, null)) {
        assertTrue(reader.info().partitions().size() > 2);
        Lookup lookup = new Lookup();
        lookup.ask(key(5), 0, 8, 1);
        reader.get(lookup);
        assertEquals(Lookup.Answer.FOUND, lookup.answer);
        EntryCursor cursor = reader.cursor(Keys.EMPTY, null);
        assertTrue(cursor.seekToFirst());
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve(NAME).toFile(), "rw")) {
          file.setLength(0);
        }
        for (int i : new int[] {5, 1000, 1999}) {
          lookup.ask(key(i), 0, 8, 1);
          assertFault(() -> reader.get(lookup));
        }
        if (assertFault(cursor::seekToLast)) {
          assertFalse(cursor.isValid());
        }
        assertFault(
            () -> {
              for (boolean on = cursor.seekToFirst(); on; on = cursor.next()) {}
            });
        assertFault(reader::verify);
      }
    }
  }

  /**
   * The JVM reports the fault of a mapped page as an InternalError at the next safepoint, which in compiled
   * code may lie behind the block that would make it a CorruptionException. An error it is anyway.
   *
   * @return whether it was reported in time
   */
  private static boolean assertFault(Executable read) {
    Throwable thrown = assertThrows(Throwable.class, read);
    if (thrown instanceof CorruptionException e) {
      assertEquals(NAME, e.file());
      return true;
    }
    assertInstanceOf(InternalError.class, thrown);
    return false;
  }

  private static byte[] key(int i) {
    byte[] key = new byte[8];
    Bytes.putLong(key, 0, i);
    return key;
  }
}
