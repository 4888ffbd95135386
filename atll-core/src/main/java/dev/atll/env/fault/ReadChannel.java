package dev.atll.env.fault;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel of which only positional reads work: those that go wrong as somebody wants them to. */
public abstract class ReadChannel extends FileChannel {
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
