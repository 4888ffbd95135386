package dev.atll.sstable.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers in bytes. Everything in a table file is big-endian, so that a hex dump shows keys and
 * numbers as they sort; a byte swap costs a cycle.
 */
public final class Bytes {
  /** A big-endian long anywhere in a segment. */
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** A big-endian int anywhere in a segment. */
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** A big-endian short anywhere in a segment. */
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** A byte of a segment. */
  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** The most bytes {@link #putVarint} writes. */
  public static final int VARINT_MAX = 10;

  private static final VarHandle ARRAY_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle ARRAY_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle ARRAY_SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  /** Reads a long at an index of an array. */
  public static long getLong(byte[] array, int at) {
    return (long) ARRAY_LONG.get(array, at);
  }

  /** Reads an int at an index of an array. */
  public static int getInt(byte[] array, int at) {
    return (int) ARRAY_INT.get(array, at);
  }

  /** Writes a long at an index of an array. */
  public static void putLong(byte[] array, int at, long value) {
    ARRAY_LONG.set(array, at, value);
  }

  /** Writes an int at an index of an array. */
  public static void putInt(byte[] array, int at, int value) {
    ARRAY_INT.set(array, at, value);
  }

  /** Writes the low 16 bits of a number at an index of an array. */
  public static void putShort(byte[] array, int at, int value) {
    ARRAY_SHORT.set(array, at, (short) value);
  }

  /** Writes the low {@code width} bytes (0 to 8) of a number; returns the index after them. */
  public static int putFixed(byte[] array, int at, long value, int width) {
    for (int i = width - 1; i >= 0; i--) {
      array[at++] = (byte) (value >>> (8 * i));
    }
    return at;
  }

  /** Writes an unsigned number in base 128, low digits first; returns the index after it. */
  public static int putVarint(byte[] array, int at, long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      array[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    array[at++] = (byte) left;
    return at;
  }

  /** How many bytes {@link #putVarint} writes for a number. */
  public static int varintLength(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }
}
