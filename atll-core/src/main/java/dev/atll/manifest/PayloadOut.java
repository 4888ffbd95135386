package dev.atll.manifest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A growing array of bytes with the few codings a manifest uses. One thread. */
final class PayloadOut {
  private byte[] bytes = new byte[256];
  private int length;

  void u8(int value) {
    assert value >= 0 && value <= 0xFF;
    ensure(1);
    bytes[length++] = (byte) value;
  }

  /** Little-endian base 128, lowest seven bits first; the high bit says that more follow. */
  void number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative number " + value);
    }
    ensure(10);
    long rest = value;
    while (rest >= 0x80) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  void fixed32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      u8((value >>> shift) & 0xFF);
    }
  }

  void fixed64(long value) {
    for (int shift = 0; shift < 64; shift += 8) {
      u8((int) (value >>> shift) & 0xFF);
    }
  }

  void key(byte[] key) {
    number(key.length);
    ensure(key.length);
    System.arraycopy(key, 0, bytes, length, key.length);
    length += key.length;
  }

  /** A part of a key, without its length. */
  void bytes(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** A bound: length plus one and the bytes, or 0 for no bound. */
  void bound(byte @Nullable [] key) {
    if (key == null) {
      u8(0);
      return;
    }
    number(key.length + 1L);
    ensure(key.length);
    System.arraycopy(key, 0, bytes, length, key.length);
    length += key.length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
