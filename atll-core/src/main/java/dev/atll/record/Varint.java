package dev.atll.record;

/**
 * Unsigned numbers in base 128, least significant digit first, the high bit saying that more
 * follow; at most ten bytes. Decoders accept only what ends within the given limit.
 */
public final class Varint {
  /** The longest encoding of a long, in bytes. */
  public static final int LONG_BYTES_MAX = 10;

  private Varint() {}

  /** Writes a number, taken as unsigned, and returns the index after it. */
  public static int put(byte[] to, int at, long number) {
    long rest = number;
    int next = at;
    while ((rest & ~0x7FL) != 0) {
      to[next++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[next++] = (byte) rest;
    return next;
  }

  /** How many bytes {@link #put} writes for a number. */
  public static int length(long number) {
    return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + 6) / 7;
  }

  /**
   * The index after the number that begins at {@code at}, or -1 if it does not end before {@code
   * limit} or exceeds 64 bits.
   */
  public static int end(byte[] from, int at, int limit) {
    for (int next = at; next < limit && next < at + LONG_BYTES_MAX; next++) {
      if (from[next] >= 0) {
        return next == at + LONG_BYTES_MAX - 1 && from[next] > 1 ? -1 : next + 1;
      }
    }
    return -1;
  }

  /** The number that {@link #end} found to end at {@code end}. */
  public static long get(byte[] from, int at, int end) {
    long number = 0;
    for (int next = end - 1; next >= at; next--) {
      number = number << 7 | from[next] & 0x7F;
    }
    return number;
  }
}
