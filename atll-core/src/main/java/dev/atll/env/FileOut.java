package dev.atll.env;

import java.io.IOException;

/**
 * A new file, written once from start to end.
 *
 * <p>One thread at a time may append or close; {@link #sync()} and {@link #length()} may be called
 * by another meanwhile. Interrupts neither break nor close it.
 */
public interface FileOut extends AutoCloseable {
  /**
   * Appends bytes. When this returns they survive the end of the process, but not a power cut.
   *
   * @param src holds the bytes; not kept
   * @param offset of the first byte, at least 0
   * @param length in bytes, at least 0
   * @throws OutOfSpaceException if the device, a quota or a file size limit is full
   * @throws IOException if writing failed; any prefix of the bytes may have been written, and
   *     {@link #length()} tells how long the file is
   * @throws IndexOutOfBoundsException if the range is outside {@code src}
   */
  void append(byte[] src, int offset, int length) throws IOException;

  /**
   * Makes the bytes appended before this call durable.
   *
   * @throws IOException if that failed. The bytes may be lost although they can still be read, and
   *     a second call may succeed without having written them: never retry, treat the file as lost
   */
  void sync() throws IOException;

  /**
   * The length in bytes: all that was appended, or after a failed append what the file really holds.
   *
   * @throws java.io.UncheckedIOException if an append failed and the file cannot be asked
   */
  long length();

  /** Closes the file without syncing it. Calling it again does nothing. */
  @Override
  void close() throws IOException;
}
