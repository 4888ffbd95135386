package dev.atll.sstable;

import dev.atll.sstable.block.Bytes;
import java.util.Arrays;

/** A byte array that grows, with the encodings of the sections of a table. */
final class Growing {
  byte[] bytes = new byte[1024];
  int length;

  void clear() {
    length = 0;
  }

  Growing varint(long value) {
    room(Bytes.VARINT_MAX);
    length = Bytes.putVarint(bytes, length, value);
    return this;
  }

  Growing fixed32(int value) {
    room(Integer.BYTES);
    Bytes.putInt(bytes, length, value);
    length += Integer.BYTES;
    return this;
  }

  Growing put(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** A property: tag, length, bytes. */
  Growing property(int tag, byte[] value) {
    return varint(tag).varint(value.length).put(value, 0, value.length);
  }

  /** A property of eight bytes. */
  Growing property(int tag, long value) {
    byte[] encoded = new byte[Long.BYTES];
    Bytes.putLong(encoded, 0, value);
    return property(tag, encoded);
  }

  private void room(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
    }
  }
}
