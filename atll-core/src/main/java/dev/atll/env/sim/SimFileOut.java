package dev.atll.env.sim;

import dev.atll.env.FileOut;
import dev.atll.env.OpKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** A simulated file being written. */
final class SimFileOut implements FileOut, Droppable {
  private final SimFileSystem fs;
  private final Path path;
  private final String name;
  private final String handle;
  private final SimFile file;
  private boolean closed;

  SimFileOut(SimFileSystem fs, Path path, SimFile file) {
    this.fs = fs;
    this.path = path;
    this.name = String.valueOf(path.getFileName());
    this.handle = "out " + path;
    this.file = file;
    fs.opened(handle, file);
  }

  @Override
  public void append(byte[] src, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, src.length);
    synchronized (fs) {
      requireOpen();
      fs.before(OpKind.APPEND, name, length);
      fs.append(path, file, src, offset, length);
    }
  }

  @Override
  public void sync() throws IOException {
    synchronized (fs) {
      requireOpen();
      fs.before(OpKind.SYNC, name, file.length());
      file.sync();
    }
  }

  @Override
  public void dropUnsynced() {
    synchronized (fs) {
      file.dropUnsynced();
    }
  }

  @Override
  public long length() {
    synchronized (fs) {
      return file.length();
    }
  }

  @Override
  public void close() {
    synchronized (fs) {
      if (!closed) {
        closed = true;
        fs.closed(handle, file);
      }
    }
  }

  @Override
  public String toString() {
    return "SimFileOut[" + path + "]";
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("file is closed: " + path);
    }
  }
}
