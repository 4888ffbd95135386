package dev.atll.env;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A file opened for reading. Safe for use by many threads; interrupts neither break nor close it.
 */
public interface FileIn extends AutoCloseable {
  /** The length in bytes when it was opened. */
  long length();

  /**
   * Reads bytes at a position.
   *
   * @throws java.io.EOFException if the range ends after {@link #length()}, or the file has shrunk
   * @throws IndexOutOfBoundsException if the range is outside {@code dst} or a number is negative
   */
  void readFully(long position, byte[] dst, int offset, int length) throws IOException;

  /**
   * The whole file as read-only memory, the same on each call, alive until {@link #close()}.
   *
   * <p>A damaged device or a file cut short makes an access throw {@link InternalError}. Copy bytes
   * to the heap before giving them to native code such as {@code CRC32C} or {@code Inflater}: on a
   * mapped buffer these end the process instead.
   */
  MemorySegment map() throws IOException;

  /**
   * Closes and unmaps the file. Nobody may be reading it; later accesses to the mapping throw {@link
   * IllegalStateException}, or in a simulation find rubbish. Calling it again does nothing.
   */
  @Override
  void close();
}
