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
 * directory two real paths).
 */
final class DirectoryLock implements AutoCloseable {
  private static final Object REGISTRY_LOCK = new Object();
  // Guarded by REGISTRY_LOCK. Real paths of directories, and file keys of lock files.
  private static final Set<Object> HELD = new HashSet<>();

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
    Path file = realPath.resolve(FileNames.LOCK);
    synchronized (REGISTRY_LOCK) {
      Object key = fileKey(file);
      if (HELD.contains(realPath) || (key != null && HELD.contains(key))) {
        throw new DirectoryLockedException(realPath, "this process");
      }
      // Asynchronous, as an interrupt would close a FileChannel and with it drop the lock.
      AsynchronousFileChannel channel =
          AsynchronousFileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
              null,
              SystemFileSystem.ownerOnly(file, "rw-------"));
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw new DirectoryLockedException(realPath, "another process");
        }
        DirectoryLock taken = new DirectoryLock(realPath, channel, fileKey(file));
        HELD.add(realPath);
        if (taken.fileKey != null) {
          HELD.add(taken.fileKey);
        }
        return taken;
      } catch (OverlappingFileLockException e) {
        closeSuppressing(channel, e);
        throw new DirectoryLockedException(realPath, "this process, by other means");
      } catch (IOException | RuntimeException e) {
        closeSuppressing(channel, e);
        throw e;
      }
    }
  }

  // By lstat, which opens nothing.
  private static @Nullable Object fileKey(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void closeSuppressing(AsynchronousFileChannel channel, Exception error) {
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
        HELD.remove(directory);
        if (fileKey != null) {
          HELD.remove(fileKey);
        }
      }
    }
  }
}
