package dev.atll.bench.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * Values whose bytes follow from the number of their key and a version, so that any value read can
 * be checked, and a wrong one can be named.
 *
 * <p>Version and number lead, 8 bytes each; bytes that look random follow, so that no engine gains
 * by compressing them.
 */
public final class Values {
  /** The least length of a value that names its key and version. */
  public static final int NAMED_BYTES = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Values() {}

  /**
   * Writes a value over the whole array.
   *
   * @param index number of the key
   * @param version which value of the key this is
   * @param value the array to fill
   */
  public static void write(long index, long version, byte[] value) {
    int at = 0;
    if (value.length >= NAMED_BYTES) {
      LONG.set(value, 0, version);
      LONG.set(value, 8, index);
      at = NAMED_BYTES;
    }
    long state = Mixing.mix(index) ^ Long.rotateLeft(Mixing.mix(~version), 17);
    for (; at + Long.BYTES <= value.length; at += Long.BYTES) {
      LONG.set(value, at, Mixing.mix(state++));
    }
    long last = Mixing.mix(state);
    for (; at < value.length; at++) {
      value[at] = (byte) last;
      last >>>= 8;
    }
  }

  /** Whether an array holds just what {@link #write} would put there. */
  public static boolean matches(long index, long version, byte[] value) {
    byte[] expected = new byte[value.length];
    write(index, version, expected);
    return Arrays.equals(expected, value);
  }

  /** What a value says of itself, for messages. */
  public static String describe(byte[] value) {
    if (value.length < NAMED_BYTES) {
      return value.length + " bytes " + Arrays.toString(value);
    }
    return
        String.format(
            Locale.ROOT,
            "%d bytes, version %d of key %d",
            value.length, (long) LONG.get(value, 0), (long) LONG.get(value, 8));
  }
}
