package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Reader;
import dev.atll.api.Snapshot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Numbers in borrowed keys and values are read alike from a memtable, a mapped block and an inflated
 * one, wherever they begin.
 */
@Timeout(60)
final class UnalignedValuesTest {
  private static final int ENTRIES = 64;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void numbersAreReadAlikeFromMemoryAndTables(Options.Compression compression) {
    Options options =
        Options.builder().durability(Durability.OS).compression(compression).build();
    try (AtllDb db = Atll.open(directory, options)) {
      for (int i = 0; i < ENTRIES; i++) {
        db.put(key(i), value(i));
      }
      checkAll(db);
      db.flush();
      checkAll(db);
      try (Snapshot snapshot = db.snapshot()) {
        checkAll(snapshot);
      }
    }
  }

  private static void checkAll(Reader reader) {
    for (int i = 0; i < ENTRIES; i++) {
      int number = i;
      Long sum = reader.get(key(i), value -> check(value, number));
      assertEquals(number, sum);
    }
    int forward = 0;
    try (Cursor cursor = reader.cursor(KeyRange.all())) {
      while (cursor.next()) {
        int number = number(cursor);
        check(cursor.value(), number);
        forward++;
      }
      int back = 0;
      while (cursor.previous()) {
        check(cursor.value(), number(cursor));
        back++;
      }
      assertEquals(ENTRIES, forward);
      assertEquals(ENTRIES, back);
    }
  }

  private static int number(Cursor cursor) {
    MemorySegment key = cursor.key();
    assertTrue(key.isReadOnly());
    return key.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 1);
  }

  private static long check(MemorySegment value, int number) {
    assertTrue(value.isReadOnly());
    assertThrows(
        IllegalArgumentException.class,
        () -> value.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1));
    long sum = value.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    assertEquals(number + 0.5, value.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8));
    assertEquals(number, value.get(ValueLayout.JAVA_INT_UNALIGNED, 16));
    assertEquals((short) number, value.get(ValueLayout.JAVA_SHORT_UNALIGNED, 20));
    assertEquals('x', value.get(ValueLayout.JAVA_CHAR_UNALIGNED, 22));
    return sum;
  }

  /** Of different lengths, so that values begin everywhere. */
  private static byte[] key(int i) {
    byte[] tail = "abcdefgh".substring(i % 8).getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(5 + tail.length).put((byte) 'k').putInt(i).put(tail).array();
  }

  private static byte[] value(int i) {
    return ByteBuffer.allocate(24 + i % 5)
        .order(ByteOrder.nativeOrder())
        .putLong(i)
        .putDouble(i + 0.5)
        .putInt(i)
        .putShort((short) i)
        .putChar('x')
        .array();
  }
}
