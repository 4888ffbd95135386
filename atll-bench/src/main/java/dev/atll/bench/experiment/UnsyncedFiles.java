package dev.atll.bench.experiment;

import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that nobody wants to find again after a power cut: syncs do nothing. A run that only counts
 * waits for no device.
 */
record UnsyncedFiles(FileSystem files) implements FileSystem {
  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return new UnsyncedStorage(files.open(directory, create));
  }

  private record UnsyncedStorage(Storage storage) implements Storage {
    @Override
    public FileOut create(String name) throws IOException {
      return new UnsyncedOut(storage.create(name));
    }

    @Override
    public FileIn open(String name) throws IOException {
      return storage.open(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
      return storage.exists(name);
    }

    @Override
    public long length(String name) throws IOException {
      return storage.length(name);
    }

    @Override
    public FileIdentity identity(String name) throws IOException {
      return storage.identity(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      storage.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      storage.delete(name);
    }

    @Override
    public void syncDirectory() {}

    @Override
    public List<String> list() throws IOException {
      return storage.list();
    }

    @Override
    public AutoCloseable lock() throws IOException {
      return storage.lock();
    }

    @Override
    public void link(String name, Path target) throws IOException {
      storage.link(name, target);
    }

    @Override
    public long freeBytes() throws IOException {
      return storage.freeBytes();
    }

    @Override
    public Path path() {
      return storage.path();
    }

    @Override
    public void close() {
      storage.close();
    }
  }

  private record UnsyncedOut(FileOut out) implements FileOut {
    @Override
    public void append(byte[] src, int offset, int length) throws IOException {
      out.append(src, offset, length);
    }

    @Override
    public void sync() {}

    @Override
    public long length() {
      return out.length();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
