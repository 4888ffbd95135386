package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.sstable.block.Bytes;
import java.util.Arrays;

/** Reads a section that may have been written by an enemy: every length is checked before use. */
final class SectionReader {
  private final String file;
  private final long fileOffset;
  private final byte[] bytes;
  private final int end;
  private int at;

  /** Reads the first {@code length} bytes of an array that was read at an offset of a file. */
  SectionReader(String file, long fileOffset, byte[] bytes, int length) {
    this.file = file;
    this.fileOffset = fileOffset;
    this.bytes = bytes;
    this.end = length;
  }

  int left() {
    return end - at;
  }

  CorruptionException damaged(String what) {
    return new CorruptionException(file, fileOffset + at, what);
  }

  int fixed32(String what) {
    if (left() < Integer.BYTES) {
      throw damaged(what);
    }
    int value = Bytes.getInt(bytes, at);
    at += Integer.BYTES;
    return value;
  }

  /** A number of at most 63 bits. */
  long varint(String what) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (at == end) {
        throw damaged(what);
      }
      byte b = bytes[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged(what);
  }

  /** A number that counts something of which each takes a byte of what is left, or more. */
  int count(String what) {
    return (int) varint(what, left());
  }

  long varint(String what, long max) {
    long value = varint(what);
    if (value > max) {
      throw damaged(what + " " + value + ", at most " + max);
    }
    return value;
  }

  byte[] bytes(int count, String what) {
    if (count < 0 || count > left()) {
      throw damaged(what);
    }
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  /** Appends the next bytes to the first {@code shared} of a key. */
  byte[] key(byte[] last, int shared, int more, String what) {
    if (shared > last.length || more > left()) {
      throw damaged(what);
    }
    byte[] key = Arrays.copyOf(last, shared + more);
    System.arraycopy(bytes, at, key, shared, more);
    at += more;
    return key;
  }
}
