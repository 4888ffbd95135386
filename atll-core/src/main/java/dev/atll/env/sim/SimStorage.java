package dev.atll.env.sim;

import dev.atll.env.DirectoryLockedException;
import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileNames;
import dev.atll.env.FileOut;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** One simulated directory. Every method takes the monitor of the file system. */
final class SimStorage implements Storage, Droppable {
  private final SimFileSystem fs;
  private final SimDirectory directory;
  private boolean closed;

  SimStorage(SimFileSystem fs, SimDirectory directory) {
    this.fs = fs;
    this.directory = directory;
  }

  @Override
  public FileOut create(String name) throws IOException {
    synchronized (fs) {
      enter(OpKind.CREATE, name);
      if (directory.get(name) != null) {
        throw new FileAlreadyExistsException(file(name).toString());
      }
      SimFile file = new SimFile();
      directory.put(name, file);
      fs.addName(file);
      return new SimFileOut(fs, file(name), file);
    }
  }

  @Override
  public FileIn open(String name) throws IOException {
    synchronized (fs) {
      enter(OpKind.OPEN, name);
      return new SimFileIn(fs, file(name), existing(name));
    }
  }

  @Override
  public boolean exists(String name) throws IOException {
    synchronized (fs) {
      enter(OpKind.STAT, name);
      return directory.get(name) != null;
    }
  }

  @Override
  public long length(String name) throws IOException {
    synchronized (fs) {
      enter(OpKind.STAT, name);
      return existing(name).length();
    }
  }

  @Override
  public FileIdentity identity(String name) throws IOException {
    synchronized (fs) {
      enter(OpKind.STAT, name);
      SimFile file = existing(name);
      return new FileIdentity(file, 0, file.length());
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    synchronized (fs) {
      FileNames.check(from);
      enter(OpKind.RENAME, to);
      SimFile file = existing(from);
      if (from.equals(to)) {
        return;
      }
      SimFile replaced = directory.get(to);
      directory.rename(from, to, file);
      fs.removeName(replaced);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    synchronized (fs) {
      enter(OpKind.DELETE, name);
      SimFile file = existing(name);
      directory.remove(name);
      fs.removeName(file);
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    synchronized (fs) {
      requireOpen();
      fs.before(OpKind.SYNC_DIRECTORY, directory.path.toString(), 0);
      directory.sync();
    }
  }

  @Override
  public void dropUnsynced() {
    synchronized (fs) {
      directory.dropUnsynced();
    }
  }

  @Override
  public List<String> list() throws IOException {
    synchronized (fs) {
      requireOpen();
      fs.before(OpKind.LIST, directory.path.toString(), 0);
      return List.copyOf(directory.files().keySet());
    }
  }

  @Override
  public AutoCloseable lock() throws IOException {
    synchronized (fs) {
      requireOpen();
      fs.before(OpKind.LOCK, directory.path.toString(), 0);
      if (directory.locked) {
        throw new DirectoryLockedException(directory.path, "this process");
      }
      directory.locked = true;
    }
    return new AutoCloseable() {
      private boolean released;

      @Override
      public void close() {
        synchronized (fs) {
          if (!released) {
            released = true;
            directory.locked = false;
          }
        }
      }
    };
  }

  @Override
  public void link(String name, Path target) throws IOException {
    synchronized (fs) {
      FileNames.check(name);
      String to = FileNames.last(target);
      enter(OpKind.LINK, to);
      SimFile file = existing(name);
      SimDirectory into = fs.directoryOf(target);
      if (into.get(to) != null) {
        throw new FileAlreadyExistsException(target.toString());
      }
      into.put(to, file);
      fs.addName(file);
    }
  }

  @Override
  public long freeBytes() throws IOException {
    synchronized (fs) {
      requireOpen();
      return fs.freeBytes();
    }
  }

  @Override
  public Path path() {
    return directory.path;
  }

  @Override
  public void close() {
    synchronized (fs) {
      closed = true;
    }
  }

  @Override
  public String toString() {
    return "SimStorage[" + directory.path + "]";
  }

  private void enter(OpKind kind, String name) throws IOException {
    requireOpen();
    FileNames.check(name);
    fs.before(kind, name, 0);
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("storage is closed: " + directory.path);
    }
  }

  private SimFile existing(String name) throws NoSuchFileException {
    SimFile file = directory.get(name);
    if (file == null) {
      throw new NoSuchFileException(file(name).toString());
    }
    return file;
  }

  private Path file(String name) {
    return directory.path.resolve(name);
  }
}
