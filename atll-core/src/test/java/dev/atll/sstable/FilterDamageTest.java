package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged and hostile filters of both kinds. */
class FilterDamageTest {
  private static final long FILE_NUMBER = 12;
  private static final int KEYS = 700;

  private static byte[] key(int i) {
    return "key-%05d".formatted(i).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] table(FilterKind kind) throws IOException {
    List<TableModel.Entry> entries = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      entries.add(new TableModel.Entry(key(i), 7, ValueKind.PUT, new byte[3]));
    }
    TableOptions options = new TableOptions(4096, 1 << 20, new FilterChoice(kind, 9), Codec.NONE);
    return new TableModel(entries, new byte[0][], options).bytes(FILE_NUMBER);
  }

  private static TableReader open(byte[] bytes) throws IOException {
    return TableReader.open(new HeapFile.In(bytes), FILE_NUMBER, "t", null);
  }

  private static TableImage.Sections sections(byte[] bytes) throws IOException {
    try (TableReader reader = open(bytes)) {
      return reader.file().sections[0];
    }
  }

  private static boolean mayContain(TableReader reader, byte[] key) {
    Lookup lookup = new Lookup();
    lookup.ask(key, 0, key.length, Long.MAX_VALUE);
    return reader.mayContain(lookup);
  }

  private static void reseal(byte[] bytes, int at, int length) {
    Bytes.putInt(
        bytes,
        at + length + 1,
        new TableFormat.Checksum().of(FILE_NUMBER, at, bytes, at, length + 1));
  }

  @ParameterizedTest
  @EnumSource(FilterKind.class)
  void tableTellsItsKindAndItsRate(FilterKind kind) throws IOException {
    byte[] bytes = table(kind);
    int footer = bytes.length - TableFormat.FOOTER_BYTES;
    assertEquals(
        TableFormat.FEATURE_PAGES
            | (kind == FilterKind.RIBBON ? TableFormat.FEATURE_RIBBON : 0),
        Bytes.getInt(bytes, footer + TableFormat.FOOTER_FEATURES));
    try (TableReader reader = open(bytes)) {
      TableInfo info = reader.info();
      assertEquals(9, 8.0 * info.filterBytes() / KEYS, 0.9);
      double rate = kind.falsePositiveRate(KEYS, 8.0 * info.filterBytes() / KEYS);
      assertEquals(rate, info.falsePositiveRate(), 0.1 * rate);
      reader.verify();
    }
  }

  @ParameterizedTest
  @EnumSource(FilterKind.class)
  void everyFlippedByteIsFound(FilterKind kind) throws IOException {
    byte[] bytes = table(kind);
    TableImage.Sections s = sections(bytes);
    for (int i = 0; i < s.filterLength() + TableFormat.TRAILER_BYTES; i++) {
      int at = (int) s.filterOffset() + i;
      bytes[at] ^= (byte) 0x10;
      try (TableReader reader = open(bytes)) {
        assertThrows(CorruptionException.class, () -> mayContain(reader, key(1)), "byte " + at);
      }
      bytes[at] ^= (byte) 0x10;
    }
  }

  @Test
  void anUnknownKindIsRefusedAsSuch() throws IOException {
    byte[] bytes = table(FilterKind.RIBBON);
    TableImage.Sections s = sections(bytes);
    int at = (int) s.filterOffset();
    bytes[at + s.filterLength() - 2] = 3;
    reseal(bytes, at, s.filterLength());
    try (TableReader reader = open(bytes)) {
      assertThrows(UnsupportedFormatException.class, () -> mayContain(reader, key(1)));
      assertThrows(UnsupportedFormatException.class, reader::verify);
    }
  }

  /** An enemy fixes the checksum: an answer or a typed error, and verify finds what is denied. */
  @ParameterizedTest
  @EnumSource(FilterKind.class)
  void forgedFiltersDoNoHarm(FilterKind kind) throws IOException {
    byte[] whole = table(kind);
    TableImage.Sections s = sections(whole);
    int at = (int) s.filterOffset();
    int refused = 0;
    int answered = 0;
    for (int round = 0; round < 2000; round++) {
      Random random = new Random(round);
      byte[] bytes = whole.clone();
      int tail = random.nextInt(4) == 0 ? s.filterLength() : 12;
      bytes[at + s.filterLength() - 1 - random.nextInt(tail)] = (byte) random.nextInt(256);
      reseal(bytes, at, s.filterLength());
      try (TableReader reader = open(bytes)) {
        boolean lacks = false;
        for (int i = 0; i < KEYS; i++) {
          lacks |= !mayContain(reader, key(i));
          mayContain(reader, key(KEYS + i));
        }
        answered++;
        if (lacks) {
          assertThrows(CorruptionException.class, reader::verify);
        } else {
          reader.verify();
        }
      } catch (CorruptionException | UnsupportedFormatException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("round " + round, e);
      }
    }
    assertTrue(refused > 100 && answered > 100, refused + " refused, " + answered);
  }
}
