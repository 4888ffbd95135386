package dev.atll.env.sim;

import dev.atll.env.FileIn;
import dev.atll.env.OpKind;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A simulated file being read. */
final class SimFileIn implements FileIn {
  private final SimFileSystem fs;
  private final Path path;
  private final String name;
  private final String handle;
  private final SimFile file;
  private final int length;
  private byte @Nullable [] mapping;
  private @Nullable MemorySegment segment;
  private boolean closed;

  SimFileIn(SimFileSystem fs, Path path, SimFile file) {
    this.fs = fs;
    this.path = path;
    this.name = String.valueOf(path.getFileName());
    this.handle = "in " + path;
    this.file = file;
    this.length = file.length();
    fs.opened(handle, file);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void readFully(long position, byte[] dst, int offset, int count) throws IOException {
    read(OpKind.READ, position, dst, offset, count);
  }

  @Override
  public void readBlock(long position, byte[] dst, int offset, int count, boolean once)
      throws IOException {
    read(OpKind.READ_BLOCK, position, dst, offset, count);
  }

  private void read(OpKind kind, long position, byte[] dst, int offset, int count)
      throws IOException {
    Objects.checkFromIndexSize(offset, count, dst.length);
    if (position < 0) {
      throw new IndexOutOfBoundsException("position " + position);
    }
    synchronized (fs) {
      requireOpen();
      fs.before(kind, name, count);
      // Both: the file as it was opened, and as a test may have cut it since.
      int end = Math.min(length, file.length());
      if (position > end - count) {
        throw new EOFException(
            path + ": " + count + " bytes at " + position + " of a file of " + end);
      }
      file.read((int) position, dst, offset, count);
    }
  }

  @Override
  public long blockReadNanos() {
    return fs.blockReadNanos();
  }

  @Override
  public MemorySegment map() throws IOException {
    synchronized (fs) {
      requireOpen();
      fs.before(OpKind.MAP, name, length);
      if (segment == null) {
        mapping = file.map(length);
        segment = MemorySegment.ofArray(mapping).asReadOnly();
      }
      return segment;
    }
  }

  @Override
  public void close() {
    synchronized (fs) {
      if (!closed) {
        closed = true;
        if (mapping != null) {
          file.unmap(mapping);
        }
        fs.closed(handle, file);
      }
    }
  }

  @Override
  public String toString() {
    return "SimFileIn[" + path + "]";
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("file is closed: " + path);
    }
  }
}
