package dev.atll.env;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Positional reads of one file, through the system's page cache or past it: then they are one request to
 * the device for the pages asked for. Where the file system has no direct I/O all go through it.
 *
 * <p>The channel may be closed at any moment, by an interrupt of a reader or because another file
 * needs the descriptor; a read that meets this opens it again, after a look whether the name still
 * means the same file. Thread-safe; readers do not wait for each other.
 */
final class BlockFile implements BlockChannels.Holder {
  /** Offset, length and address of a direct read are multiples of this. */
  private static final int PAGE = 4096;

  private static final int SMALL_BYTES = 16 << 10;
  private static final int LARGE_BYTES = 256 << 10;
  private static final int IDLE_BUFFERS_MAX = 32;
  // A read whose channel is closed under it this often gives up: something else must be wrong.
  private static final int ATTEMPTS_MAX = 1000;

  private static final @Nullable OpenOption DIRECT = directOption();
  private static final Buffers SMALL = new Buffers(SMALL_BYTES + PAGE);
  private static final Buffers LARGE = new Buffers(LARGE_BYTES + PAGE);

  private final Path path;
  private final @Nullable Object fileKey;
  private final BlockChannels channels;
  private final Object lock = new Object();
  // Written under the lock.
  private volatile @Nullable FileChannel channel;
  private volatile boolean closed;
  private volatile boolean direct;
  // Written without order: a lost mark costs an opening at most.
  private boolean used;

  /**
   * Opens nothing yet.
   *
   * @param direct whether to read past the page cache, where that is possible
   */
  BlockFile(Path path, @Nullable Object fileKey, boolean direct, BlockChannels channels) {
    this.direct = direct;
    this.path = path;
    this.fileKey = fileKey;
    this.channels = channels;
  }

  // By name: the module jdk.unsupported may be missing in an image made by jlink, and javac warns of it.
  private static @Nullable OpenOption directOption() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT") && option instanceof OpenOption direct) {
          return direct;
        }
      }
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
    return null;
  }

  /** Buffers that direct I/O can read into, for re-use. */
  private static final class Buffers {
    private final int bytes;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();

    Buffers(int bytes) {
      this.bytes = bytes;
    }

    ByteBuffer take() {
      ByteBuffer buffer = idle.pollFirst();
      if (buffer == null) {
        return ByteBuffer.allocateDirect(bytes + PAGE).alignedSlice(PAGE);
      }
      idleCount.decrementAndGet();
      return buffer;
    }

    void give(ByteBuffer buffer) {
      if (idleCount.incrementAndGet() > IDLE_BUFFERS_MAX) {
        idleCount.decrementAndGet();
        return;
      }
      idle.addFirst(buffer);
    }
  }

  void read(long position, byte[] dst, int offset, int count) throws IOException {
    Buffers buffers = count <= SMALL_BYTES ? SMALL : LARGE;
    ByteBuffer buffer = buffers.take();
    // An interrupt closes the channel it meets in a read, for all readers; it waits until after.
    boolean interrupted = Thread.interrupted();
    long began = System.nanoTime();
    try {
      for (int done = 0; done < count; ) {
        long from = position + done;
        int skip = (int) (from & (PAGE - 1));
        int step = Math.min(count - done, buffer.capacity() - PAGE - skip);
        interrupted |= fill(buffer, from - skip, skip + step);
        buffer.get(skip, dst, offset + done, step);
        done += step;
      }
      if (count <= SMALL_BYTES) {
        Prefetch.took(System.nanoTime() - began);
      }
    } finally {
      buffers.give(buffer);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Reads until so many bytes from a page's beginning are in the buffer; whether interrupted. */
  private boolean fill(ByteBuffer buffer, long page, int needed) throws IOException {
    boolean interrupted = false;
    int have = 0;
    int attempts = 0;
    while (have < needed) {
      boolean asDirect = direct;
      // What a short read left of a page is read again with the whole of it.
      int at = have & -PAGE;
      buffer.clear().position(at).limit((needed + PAGE - 1) & -PAGE);
      int n;
      try {
        n = opened(asDirect).read(buffer, page + at);
      } catch (ClosedChannelException e) {
        // Of an interrupt, or of who needed the descriptor; the flag would close the next one too.
        interrupted |= Thread.interrupted();
        if (closed || ++attempts == ATTEMPTS_MAX) {
          throw e;
        }
        dropClosed();
        continue;
      } catch (IOException e) {
        if (!asDirect) {
          throw e;
        }
        // A file system may take the flag and refuse the read; an error of the device shows again.
        direct = false;
        giveBack();
        channels.remove(this);
        continue;
      }
      if (n <= 0 || at + n <= have) {
        throw new EOFException(path + ": nothing at " + (page + Math.max(have, at)));
      }
      have = at + n;
    }
    return interrupted;
  }

  private FileChannel opened(boolean asDirect) throws IOException {
    used = true;
    FileChannel open = channel;
    return open != null ? open : open(asDirect);
  }

  private FileChannel open(boolean asDirect) throws IOException {
    while (true) {
      channels.add(this);
      try {
        synchronized (lock) {
          if (closed) {
            channels.remove(this);
            throw new ClosedChannelException();
          }
          FileChannel open = channel;
          if (open != null) {
            channels.remove(this); // the place taken just now; the channel has its own
            return open;
          }
          open = openOnce(asDirect);
          channel = open;
          return open;
        }
      } catch (OutOfDescriptorsException e) {
        channels.remove(this);
        if (!channels.shrink()) {
          throw e;
        }
      }
    }
  }

  private FileChannel openOnce(boolean asDirect) throws IOException {
    FileChannel open;
    try {
      open = asDirect ? openDirect() : FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw SystemFileSystem.translateOpening(path, e);
    }
    try {
      // The name may have been given to another file since.
      if (!Objects.equals(SystemFileSystem.regular(path).fileKey(), fileKey)) {
        throw new IOException("file was replaced since it was opened: " + path);
      }
    } catch (IOException e) {
      open.close();
      throw e;
    }
    return open;
  }

  private FileChannel openDirect() throws IOException {
    OpenOption option = DIRECT;
    if (option == null) {
      direct = false;
      return FileChannel.open(path, StandardOpenOption.READ);
    }
    try {
      return FileChannel.open(path, Set.of(StandardOpenOption.READ, option));
    } catch (UnsupportedOperationException e) {
      direct = false;
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      FileChannel open = FileChannel.open(path, StandardOpenOption.READ);
      direct = false;
      return open;
    }
  }

  private void dropClosed() {
    synchronized (lock) {
      FileChannel open = channel;
      if (open != null && !open.isOpen()) {
        channel = null;
        channels.remove(this);
      }
    }
  }

  @Override
  public boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  @Override
  public void giveBack() {
    synchronized (lock) {
      FileChannel open = channel;
      channel = null;
      if (open != null) {
        closeQuietly(open);
      }
    }
  }

  void close() {
    closed = true;
    giveBack();
    channels.remove(this);
  }

  private static void closeQuietly(FileChannel open) {
    try {
      open.close();
    } catch (IOException e) {
      // Nothing was written through it, so nothing can be lost.
      return;
    }
  }
}
