package dev.atll.env;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel whose positional reads go as a test says. */
final class FaultyChannel extends FileChannel {
  /** What becomes of a read. */
  interface Reads {
    /**
     * How many bytes it gives, 0 or -1 for none.
     *
     * @param at where it begins
     * @param asked how many bytes there is room for, at least 1
     */
    int of(long at, int asked) throws IOException;
  }

  private final FileChannel below;
  private final Reads reads;

  FaultyChannel(FileChannel below, Reads reads) {
    this.below = below;
    this.reads = reads;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int count = reads.of(position, into.remaining());
    if (count <= 0) {
      return count;
    }
    into.limit(into.position() + count);
    return below.read(into, position);
  }

  @Override
  public long size() throws IOException {
    return below.size();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    below.close();
  }

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
