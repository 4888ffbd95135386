package dev.atll.env.fault;

import dev.atll.env.BlockFile;
import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import dev.atll.env.sim.Droppable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leads every call on a file system, its storages and its files through one interceptor. */
final class InterceptedFileSystem implements FileSystem {
  private final FileSystem below;
  private final Call.Interceptor interceptor;

  InterceptedFileSystem(FileSystem below, Call.Interceptor interceptor) {
    this.below = below;
    this.interceptor = interceptor;
  }

  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    Call.Body<Storage> open = () -> below.open(directory, create);
    Storage storage =
        create
            ? ask(OpKind.MKDIR, directory.toString(), null, 0, below, open)
            : open.run();
    return new InterceptedStorage(storage);
  }

  /** A call that returns something; it must have run, or the interceptor must have thrown. */
  private <T> T ask(
      OpKind kind,
      String name,
      @Nullable String newName,
      long bytes,
      Object target,
      Call.Body<T> body)
      throws IOException {
    List<T> result = new ArrayList<>(1);
    interceptor.around(
        new Call(kind, name, newName, bytes) {
          @Override
          void run() throws IOException {
            result.add(body.run());
          }

          @Override
          Object target() {
            return target;
          }
        });
    return result.getFirst();
  }

  /** A call that returns nothing, and need not have run. */
  private void tell(
      OpKind kind, String name, @Nullable String newName, Object target, IoAction action)
      throws IOException {
    interceptor.around(
        new Call(kind, name, newName, 0) {
          @Override
          void run() throws IOException {
            action.run();
          }

          @Override
          Object target() {
            return target;
          }
        });
  }

  private interface IoAction {
    void run() throws IOException;
  }

  private final class InterceptedStorage implements Storage, Droppable {
    private final Storage storage;

    InterceptedStorage(Storage storage) {
      this.storage = storage;
    }

    @Override
    public FileOut create(String name) throws IOException {
      FileOut out =
          ask(OpKind.CREATE, name, null, 0, storage, () -> storage.create(name));
      return new InterceptedOut(name, out);
    }

    @Override
    public FileIn open(String name) throws IOException {
      return new InterceptedIn(
          name, ask(OpKind.OPEN, name, null, 0, storage, () -> storage.open(name)));
    }

    @Override
    public boolean exists(String name) throws IOException {
      return ask(OpKind.STAT, name, null, 0, storage, () -> storage.exists(name));
    }

    @Override
    public long length(String name) throws IOException {
      return ask(OpKind.STAT, name, null, 0, storage, () -> storage.length(name));
    }

    @Override
    public FileIdentity identity(String name) throws IOException {
      return ask(OpKind.STAT, name, null, 0, storage, () -> storage.identity(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      tell(OpKind.RENAME, from, to, storage, () -> storage.rename(from, to));
    }

    @Override
    public void delete(String name) throws IOException {
      tell(OpKind.DELETE, name, null, storage, () -> storage.delete(name));
    }

    @Override
    public void syncDirectory() throws IOException {
      tell(OpKind.SYNC_DIRECTORY, path().toString(), null, storage, storage::syncDirectory);
    }

    @Override
    public List<String> list() throws IOException {
      return ask(OpKind.LIST, path().toString(), null, 0, storage, storage::list);
    }

    @Override
    public AutoCloseable lock() throws IOException {
      return ask(OpKind.LOCK, path().toString(), null, 0, storage, storage::lock);
    }

    @Override
    public void link(String name, Path target) throws IOException {
      String newName = String.valueOf(target.getFileName());
      tell(OpKind.LINK, name, newName, storage, () -> storage.link(name, target));
    }

    // Wrappers may be stacked: the outer one finds the simulation through the inner one.
    @Override
    public void dropUnsynced() {
      if (storage instanceof Droppable droppable) {
        droppable.dropUnsynced();
      }
    }

    @Override
    public void willReadEnds(List<String> names, int bytes) {
      storage.willReadEnds(names, bytes);
    }

    @Override
    public boolean readersWait() {
      return storage.readersWait();
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
      return storage.toString();
    }
  }

  private final class InterceptedOut implements FileOut, Droppable {
    private final String name;
    private final FileOut out;

    InterceptedOut(String name, FileOut out) {
      this.name = name;
      this.out = out;
    }

    @Override
    public void append(byte[] src, int offset, int length) throws IOException {
      interceptor.around(
          new Call(OpKind.APPEND, name, null, length) {
            @Override
            void run() throws IOException {
              out.append(src, offset, length);
            }

            @Override
            void runPartly(double fraction) throws IOException {
              out.append(src, offset, (int) (length * fraction));
            }

            @Override
            Object target() {
              return out;
            }
          });
    }

    @Override
    public void sync() throws IOException {
      tell(OpKind.SYNC, name, null, out, out::sync);
    }

    @Override
    public long length() {
      return out.length();
    }

    @Override
    public void dropUnsynced() {
      if (out instanceof Droppable droppable) {
        droppable.dropUnsynced();
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    @Override
    public String toString() {
      return out.toString();
    }
  }

  private final class InterceptedIn implements FileIn {
    private final String name;
    private final FileIn in;

    InterceptedIn(String name, FileIn in) {
      this.name = name;
      this.in = in;
    }

    @Override
    public long length() {
      return in.length();
    }

    @Override
    public void readFully(long position, byte[] dst, int offset, int length) throws IOException {
      interceptor.around(
          new Call(OpKind.READ, name, null, length) {
            @Override
            void run() throws IOException {
              in.readFully(position, dst, offset, length);
            }

            @Override
            long position() {
              return position;
            }

            @Override
            Object target() {
              return in;
            }
          });
    }

    @Override
    public void readBlock(long position, byte[] dst, int offset, int length, boolean once)
        throws IOException {
      interceptor.around(
          new Call(OpKind.READ_BLOCK, name, null, length) {
            @Override
            void run() throws IOException {
              in.readBlock(position, dst, offset, length, once);
            }

            @Override
            long position() {
              return position;
            }

            @Override
            void runShort(int most) throws IOException {
              // What completes short reads of a device completes these.
              BlockFile file =
                  new BlockFile(Path.of(name), direct -> new ShortChannel(in, most), once);
              try {
                file.read(position, dst, offset, length);
              } finally {
                file.close();
              }
            }

            @Override
            void runWrong(double at) throws IOException {
              run();
              dst[offset + (int) (length * at)] ^= 0x10;
            }

            @Override
            Object target() {
              return in;
            }
          });
    }

    @Override
    public void prefetch(long position, int length) {
      in.prefetch(position, length);
    }

    @Override
    public boolean readersWait() {
      return in.readersWait();
    }

    @Override
    public long blockReadNanos() {
      return in.blockReadNanos();
    }

    @Override
    public MemorySegment map() throws IOException {
      return ask(OpKind.MAP, name, null, in.length(), in, in::map);
    }

    @Override
    public void close() {
      in.close();
    }

    @Override
    public String toString() {
      return in.toString();
    }
  }
}
