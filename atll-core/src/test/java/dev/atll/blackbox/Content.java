package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What a store should hold, and the comparison with what it does hold. */
final class Content {
  final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  /** The key with a number; in the order of numbers. */
  static byte[] key(int number) {
    return "key-%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
  }

  /** A value that no other number has, and that does not compress. */
  static byte[] value(long number, int length) {
    byte[] value = new byte[length];
    new SplittableRandom(number).nextBytes(value);
    return value;
  }

  void put(byte[] key, byte[] value) {
    entries.put(key, value);
  }

  void delete(byte[] key) {
    entries.remove(key);
  }

  /** Fails unless gets and scans in both directions show exactly this. */
  void assertIn(Reader db) {
    for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
      assertArrayEquals(entry.getValue(), db.get(entry.getKey()), () -> name(entry.getKey()));
    }
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
        assertTrue(cursor.next(), () -> "the scan ends before " + name(entry.getKey()));
        assertEquals(name(entry.getKey()), name(cursor.keyBytes()));
        assertArrayEquals(entry.getValue(), cursor.valueBytes(), () -> name(entry.getKey()));
      }
      assertFalse(cursor.next(), "the scan goes on behind the last key");
    }
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      for (Map.Entry<byte[], byte[]> entry : entries.descendingMap().entrySet()) {
        assertTrue(cursor.previous(), () -> "the scan back ends after " + name(entry.getKey()));
        assertEquals(name(entry.getKey()), name(cursor.keyBytes()));
      }
      assertFalse(cursor.previous(), "the scan back goes on before the first key");
    }
  }

  private static String name(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }
}
