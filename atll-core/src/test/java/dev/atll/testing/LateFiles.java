package dev.atll.testing;

import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A file system whose syncs, openings and changes of names take their time, before and after they are
 * done: what other threads may do meanwhile, they do. Simulated files answer at once, and hide what
 * real ones show.
 *
 * @param pause what happens before and after each such call; by the calling thread
 */
public record LateFiles(FileSystem files, Runnable pause) implements FileSystem {
  private static final int NANOS_MAX = 400_000;

  /** Pauses at random, up to 0.4 ms each time. */
  public static LateFiles atRandom(FileSystem files) {
    return new LateFiles(
        files,
        () -> {
          ThreadLocalRandom random = ThreadLocalRandom.current();
          if (random.nextBoolean()) {
            LockSupport.parkNanos(random.nextInt(NANOS_MAX));
          }
        });
  }

  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return new LateStorage(files.open(directory, create), pause);
  }

  private record LateStorage(Storage storage, Runnable pause) implements Storage {
    @Override
    public FileOut create(String name) throws IOException {
      pause.run();
      FileOut out = storage.create(name);
      pause.run();
      return new LateOut(out, pause);
    }

    @Override
    public FileIn open(String name) throws IOException {
      pause.run();
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
      pause.run();
      storage.rename(from, to);
      pause.run();
    }

    @Override
    public void delete(String name) throws IOException {
      pause.run();
      storage.delete(name);
      pause.run();
    }

    @Override
    public void syncDirectory() throws IOException {
      pause.run();
      storage.syncDirectory();
      pause.run();
    }

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

  private record LateOut(FileOut out, Runnable pause) implements FileOut {
    @Override
    public void append(byte[] src, int offset, int length) throws IOException {
      out.append(src, offset, length);
    }

    @Override
    public void sync() throws IOException {
      pause.run();
      out.sync();
      pause.run();
    }

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
