package dev.atll.torture;

import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in which asking for free space, and closing, pass a {@link Trap}; all else may fail
 * by {@code FaultFileSystem}. What is closed is closed, also when that throws.
 */
record TrapFiles(FileSystem files) implements FileSystem {
  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return new TrapStorage(files.open(directory, create));
  }

  private record TrapStorage(Storage storage) implements Storage {
    @Override
    public FileOut create(String name) throws IOException {
      return new TrapOut(storage.create(name));
    }

    @Override
    public FileIn open(String name) throws IOException {
      return new TrapIn(storage.open(name));
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
    public void syncDirectory() throws IOException {
      storage.syncDirectory();
    }

    @Override
    public List<String> list() throws IOException {
      return storage.list();
    }

    @Override
    public AutoCloseable lock() throws IOException {
      AutoCloseable lock = storage.lock();
      return () -> {
        lock.close();
        Trap.pass(Trap.Point.CLOSE);
      };
    }

    @Override
    public void link(String name, Path target) throws IOException {
      storage.link(name, target);
    }

    @Override
    public long freeBytes() throws IOException {
      Trap.pass(Trap.Point.SPACE);
      return storage.freeBytes();
    }

    @Override
    public Path path() {
      return storage.path();
    }

    @Override
    public void close() {
      storage.close();
      Trap.pass(Trap.Point.CLOSE);
    }
  }

  private record TrapOut(FileOut out) implements FileOut {
    @Override
    public void append(byte[] src, int offset, int length) throws IOException {
      out.append(src, offset, length);
    }

    @Override
    public void sync() throws IOException {
      out.sync();
    }

    @Override
    public long length() {
      return out.length();
    }

    @Override
    public void close() throws IOException {
      out.close();
      Trap.pass(Trap.Point.CLOSE);
    }
  }

  private record TrapIn(FileIn in) implements FileIn {
    @Override
    public long length() {
      return in.length();
    }

    @Override
    public void readFully(long position, byte[] dst, int offset, int length) throws IOException {
      in.readFully(position, dst, offset, length);
    }

    @Override
    public MemorySegment map() throws IOException {
      return in.map();
    }

    @Override
    public void close() {
      in.close();
      Trap.pass(Trap.Point.CLOSE);
    }
  }
}
