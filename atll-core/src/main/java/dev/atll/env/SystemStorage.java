package dev.atll.env;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One directory on disk. */
final class SystemStorage implements Storage {
  private static final int COPY_BYTES = 1 << 16;

  private final Path directory;
  private volatile boolean closed;
  private volatile @Nullable FileStore fileStore;

  /** The directory, held open so that it can be synced when no descriptor is left. */
  private final AsynchronousFileChannel spare;

  SystemStorage(Path realPath) throws IOException {
    directory = realPath;
    try {
      spare = SystemFileSystem.openDirectory(realPath);
    } catch (IOException e) {
      throw SystemFileSystem.translateOpening(realPath.resolve("any"), e);
    }
  }

  @Override
  public FileOut create(String name) throws IOException {
    return create(resolve(name));
  }

  private static SystemFileOut create(Path file) throws IOException {
    // O_CREAT | O_EXCL: fails on anything that exists, on a dangling link too.
    try {
      Files.createFile(file, SystemFileSystem.ownerOnly(file, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      IOException opening = SystemFileSystem.translateOpening(file, e);
      throw opening.equals(e) ? SystemFileSystem.translate(file, 0, e) : opening;
    }
    try {
      return new SystemFileOut(file, new RandomAccessFile(file.toFile(), "rw"));
    } catch (IOException e) {
      // The name is ours and empty: leave no trace of the failed call.
      deleteSuppressing(file, e);
      throw SystemFileSystem.translateOpening(file, e);
    }
  }

  @Override
  public FileIn open(String name) throws IOException {
    Path file = resolve(name);
    Object fileKey = SystemFileSystem.regular(file).fileKey();
    try {
      return new SystemFileIn(file, fileKey, new RandomAccessFile(file.toFile(), "r"));
    } catch (FileNotFoundException e) {
      if (!Files.exists(file, NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(file.toString());
      }
      throw SystemFileSystem.translateOpening(file, e);
    }
  }

  @Override
  public boolean readersWait() {
    return Prefetch.readersWait();
  }

  @Override
  public void willReadEnds(List<String> names, int bytes) {
    Prefetch.ends(directory, names, bytes);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return Files.isRegularFile(resolve(name), NOFOLLOW_LINKS);
  }

  @Override
  public long length(String name) throws IOException {
    return SystemFileSystem.regular(resolve(name)).size();
  }

  @Override
  public FileIdentity identity(String name) throws IOException {
    BasicFileAttributes found = SystemFileSystem.regular(resolve(name));
    return new FileIdentity(
        found.fileKey(), found.lastModifiedTime().to(TimeUnit.NANOSECONDS), found.size());
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(resolve(name));
  }

  @Override
  public void syncDirectory() throws IOException {
    requireOpen();
    AsynchronousFileChannel opened;
    try {
      opened = SystemFileSystem.openDirectory(directory);
    } catch (IOException e) {
      if (SystemFileSystem.translateOpening(directory.resolve("any"), e).equals(e)) {
        throw e;
      }
      // A sync that fails ends writing, and this one must not for want of a descriptor.
      spare.force(true);
      return;
    }
    try (opened) {
      opened.force(true);
    }
  }

  @Override
  public List<String> list() throws IOException {
    requireOpen();
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (FileNames.isValid(name) && Files.isRegularFile(entry, NOFOLLOW_LINKS)) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public AutoCloseable lock() throws IOException {
    requireOpen();
    return DirectoryLock.take(directory);
  }

  @Override
  public AutoCloseable lockForReading() throws IOException {
    requireOpen();
    return Files.exists(directory.resolve(FileNames.LOCK), NOFOLLOW_LINKS)
        ? DirectoryLock.takeShared(directory)
        : () -> {};
  }

  @Override
  public void link(String name, Path target) throws IOException {
    Path source = resolve(name);
    FileNames.last(target);
    SystemFileSystem.regular(source);
    try {
      Files.createLink(target, source);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      // Another device, too many links, a file system without them: the text differs, a copy works.
      copy(source, target, e);
    }
  }

  private static void copy(Path source, Path target, Exception why) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(source.toFile(), "r");
        SystemFileOut out = create(target)) {
      try {
        byte[] buffer = new byte[COPY_BYTES];
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          out.append(buffer, 0, n);
        }
        out.sync();
      } catch (IOException e) {
        deleteSuppressing(target, e);
        throw e;
      }
    } catch (IOException e) {
      e.addSuppressed(why);
      throw e;
    }
  }

  private static void deleteSuppressing(Path file, IOException error) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      error.addSuppressed(e);
    }
  }

  @Override
  public long freeBytes() throws IOException {
    requireOpen();
    // Finding it reads the whole table of mounts; a mount is not changed under an open store.
    FileStore known = fileStore;
    if (known == null) {
      known = Files.getFileStore(directory);
      fileStore = known;
    }
    return known.getUsableSpace();
  }

  @Override
  public Path path() {
    return directory;
  }

  @Override
  public void close() {
    closed = true;
    try {
      spare.close();
    } catch (IOException e) {
      // Only read from and synced: nothing can be lost with it.
      return;
    }
  }

  @Override
  public String toString() {
    return "SystemStorage[" + directory + "]";
  }

  private Path resolve(String name) throws IOException {
    requireOpen();
    return directory.resolve(FileNames.check(name));
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("storage is closed: " + directory);
    }
  }
}
