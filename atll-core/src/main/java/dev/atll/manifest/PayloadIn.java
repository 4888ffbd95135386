package dev.atll.manifest;

import dev.atll.api.CorruptionException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link PayloadOut} wrote. Every length is checked against what is left before anything
 * is allocated, so that hostile bytes cost nothing. Every failure is a {@link CorruptionException}
 * at the record's offset: its checksum held, so the bytes are what somebody wrote.
 */
final class PayloadIn {
  private final byte[] bytes;
  private final String file;
  private final long recordOffset;
  private final KeyPool pool;
  private int at;

  PayloadIn(byte[] bytes, String file, long recordOffset) {
    this(bytes, file, recordOffset, new KeyPool());
  }

  PayloadIn(byte[] bytes, String file, long recordOffset, KeyPool pool) {
    this.pool = pool;
    this.bytes = bytes;
    this.file = file;
    this.recordOffset = recordOffset;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  int left() {
    return bytes.length - at;
  }

  CorruptionException bad(String what) {
    return new CorruptionException(file, recordOffset, what);
  }

  int u8(String what) {
    if (at == bytes.length) {
      throw bad("record ends before " + what);
    }
    return bytes[at++] & 0xFF;
  }

  long number(String what) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int b = u8(what);
      value |= (b & 0x7FL) << shift;
      if (b < 0x80) {
        if (b == 0 && shift > 0) {
          throw bad("needless zero in " + what);
        }
        return value;
      }
    }
    throw bad(what + " exceeds 63 bits");
  }

  int fixed32(String what) {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= u8(what) << shift;
    }
    return value;
  }

  long fixed64(String what) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      value |= (long) u8(what) << shift;
    }
    return value;
  }

  byte[] key(String what) {
    return take(number(what), what);
  }

  byte @Nullable [] bound(String what) {
    long lengthPlusOne = number(what);
    return lengthPlusOne == 0 ? null : take(lengthPlusOne - 1, what);
  }

  /** A key that begins with a part of another one. */
  byte[] key(byte[] begin, int shared, String what) {
    long rest = number(what);
    check(rest, what);
    if (rest + shared > ManifestFormat.KEY_BYTES_MAX) {
      throw bad("a key is too long");
    }
    byte[] key = Arrays.copyOf(begin, shared + (int) rest);
    System.arraycopy(bytes, at, key, shared, (int) rest);
    at += (int) rest;
    return pool.shared(key);
  }

  private byte[] take(long length, String what) {
    check(length, what);
    byte[] taken = Arrays.copyOfRange(bytes, at, at + (int) length);
    at += (int) length;
    return pool.shared(taken);
  }

  private void check(long length, String what) {
    if (length > bytes.length - at || length > ManifestFormat.KEY_BYTES_MAX) {
      throw bad(String.format(Locale.ROOT, "length %d of %s exceeds the record", length, what));
    }
  }
}
