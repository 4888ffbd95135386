package dev.atll.env;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a directory: a POSIX record lock on a file in it, and a registry within the process.
 *
 * <p>A POSIX lock belongs to the process, and closing <em>any</em> descriptor of the file drops it.
 * So the file is never opened a second time while it is held: whoever comes second is refused by
 * the registry, which knows the real path and the identity of the lock file (a bind mount gives one
 * directory two real paths). The registry is kept in system properties as well, with names and
 * values that are plain strings: those are one for the whole process, static fields are one for each
 * class loader that loads this class.
 *
 * <p>Others can still drop the lock, so that a store does not rely on it alone: see {@code
 * manifest.OwnedStorage}.
 */
final class DirectoryLock implements AutoCloseable {
  private static final Object REGISTRY_LOCK = new Object();
  // Guarded by REGISTRY_LOCK. Real paths of directories, and file keys of lock files.
  private static final Set<Object> HELD = new HashSet<>();
  private static final String PROPERTY_PREFIX = "dev.atll.held.";

  private final Path directory;
  private final AsynchronousFileChannel channel;
  private final @Nullable Object fileKey;
  private boolean released;

  private DirectoryLock(
      Path directory, AsynchronousFileChannel channel, @Nullable Object fileKey) {
    this.directory = directory;
    this.channel = channel;
    this.fileKey = fileKey;
  }

  static DirectoryLock take(Path realPath) throws IOException {
    return take(realPath, false);
  }

  /** For reading only, of a lock file that exists: other readers of other processes may hold it too. */
  static DirectoryLock takeShared(Path realPath) throws IOException {
    return take(realPath, true);
  }

  private static DirectoryLock take(Path realPath, boolean shared) throws IOException {
    Path file = realPath.resolve(FileNames.LOCK);
    synchronized (REGISTRY_LOCK) {
      Object key = fileKey(file);
      if (isHeld(realPath) || isHeld(key)) {
        throw new DirectoryLockedException(realPath, "this process");
      }
      // First in the process, then on disk: another class loader must not touch the file meanwhile.
      if (System.getProperties().putIfAbsent(property(realPath), "") != null) {
        throw new DirectoryLockedException(realPath, "this process");
      }
      boolean done = false;
      try {
        DirectoryLock taken = takeFile(realPath, file, shared);
        done = true;
        return taken;
      } finally {
        if (!done) {
          System.getProperties().remove(property(realPath));
        }
      }
    }
  }

  private static DirectoryLock takeFile(Path realPath, Path file, boolean shared)
      throws IOException {
    // Asynchronous, as an interrupt would close a FileChannel and with it drop the lock.
    AsynchronousFileChannel channel =
        shared
            ? AsynchronousFileChannel.open(
                file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS), null)
            : AsynchronousFileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
                null,
                SystemFileSystem.ownerOnly(file, "rw-------"));
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock == null) {
        throw new DirectoryLockedException(realPath, "another process");
      }
      DirectoryLock taken = new DirectoryLock(realPath, channel, fileKey(file));
      hold(realPath);
      hold(taken.fileKey);
      return taken;
    } catch (OverlappingFileLockException e) {
      closeSuppressing(channel, e);
      throw new DirectoryLockedException(realPath, "this process, by other means");
    } catch (Throwable e) {
      closeSuppressing(channel, e);
      throw e;
    }
  }

  private static boolean isHeld(@Nullable Object key) {
    return key != null
        && (HELD.contains(key) || System.getProperties().containsKey(property(key)));
  }

  private static void hold(@Nullable Object key) {
    if (key != null) {
      HELD.add(key);
      System.getProperties().put(property(key), "");
    }
  }

  private static void release(@Nullable Object key) {
    if (key != null) {
      HELD.remove(key);
      System.getProperties().remove(property(key));
    }
  }

  private static String property(Object key) {
    return PROPERTY_PREFIX + key;
  }

  // By lstat, which opens nothing.
  private static @Nullable Object fileKey(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void closeSuppressing(AsynchronousFileChannel channel, Throwable error) {
    try {
      channel.close();
    } catch (IOException e) {
      error.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (REGISTRY_LOCK) {
      if (released) {
        return;
      }
      released = true;
      try {
        // The file stays: removing it would let two processes lock two files of one name.
        channel.close();
      } finally {
        release(directory);
        release(fileKey);
      }
    }
  }
}
