package dev.atll.manifest;

import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files in memory, whose calls can be made to fail. No crash model. */
final class RamStorage implements Storage {
  /** Calls that can fail. */
  enum Call {
    CREATE,
    APPEND,
    SYNC,
    RENAME,
    DELETE,
    SYNC_DIRECTORY
  }

  /** Decides the fate of each call; throws to make it fail. */
  interface Fault {
    void before(Call call, String name) throws IOException;
  }

  final Map<String, byte[]> files = new TreeMap<>();
  final List<String> journal = new ArrayList<>();
  Fault fault = (call, name) -> {};
  long freeBytes = Long.MAX_VALUE >> 1;

  RamStorage copy() {
    RamStorage copy = new RamStorage();
    files.forEach((name, bytes) -> copy.files.put(name, bytes.clone()));
    return copy;
  }

  private void note(Call call, String name) throws IOException {
    journal.add(call + " " + name);
    fault.before(call, name);
  }

  private byte[] bytes(String name) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new NoSuchFileException(name);
    }
    return bytes;
  }

  @Override
  public FileOut create(String name) throws IOException {
    note(Call.CREATE, name);
    if (files.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    files.put(name, new byte[0]);
    return new Out(name);
  }

  @Override
  public FileIdentity identity(String name) throws IOException {
    bytes(name);
    return new FileIdentity(null, 0, 0);
  }

  private final class Out implements FileOut {
    private final String name;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    Out(String name) {
      this.name = name;
    }

    @Override
    public void append(byte[] src, int offset, int length) throws IOException {
      note(Call.APPEND, name);
      int fits = (int) Math.min(length, freeBytes);
      freeBytes -= fits;
      content.write(src, offset, fits);
      if (files.containsKey(name)) {
        files.put(name, content.toByteArray());
      }
      if (fits < length) {
        throw new OutOfSpaceException(name, null);
      }
    }

    @Override
    public void sync() throws IOException {
      note(Call.SYNC, name);
    }

    @Override
    public long length() {
      return content.size();
    }

    @Override
    public void close() {}
  }

  @Override
  public FileIn open(String name) throws IOException {
    byte[] content = bytes(name);
    return new FileIn() {
      @Override
      public long length() {
        return content.length;
      }

      @Override
      public void readFully(long position, byte[] dst, int offset, int length) throws IOException {
        if (position + length > content.length) {
          throw new EOFException(name);
        }
        System.arraycopy(content, (int) position, dst, offset, length);
      }

      @Override
      public MemorySegment map() {
        return MemorySegment.ofArray(content).asReadOnly();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public boolean exists(String name) {
    return files.containsKey(name);
  }

  @Override
  public long length(String name) throws IOException {
    return bytes(name).length;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    note(Call.RENAME, from);
    files.put(to, bytes(from));
    files.remove(from);
  }

  @Override
  public void delete(String name) throws IOException {
    note(Call.DELETE, name);
    freeBytes = Math.min(Long.MAX_VALUE >> 1, freeBytes + bytes(name).length);
    files.remove(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    note(Call.SYNC_DIRECTORY, "");
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public AutoCloseable lock() {
    return () -> {};
  }

  @Override
  public void link(String name, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long freeBytes() {
    return freeBytes;
  }

  @Override
  public Path path() {
    return Path.of("ram");
  }

  @Override
  public void close() {}
}
