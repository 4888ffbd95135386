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
  private final long stride;

  /** Keys in the given order; ordered ones begin with their number. */
  public KeySpace(KeyOrder order) {
    this(order, 1);
  }

  private KeySpace(KeyOrder order, long stride) {
    this.order = order;
    this.stride = stride;
  }

  /**
   * Ordered keys spread evenly over all that 8 bytes can tell, so that a picture of the key space
   * shows them side by side.
   *
   * @param keys how many numbers there are, 1 to 2^62; greater ones must not be used
   */
  public static KeySpace spread(long keys) {
    return new KeySpace(KeyOrder.ORDERED, Long.divideUnsigned(-1L, keys << 1));
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
    long number =
        switch (order) {
          case HASHED -> Mixing.unmix(head);
          case ORDERED ->
              Long.remainderUnsigned(head, stride) == 0 ? Long.divideUnsigned(head, stride) : -1;
        };
    if (number < 0 || (number & 1) != 0 || (long) LONG.get(key, 8) != tail(number)) {
      return -1;
    }
    return number >>> 1;
  }

  private void fill(long number, byte[] key) {
    long head =
        switch (order) {
          case HASHED -> Mixing.mix(number);
          case ORDERED -> number * stride;
        };
    LONG.set(key, 0, head);
    LONG.set(key, 8, tail(number));
  }

  private static long tail(long number) {
    return Mixing.mix(~number);
  }
}
