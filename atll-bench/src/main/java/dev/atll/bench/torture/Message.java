package dev.atll.bench.torture;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the loading process says about its writes, one record of fixed size each. A record goes out
 * in one write, far below the size up to which a pipe takes writes whole, so a killed process leaves
 * no half record, and what it said before it died can still be read.
 *
 * @param kind what happened
 * @param thread of the loading process
 * @param sequence number of the write within the thread
 * @param revision the write's revision once acknowledged; when ready, the visible revision
 */
record Message(Kind kind, int thread, int sequence, long revision) {
  private static final int BYTES = 16;

  /** What a record is about. */
  enum Kind {
    /** The store is open and the load begins. */
    READY('R'),
    /** A write is about to be asked for. */
    ISSUED('I'),
    /** A write has returned. */
    ACKED('A'),
    /** A read gave something else than the same thread wrote last. */
    WRONG_READ('W');

    private final char code;

    Kind(char code) {
      this.code = code;
    }

    private static Kind of(int code) throws IOException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IOException("no message has the code " + code);
    }
  }

  void send(OutputStream to) throws IOException {
    to.write(
        ByteBuffer.allocate(BYTES)
            .putInt(kind.code << 16 | thread)
            .putInt(sequence)
            .putLong(revision)
            .array());
  }

  /** The next record, or null at the end. */
  static @Nullable Message receive(InputStream from) throws IOException {
    byte[] bytes = new byte[BYTES];
    try {
      new DataInputStream(from).readFully(bytes);
    } catch (EOFException e) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int head = in.getInt();
    return new Message(Kind.of(head >>> 16), head & 0xFFFF, in.getInt(), in.getLong());
  }
}
