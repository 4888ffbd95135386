package dev.atll.record;

import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the changes of an encoded batch in place: for each the kind (one byte), the lengths of
 * key and value ({@link Varint}), the key, the value; nothing between or behind them. Re-usable;
 * not thread-safe.
 *
 * <p>Bytes from a file go through {@link #problem} first; bytes this process encoded need not.
 */
public final class BatchEntries {
  private byte[] array = Keys.EMPTY;
  private int next;
  private int limit;
  private int kind;
  private int keyOffset;
  private int keyLength;
  private int valueLength;

  /** Starts before the first change of a batch. */
  public void reset(byte[] bytes, int offset, int length) {
    array = bytes;
    next = offset;
    limit = offset + length;
  }

  /** Goes to the next change; false behind the last one. Requires a well-formed batch. */
  public boolean next() {
    if (next == limit) {
      return false;
    }
    kind = array[next] & 0xFF;
    int at = next + 1;
    int end = Varint.end(array, at, limit);
    keyLength = (int) Varint.get(array, at, end);
    at = end;
    end = Varint.end(array, at, limit);
    valueLength = (int) Varint.get(array, at, end);
    keyOffset = end;
    next = end + keyLength + valueLength;
    return true;
  }

  /** One of {@link ValueKind}. */
  public int kind() {
    return kind;
  }

  /** The array with key and value. */
  public byte[] array() {
    return array;
  }

  /** Where the key begins. */
  public int keyOffset() {
    return keyOffset;
  }

  /** Length of the key in bytes. */
  public int keyLength() {
    return keyLength;
  }

  /** Where the value begins. */
  public int valueOffset() {
    return keyOffset + keyLength;
  }

  /** Length of the value in bytes. */
  public int valueLength() {
    return valueLength;
  }

  /** What is wrong with an encoded batch, or null when it is well-formed. */
  public static @Nullable String problem(byte[] bytes, int offset, int length) {
    int limit = offset + length;
    for (int at = offset; at < limit; ) {
      int kind = bytes[at] & 0xFF;
      int keyAt = at + 1;
      int valueAt = Varint.end(bytes, keyAt, limit);
      int end = valueAt < 0 ? -1 : Varint.end(bytes, valueAt, limit);
      if (end < 0) {
        return "batch entry without lengths";
      }
      long keyLength = Varint.get(bytes, keyAt, valueAt);
      long valueLength = Varint.get(bytes, valueAt, end);
      long room = (long) limit - end;
      if (keyLength < 0 || keyLength > room || valueLength < 0 || valueLength > room - keyLength) {
        return "batch entry longer than its batch";
      }
      if (kind > ValueKind.HIGHEST_KNOWN) {
        return "batch entry of unknown kind " + kind;
      }
      at = (int) (end + keyLength + valueLength);
    }
    return null;
  }
}
