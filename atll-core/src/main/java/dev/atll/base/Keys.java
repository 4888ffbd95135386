package dev.atll.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Order, head and hash of a key: the three facts about a key that every layer uses. */
public final class Keys {
  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The smallest key: no bytes at all. */
  public static final byte[] EMPTY = new byte[0];

  private Keys() {}

  /** Compares two keys as unsigned bytes; a prefix sorts before what it prefixes. */
  public static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }

  /** Compares two key ranges of arrays as unsigned bytes. */
  public static int compare(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
    return Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
  }

  /**
   * The first eight bytes of a key as a big-endian number, padded with zero bytes. Comparing heads
   * as unsigned numbers agrees with comparing keys wherever the heads differ; equal heads decide
   * nothing.
   */
  public static long head(byte[] key, int offset, int length) {
    if (length >= Long.BYTES) {
      return (long) BIG_ENDIAN_LONG.get(key, offset);
    }
    long head = 0;
    for (int i = 0; i < length; i++) {
      head |= (key[offset + i] & 0xFFL) << (56 - 8 * i);
    }
    return head;
  }

  /**
   * A 64-bit hash of a key, for filters. Multiply-fold mixing after the wyhash family (W. Yi); the
   * value is part of the table format, so it never changes within a format version.
   */
  public static long hash(byte[] key, int offset, int length) {
    long h = 0x9E3779B97F4A7C15L ^ (length * 0xA0761D6478BD642FL);
    int at = offset;
    int left = length;
    while (left >= Long.BYTES) {
      h = fold(h ^ (long) LITTLE_ENDIAN_LONG.get(key, at), 0xE7037ED1A0B428DBL);
      at += Long.BYTES;
      left -= Long.BYTES;
    }
    long tail = 0;
    for (int i = 0; i < left; i++) {
      tail |= (key[at + i] & 0xFFL) << (8 * i);
    }
    return fold(h ^ tail, 0x8EBC6AF09C88C6E3L);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }

  /**
   * The shortest separator: a key {@code s} with {@code low < s <= high}, as short as it can be, so
   * that guards and index keys stay small. Requires {@code low < high}.
   */
  public static byte[] separator(byte[] low, byte[] high) {
    assert compare(low, high) < 0;
    int shared = Arrays.mismatch(low, high);
    return Arrays.copyOf(high, shared + 1);
  }

  /** The smallest key greater than every key with this prefix, or null when there is none. */
  public static byte @org.jspecify.annotations.Nullable [] afterPrefix(byte[] prefix) {
    int end = prefix.length;
    while (end > 0 && prefix[end - 1] == (byte) 0xFF) {
      end--;
    }
    if (end == 0) {
      return null;
    }
    byte[] after = Arrays.copyOf(prefix, end);
    after[end - 1]++;
    return after;
  }
}
