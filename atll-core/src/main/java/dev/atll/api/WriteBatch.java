package dev.atll.api;

import dev.atll.base.ValueKind;
import java.util.Arrays;
import java.util.Objects;

/**
 * Changes that become visible together, under one revision. When a key occurs more than once, the
 * last change wins. A plain heap object: nothing to close; not thread-safe; may be re-used after
 * {@link #clear()}.
 */
public final class WriteBatch {
  private static final int MAX_VARINT = 5;

  private byte[] bytes = new byte[256];
  private int length;
  private int count;
  private int longestKey;
  private int longestValue;
  private int deletes;

  /** An empty batch. */
  public WriteBatch() {}

  /** Sets the value of a key. */
  public WriteBatch put(byte[] key, byte[] value) {
    append(
        ValueKind.PUT,
        Objects.requireNonNull(key, "key"),
        Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Takes away the value of a key. */
  public WriteBatch delete(byte[] key) {
    append(ValueKind.DELETE, Objects.requireNonNull(key, "key"), NO_VALUE);
    deletes++;
    return this;
  }

  /** How many changes it holds. */
  public int count() {
    return count;
  }

  /** Length of {@link #encoded()} in bytes. */
  public int encodedLength() {
    return length;
  }

  /**
   * The changes as they go to the log: for each the kind (one byte), the lengths of key and value
   * (little-endian base-128), the key, the value. Not to be written to; valid until the next change.
   */
  public byte[] encoded() {
    return bytes;
  }

  /** Length of the longest key in bytes. */
  public int longestKey() {
    return longestKey;
  }

  /** Length of the longest value in bytes. */
  public int longestValue() {
    return longestValue;
  }

  /** Whether it holds nothing but deletions. */
  public boolean onlyDeletes() {
    return deletes == count;
  }

  /** Makes it empty, keeping its memory. */
  public void clear() {
    length = 0;
    count = 0;
    longestKey = 0;
    longestValue = 0;
    deletes = 0;
  }

  private static final byte[] NO_VALUE = new byte[0];

  private void append(int kind, byte[] key, byte[] value) {
    long needed = (long) length + 1 + 2 * MAX_VARINT + key.length + value.length;
    if (needed > Integer.MAX_VALUE - 64) {
      throw new InvalidInputException("batch would exceed 2 GiB; split it");
    }
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(needed, bytes.length * 2L)));
    }
    bytes[length++] = (byte) kind;
    putVarint(key.length);
    putVarint(value.length);
    System.arraycopy(key, 0, bytes, length, key.length);
    length += key.length;
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    count++;
    longestKey = Math.max(longestKey, key.length);
    longestValue = Math.max(longestValue, value.length);
  }

  private void putVarint(int number) {
    int rest = number;
    while (rest >= 0x80) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }
}
