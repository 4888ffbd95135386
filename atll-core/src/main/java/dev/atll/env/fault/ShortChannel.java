package dev.atll.env.fault;

import dev.atll.env.FileIn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Positional reads of a file that give a few bytes at a time, as a device may; nothing else. */
final class ShortChannel extends FileChannel {
  private final FileIn in;
  private final int most;

  /**
   * Reads a file that somebody else closes.
   *
   * @param most bytes of one read at most, at least 1
   */
  ShortChannel(FileIn in, int most) {
    this.in = in;
    this.most = most;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int count = (int) Math.min(Math.min(most, into.remaining()), in.length() - position);
    if (count <= 0) {
      return -1;
    }
    byte[] bytes = new byte[count];
    in.readBlock(position, bytes, 0, count, false);
    into.put(bytes);
    return count;
  }

  @Override
  public long size() {
    return in.length();
  }

  @Override
  protected void implCloseChannel() {}

  @Override
  public int read(ByteBuffer into) {
    throw unsupported();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    throw unsupported();
  }

  @Override
  public int write(ByteBuffer from) {
    throw unsupported();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw unsupported();
  }

  @Override
  public int write(ByteBuffer from, long position) {
    throw unsupported();
  }

  @Override
  public long position() {
    throw unsupported();
  }

  @Override
  public FileChannel position(long position) {
    throw unsupported();
  }

  @Override
  public FileChannel truncate(long size) {
    throw unsupported();
  }

  @Override
  public void force(boolean metaData) {
    throw unsupported();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw unsupported();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw unsupported();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw unsupported();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw unsupported();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("only reads at a position");
  }
}
