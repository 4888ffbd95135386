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
   * As {@link #readFully}, for reads here and there in a file that no longer changes. Takes no
   * descriptor for longer than others can spare it, so that the file may have to be opened again by
   * its name.
   *
   * @param once whether nobody is likely to want these bytes soon: then they take no place in the
   *     system's page cache, if there is a way to ask so
   * @throws java.io.EOFException if the range ends after {@link #length()}, or the file has shrunk
   * @throws IndexOutOfBoundsException if the range is outside {@code dst} or a number is negative
   */
  default void readBlock(long position, byte[] dst, int offset, int length, boolean once)
      throws IOException {
    readFully(position, dst, offset, length);
  }

  /**
   * How long {@link #readBlock} took of late for pieces of up to 16 KiB that may be in the system's page
   * cache, on average, in nanoseconds; 0 if none was read or nobody measures it.
   */
  default long blockReadNanos() {
    return 0;
  }

  /** As {@link Storage#readersWait()}. */
  default boolean readersWait() {
    return false;
  }

  /**
   * Says that {@link #readBlock} is about to be asked for some bytes: a device that takes its time may
   * begin to bring them, beside others. Returns at once, never fails, and may do nothing.
   */
  default void prefetch(long position, int length) {}

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
