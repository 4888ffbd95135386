package dev.atll.bench.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Makes keys of 16 bytes out of numbers, so that no list of keys need be kept, and provably absent
 * keys too.
 *
 * <p>The first 8 bytes are a one-to-one function of the number and of whether it stands for a key
 * that is ever written; hence two numbers never share a key, and an absent key equals none that is
 * written. The other 8 bytes are a scramble of the same.
 */
public final class KeySpace {
  /** Length of every key. */
  public static final int KEY_BYTES = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final KeyOrder order;

  /** Keys in the given order. */
  public KeySpace(KeyOrder order) {
    this.order = order;
  }

  /** The order of the keys. */
  public KeyOrder order() {
    return order;
  }

  /**
   * Writes the key of a number.
   *
   * @param index which key, 0 to 2^62 - 1
   * @param key takes {@value #KEY_BYTES} bytes
   */
  public void write(long index, byte[] key) {
    fill(index << 1, key);
  }

  /**
   * Writes a key that {@link #write} never makes. In either order it lies among those that it makes.
   *
   * @param index which absent key, 0 to 2^62 - 1
   * @param key takes {@value #KEY_BYTES} bytes
   */
  public void writeAbsent(long index, byte[] key) {
    fill((index << 1) | 1, key);
  }

  /**
   * The number of a key.
   *
   * @param key a key of this space
   * @return the number, or -1 if the bytes are no key that {@link #write} makes
   */
  public long index(byte[] key) {
    if (key.length != KEY_BYTES) {
      return -1;
    }
    long head = (long) LONG.get(key, 0);
    long number = order == KeyOrder.ORDERED ? head : Mixing.unmix(head);
    if (number < 0 || (number & 1) != 0 || (long) LONG.get(key, 8) != tail(number)) {
      return -1;
    }
    return number >>> 1;
  }

  /** The first 8 bytes of a number's key, which as an unsigned number give its place in order. */
  long head(long index) {
    long number = index << 1;
    return order == KeyOrder.ORDERED ? number : Mixing.mix(number);
  }

  private void fill(long number, byte[] key) {
    LONG.set(key, 0, order == KeyOrder.ORDERED ? number : Mixing.mix(number));
    LONG.set(key, 8, tail(number));
  }

  private static long tail(long number) {
    return Mixing.mix(~number);
  }
}
