package dev.atll.env;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file written through {@link RandomAccessFile}, which interrupts do not close, unlike a channel.
 * Its native write loops on short writes.
 */
final class SystemFileOut implements FileOut {
  private static final long UNKNOWN = -1;

  private final Path path;
  private final RandomAccessFile file;
  // Keeps a sync from meeting a close, after which its descriptor number may be another file's.
  private final Object syncLock = new Object();
  // Written by the appending thread only.
  private volatile long length;
  private volatile boolean closed;

  SystemFileOut(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  @Override
  public void append(byte[] src, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, src.length);
    requireOpen();
    if (length == UNKNOWN) {
      settle();
    }
    long before = length;
    try {
      file.write(src, offset, count);
    } catch (IOException e) {
      length = UNKNOWN;
      try {
        settle();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw SystemFileSystem.translate(path, count, e);
    }
    length = before + count;
  }

  // Some prefix of a failed append may be in the file: ask, rather than believe.
  private void settle() throws IOException {
    long real = file.length();
    file.seek(real);
    length = real;
  }

  @Override
  public void sync() throws IOException {
    synchronized (syncLock) {
      requireOpen();
      file.getFD().sync();
    }
  }

  @Override
  public long length() {
    long known = length;
    if (known != UNKNOWN) {
      return known;
    }
    try {
      return file.length();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (syncLock) {
      if (!closed) {
        closed = true;
        file.close();
      }
    }
  }

  @Override
  public String toString() {
    return "SystemFileOut[" + path + "]";
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("file is closed: " + path);
    }
  }
}
