package dev.atll.env;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Directories that are only read: what is created, renamed or deleted is so in memory alone, and
 * nobody else sees it. Syncs have nothing to do. Recovery can run over it, and leaves no trace.
 */
public final class OverlayFileSystem implements FileSystem {
  private final FileSystem below;

  /** Lays itself over a file system. */
  public OverlayFileSystem(FileSystem below) {
    this.below = below;
  }

  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return new Overlay(below.open(directory, false));
  }

  /** The content of a file in memory. Guarded by itself. */
  private static final class Content {
    private byte[] bytes = new byte[1024];
    private int length;

    synchronized void append(byte[] src, int offset, int count) {
      if (count > bytes.length - length) {
        long wanted = Math.max(2L * bytes.length, (long) length + count);
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 64L));
      }
      System.arraycopy(src, offset, bytes, length, count);
      length += count;
    }

    synchronized int length() {
      return length;
    }

    synchronized byte[] copy() {
      return Arrays.copyOf(bytes, length);
    }
  }

  private static final class Overlay implements Storage {
    private final Storage storage;
    // Guarded by itself. What a name stands for here; empty where it was deleted.
    private final Map<String, List<Content>> changed = new TreeMap<>();

    Overlay(Storage storage) {
      this.storage = storage;
    }

    /** The content in memory, or null if the name means what it means below. */
    private @Nullable Content find(String name) throws IOException {
      FileNames.check(name);
      List<Content> found;
      synchronized (changed) {
        found = changed.get(name);
      }
      if (found != null && found.isEmpty()) {
        throw new NoSuchFileException(path().resolve(name).toString());
      }
      return found == null ? null : found.getFirst();
    }

    private void set(String name, List<Content> content) {
      synchronized (changed) {
        changed.put(name, content);
      }
    }

    @Override
    public FileOut create(String name) throws IOException {
      if (exists(name)) {
        throw new FileAlreadyExistsException(path().resolve(name).toString());
      }
      Content content = new Content();
      set(name, List.of(content));
      return new Out(content);
    }

    @Override
    public FileIn open(String name) throws IOException {
      Content content = find(name);
      return content == null ? storage.open(name) : new In(content.copy());
    }

    @Override
    public boolean exists(String name) throws IOException {
      FileNames.check(name);
      List<Content> found;
      synchronized (changed) {
        found = changed.get(name);
      }
      return found == null ? storage.exists(name) : !found.isEmpty();
    }

    @Override
    public long length(String name) throws IOException {
      Content content = find(name);
      return content == null ? storage.length(name) : content.length();
    }

    @Override
    public FileIdentity identity(String name) throws IOException {
      Content content = find(name);
      // The key alone tells: a file in memory is replaced as a whole.
      return content == null ? storage.identity(name) : new FileIdentity(content, 0, 0);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      FileNames.check(to);
      Content content = find(from);
      if (content == null) {
        content = read(from);
      }
      set(to, List.of(content));
      set(from, List.of());
    }

    private Content read(String name) throws IOException {
      try (FileIn in = storage.open(name)) {
        byte[] bytes = new byte[Math.toIntExact(in.length())];
        in.readFully(0, bytes, 0, bytes.length);
        Content content = new Content();
        content.append(bytes, 0, bytes.length);
        return content;
      }
    }

    @Override
    public void delete(String name) throws IOException {
      if (!exists(name)) {
        throw new NoSuchFileException(path().resolve(name).toString());
      }
      set(name, List.of());
    }

    @Override
    public void syncDirectory() {}

    @Override
    public List<String> list() throws IOException {
      TreeSet<String> names = new TreeSet<>(storage.list());
      synchronized (changed) {
        changed.forEach(
            (name, content) -> {
              if (content.isEmpty()) {
                names.remove(name);
              } else {
                names.add(name);
              }
            });
      }
      return List.copyOf(names);
    }

    @Override
    public AutoCloseable lock() throws IOException {
      return storage.lockForReading();
    }

    @Override
    public void link(String name, Path target) throws IOException {
      throw new IOException("opened for reading only: " + path());
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

    @Override
    public String toString() {
      return "Overlay[" + storage + "]";
    }
  }

  private record Out(Content content) implements FileOut {
    @Override
    public void append(byte[] src, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, src.length);
      content.append(src, offset, length);
    }

    @Override
    public void sync() {}

    @Override
    public long length() {
      return content.length();
    }

    @Override
    public void close() {}
  }

  private record In(byte[] bytes) implements FileIn {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void readFully(long position, byte[] dst, int offset, int count) throws IOException {
      Objects.checkFromIndexSize(offset, count, dst.length);
      if (position > bytes.length - count) {
        throw new EOFException(count + " bytes at " + position + " of " + bytes.length);
      }
      System.arraycopy(bytes, (int) position, dst, offset, count);
    }

    @Override
    public MemorySegment map() {
      return MemorySegment.ofArray(bytes).asReadOnly();
    }

    @Override
    public void close() {}
  }
}
