package dev.atll.env;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The disk. */
final class SystemFileSystem implements FileSystem {
  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    if (create) {
      createDirectories(directory);
    }
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    return new SystemStorage(directory.toRealPath());
  }

  private static void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = directory.toAbsolutePath(); p != null && !Files.exists(p); p = p.getParent()) {
      missing.push(p);
    }
    for (Path p : missing) {
      try {
        Files.createDirectory(p, ownerOnly(p, "rwx------"));
      } catch (FileAlreadyExistsException e) {
        // Another process made it at the same moment; what kind of thing it is, open() tells.
        if (!Files.isDirectory(p)) {
          throw e;
        }
      }
      Path parent = p.getParent();
      if (parent != null) {
        syncDirectory(parent);
      }
    }
  }

  /**
   * Forces a directory to disk.
   *
   * <p>Not by a {@code FileChannel}: an interrupt closes it and its exception hides the error of
   * the sync itself, so that a retry would report success for lost names. An asynchronous channel
   * forces on the calling thread and knows no interrupts.
   */
  static void syncDirectory(Path directory) throws IOException {
    try (AsynchronousFileChannel channel = openDirectory(directory)) {
      channel.force(true);
    }
  }

  /** A directory as something to force. */
  static AsynchronousFileChannel openDirectory(Path directory) throws IOException {
    return AsynchronousFileChannel.open(directory, Set.of(StandardOpenOption.READ), null);
  }

  /** The attribute that gives a new file these permissions from its first moment. */
  static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
  }

  /** Refuses what is missing, or no regular file, symbolic links included; gives its attributes. */
  static BasicFileAttributes regular(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new IOException("not a regular file: " + file);
    }
    return attributes;
  }

  /** What a failed write really was: out of space, or the error itself. */
  static IOException translate(Path file, int bytes, IOException error) {
    return isOutOfSpace(file, bytes, error)
        ? new OutOfSpaceException("no space for " + bytes + " bytes: " + file, error)
        : error;
  }

  /** What a failed opening of a file really was: no descriptor left, or the error itself. */
  static IOException translateOpening(Path file, IOException error) {
    return isOutOfDescriptors(file, error)
        ? new OutOfDescriptorsException("no file descriptor left to open " + file, error)
        : error;
  }

  private static boolean isOutOfDescriptors(Path file, IOException error) {
    String message = error.getMessage();
    if (message != null && message.contains("oo many open files")) {
      return true;
    }
    Path directory = file.getParent();
    if (directory == null) {
      return false;
    }
    // The text of an errno follows the user's language: a directory that is there and may be read, and
    // cannot be opened either, tells as much.
    try (DirectoryStream<Path> probe = Files.newDirectoryStream(directory)) {
      return probe == null;
    } catch (IOException e) {
      return Files.isReadable(directory);
    }
  }

  private static boolean isOutOfSpace(Path file, int bytes, IOException error) {
    if (isOutOfSpace(error.getMessage())) {
      return true;
    }
    // The text of an errno follows the user's language; the free space does not.
    try {
      return Files.getFileStore(file).getUsableSpace() < bytes;
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isOutOfSpace(@Nullable String message) {
    return message != null
        && (message.contains("No space left on device")
            || message.contains("Disk quota exceeded")
            || message.contains("File too large"));
  }
}
