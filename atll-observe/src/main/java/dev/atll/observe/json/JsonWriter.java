package dev.atll.observe.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of ASCII JSON text. Everything we write is ASCII without characters to escape.
 */
final class JsonWriter {
  /** The largest integer that JavaScript and other readers of doubles keep exact. */
  static final long EXACT_MAX = (1L << 53) - 1;

  private byte[] buffer = new byte[1024];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  byte[] buffer() {
    return buffer;
  }

  @Override
  public String toString() {
    return new String(buffer, 0, size, StandardCharsets.ISO_8859_1);
  }

  void raw(char c) {
    room(1);
    buffer[size++] = (byte) c;
  }

  @SuppressWarnings("deprecation") // getBytes(int, ...) copies ASCII without an encoder.
  void raw(String ascii) {
    int length = ascii.length();
    room(length);
    ascii.getBytes(0, length, buffer, size);
    size += length;
  }

  void raw(byte[] ascii) {
    room(ascii.length);
    System.arraycopy(ascii, 0, buffer, size, ascii.length);
    size += ascii.length;
  }

  void quoted(String plain) {
    raw('"');
    raw(plain);
    raw('"');
  }

  /** Writes an integer: as text if it is too large for readers that know doubles only. */
  void integer(long value) {
    if (value > EXACT_MAX || value < -EXACT_MAX) {
      quoted(Long.toString(value));
      return;
    }
    if (value < 0) {
      raw('-');
      value = -value;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    room(digits);
    for (int i = size + digits - 1; i >= size; i--) {
      buffer[i] = (byte) ('0' + value % 10);
      value /= 10;
    }
    size += digits;
  }

  /** Writes a double so that it is read back bit for bit; JSON has no name for the odd three. */
  void real(double value) {
    if (Double.isNaN(value)) {
      raw("null");
    } else if (Double.isInfinite(value)) {
      quoted(value > 0 ? "Infinity" : "-Infinity");
    } else {
      raw(Double.toString(value));
    }
  }

  private void room(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
