package dev.atll.env;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file on disk, read through {@link RandomAccessFile} or a mapping, which interrupts do not close, or
 * block by block. Once it is mapped, or a block was read, its descriptor is given back, so that a store
 * may have more tables than descriptors; then other reads copy from the mapping, or go by blocks.
 */
final class SystemFileIn implements FileIn {
  // Two blocks of the usual size.
  private static final int PAIR_BYTES = 9 << 10;

  private final Path path;
  private final long length;
  private final @Nullable Object fileKey;
  // Guards the file's position, and the fields below.
  private final Object lock = new Object();
  private final BlockFile blocks;
  private final BlockFile blocksSecond;
  private final BlockFile blocksOnce;
  // Null once the file is mapped or read by blocks.
  private volatile @Nullable RandomAccessFile file;
  private @Nullable Arena arena;
  private @Nullable MemorySegment mapping;
  private boolean closed;

  SystemFileIn(Path path, @Nullable Object fileKey, RandomAccessFile file) throws IOException {
    this.path = path;
    this.fileKey = fileKey;
    this.file = file;
    BlockFile.Opener opener = new SystemOpener(path, fileKey);
    this.blocks = new BlockFile(path, opener, false, BlockChannels.OF_PROCESS);
    this.blocksSecond = new BlockFile(path, opener, false, BlockChannels.OF_PROCESS);
    this.blocksOnce = new BlockFile(path, opener, true, BlockChannels.OF_PROCESS);
    try {
      length = file.length();
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void readFully(long position, byte[] dst, int offset, int count) throws IOException {
    checkRange(position, dst, offset, count);
    synchronized (lock) {
      requireOpen();
      RandomAccessFile reading = file;
      if (reading != null) {
        reading.seek(position);
        reading.readFully(dst, offset, count);
        return;
      }
      if (mapping != null) {
        copy(position, dst, offset, count);
        return;
      }
    }
    blocks.read(position, dst, offset, count);
  }

  private void checkRange(long position, byte[] dst, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, dst.length);
    if (position < 0) {
      throw new IndexOutOfBoundsException("position " + position);
    }
    if (position > length - count) {
      throw new EOFException(
          path + ": " + count + " bytes at " + position + " of a file of " + length);
    }
  }

  @Override
  public void readBlock(long position, byte[] dst, int offset, int count, boolean once)
      throws IOException {
    checkRange(position, dst, offset, count);
    BlockFile way = once ? blocksOnce : isSecond(count) ? blocksSecond : blocks;
    way.read(position, dst, offset, count);
    if (file != null) {
      synchronized (lock) {
        closeFile();
      }
    }
  }

  /**
   * A system that sees one read begin where the last one of its channel ended reads ahead, here of its
   * own accord 64 KiB and more, into memory that holds blocks which were asked for: scans of 100 entries
   * read 178 to 214 KB, and 53 without. Pieces that a cursor reads one after the other double, so that
   * neighbours go by different channels.
   */
  private static boolean isSecond(int count) {
    return count > PAIR_BYTES && (Integer.numberOfLeadingZeros(count - 1) & 1) == 0;
  }

  private void copy(long position, byte[] dst, int offset, int count) throws IOException {
    MemorySegment mapped = Objects.requireNonNull(mapping);
    try {
      MemorySegment.copy(mapped, ValueLayout.JAVA_BYTE, position, dst, offset, count);
    } catch (InternalError e) {
      throw new IOException(path + ": " + count + " bytes at " + position + " cannot be read", e);
    }
  }

  @Override
  public boolean readersWait() {
    return Prefetch.readersWait();
  }

  @Override
  public long blockReadNanos() {
    return blocks.averageNanos();
  }

  @Override
  public void prefetch(long position, int count) {
    if (position >= 0 && position <= length - count) {
      Prefetch.begin(blocks, position, count);
    }
  }

  @Override
  public MemorySegment map() throws IOException {
    synchronized (lock) {
      requireOpen();
      if (mapping == null) {
        Arena shared = Arena.ofShared();
        try {
          if (file == null) {
            reopen();
          }
          mapping = mapUninterruptibly(shared);
          arena = shared;
          closeFile();
        } catch (Throwable e) {
          shared.close();
          throw e;
        }
      }
      return mapping;
    }
  }

  // Mapping needs a channel, which an interrupt at the wrong moment closes, and the file with it.
  // The mapping itself outlives both.
  private MemorySegment mapUninterruptibly(Arena shared) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return Objects.requireNonNull(file)
              .getChannel()
              .map(FileChannel.MapMode.READ_ONLY, 0, length, shared);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          reopen();
        } catch (IOException e) {
          if (e.getCause() instanceof OutOfMemoryError) {
            // One mapping per table: Linux allows a process 65,530 unless told otherwise.
            throw new IOException(
                path + " cannot be mapped: no address space, or too many mappings"
                    + " (vm.max_map_count)",
                e);
          }
          throw e;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void reopen() throws IOException {
    closeFile();
    if (!Objects.equals(SystemFileSystem.regular(path).fileKey(), fileKey)) {
      throw new IOException("file was replaced since it was opened: " + path);
    }
    try {
      file = new RandomAccessFile(path.toFile(), "r");
    } catch (IOException e) {
      throw SystemFileSystem.translateOpening(path, e);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      closeFile();
      blocks.close();
      blocksSecond.close();
      blocksOnce.close();
      if (arena != null) {
        arena.close();
      }
    }
  }

  private void closeFile() {
    RandomAccessFile open = file;
    file = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // Nothing was written through it, so nothing can be lost.
      return;
    }
  }

  @Override
  public String toString() {
    return "SystemFileIn[" + path + "]";
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("file is closed: " + path);
    }
  }
}
