package dev.atll.torture;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A byte string with value semantics, in the order of keys, that prints short. */
final class Bytes implements Comparable<Bytes> {
  static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final int SHOWN_MAX = 24;

  private final byte[] array;
  private final int hash;

  private Bytes(byte[] array) {
    this.array = array;
    this.hash = Arrays.hashCode(array);
  }

  /** Takes the array, which nobody may write any more. */
  static Bytes of(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /** A value that a number and a length determine; every other one compresses well. */
  static Bytes value(int number, int length) {
    byte[] value = new byte[length];
    long state = number * 0x9E3779B97F4A7C15L;
    boolean repetitive = (number & 1) == 0;
    for (int i = 0; i < length; i++) {
      if (!repetitive || i % 16 < 4) {
        state = state * 6364136223846793005L + 1442695040888963407L;
      }
      value[i] = (byte) (state >>> 56);
    }
    return of(value);
  }

  static Bytes random(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return of(bytes);
  }

  /** The array itself, not to be written. */
  byte[] array() {
    return array;
  }

  int length() {
    return array.length;
  }

  /** A longer string: the next one in order when the byte is 0. */
  Bytes with(int lastByte) {
    byte[] longer = Arrays.copyOf(array, array.length + 1);
    longer[array.length] = (byte) lastByte;
    return of(longer);
  }

  Bytes prefix(int length) {
    return of(Arrays.copyOf(array, length));
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("'");
    for (int i = 0; i < Math.min(array.length, SHOWN_MAX); i++) {
      int b = array[i] & 0xFF;
      if (b > ' ' && b < 127 && b != '\\' && b != '\'') {
        text.append((char) b);
      } else {
        text.append("\\%02x".formatted(b));
      }
    }
    if (array.length > SHOWN_MAX) {
      text.append("...").append(array.length).append('#').append(Integer.toHexString(hash));
    }
    return text.append('\'').toString();
  }
}
