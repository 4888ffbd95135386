package dev.atll.sstable;

import dev.atll.env.FileOut;
import dev.atll.env.SyncFailureException;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.codec.Codec;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** The file being written, behind one large buffer in which frames are laid out and sealed. */
final class TableOutput {
  private static final int BUFFER_BYTES = 256 << 10;

  // A burst that others wait for takes a few milliseconds at most, of a device of 100 MB a second.
  private static final int BEHIND_BYTES = 256 << 10;
  private static final int BEHIND_BYTES_MAX = 8 << 20;

  private final FileOut out;
  private final BooleanSupplier readersWait;
  private final long fileNumber;
  private final TableFormat.Checksum checksum = new TableFormat.Checksum();
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private long written;
  private long forced;

  /**
   * Begins to write.
   *
   * @param readersWait whether others wait for the device
   */
  TableOutput(FileOut out, long fileNumber, BooleanSupplier readersWait) {
    this.out = out;
    this.readersWait = readersWait;
    this.forced = out.length();
    this.fileNumber = fileNumber;
    this.written = out.length();
  }

  /** Offset in the file of the next byte. */
  long position() {
    return written + at;
  }

  /** The buffer; write from {@link #reserve}'s index on, then {@link #advanceTo}. */
  byte[] buffer() {
    return buffer;
  }

  /** Makes room for so many bytes and returns where they go in {@link #buffer}. */
  int reserve(int bytes) throws IOException {
    if (bytes > buffer.length - at) {
      flush();
      if (bytes > buffer.length) {
        buffer = new byte[bytes];
      }
    }
    return at;
  }

  void advanceTo(int index) {
    assert index >= at && index <= buffer.length;
    at = index;
  }

  /** Ends the frame whose payload runs from an index of the buffer to the last advance. */
  void seal(int start, Codec codec) {
    long offset = written + start;
    buffer[at++] = (byte) codec.number();
    int sum = checksum.of(fileNumber, offset, buffer, start, at - start);
    Bytes.putInt(buffer, at, sum);
    at += Integer.BYTES;
  }

  /** Writes a whole frame. */
  void frame(byte[] payload, int length) throws IOException {
    int start = reserve(length + TableFormat.TRAILER_BYTES);
    System.arraycopy(payload, 0, buffer, start, length);
    advanceTo(start + length);
    seal(start, Codec.NONE);
  }

  /** Writes zero bytes up to a multiple of {@code alignment} in the file. */
  void align(int alignment) throws IOException {
    pad((int) (-position() & (alignment - 1)));
  }

  /** Writes so many zero bytes. */
  void pad(int padding) throws IOException {
    int start = reserve(padding);
    Arrays.fill(buffer, start, start + padding, (byte) 0);
    advanceTo(start + padding);
  }

  /** Writes bytes that are no frame: the footer. */
  void raw(byte[] bytes) throws IOException {
    int start = reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, start, bytes.length);
    advanceTo(start + bytes.length);
  }

  /**
   * Forces what has been written so far, in small pieces while others wait for the device and in large
   * ones otherwise: all at once at the end would hold up whoever reads, and the log, for as long as that takes.
   */
  private void writeBehind() throws IOException {
    long unforced = written - forced;
    if (unforced >= BEHIND_BYTES_MAX || (unforced >= BEHIND_BYTES && readersWait.getAsBoolean())) {
      SyncFailureException.sync(out);
      forced = written;
    }
  }

  /** Hands everything to the file; forces what is more than a burst. */
  void flush() throws IOException {
    if (at > 0) {
      out.append(buffer, 0, at);
      written += at;
      at = 0;
      writeBehind();
    }
    if (buffer.length > BUFFER_BYTES * 8) {
      buffer = new byte[BUFFER_BYTES];
    }
  }
}
