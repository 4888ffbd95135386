package dev.atll.env;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
public final class BlockFile implements BlockChannels.Holder {
  /** Offset, length and address of a direct read are multiples of this. */
  private static final int PAGE = 4096;

  private static final int SMALL_BYTES = 16 << 10;
  private static final int LARGE_BYTES = 256 << 10;
  private static final int IDLE_BUFFERS_MAX = 32;
  private static final int AVERAGE_SHIFT = 6;
  // A read whose channel is closed under it this often gives up: something else must be wrong.
  private static final int ATTEMPTS_MAX = 1000;

  private static final Buffers SMALL = new Buffers(SMALL_BYTES + PAGE);
  private static final Buffers LARGE = new Buffers(LARGE_BYTES + PAGE);

  /** How channels of a file come about. */
  public interface Opener {
    /**
     * Opens a channel for reading.
     *
     * @param direct whether its reads shall go past the page cache
     * @throws UnsupportedOperationException if there is no way to read so
     * @throws IOException if it cannot be opened, or is another file than it was
     */
    FileChannel open(boolean direct) throws IOException;
  }

  private final Path path;
  private final Opener opener;
  private final BlockChannels channels;
  private final Object lock = new Object();
  // Written under the lock.
  private volatile @Nullable FileChannel channel;
  private volatile boolean closed;
  private volatile boolean direct;
  // Of the last 64 small reads or so. Written without order: a lost one changes little.
  private long averageNanos;
  // Written without order: a lost mark costs an opening at most.
  private boolean used;

  /**
   * Opens nothing yet.
   *
   * @param direct whether to read past the page cache, where that is possible
   */
  BlockFile(Path path, Opener opener, boolean direct, BlockChannels channels) {
    this.direct = direct;
    this.path = path;
    this.opener = opener;
    this.channels = channels;
  }

  /**
   * With a channel of its own, which no other file makes it close. Opens nothing yet.
   *
   * @param path for errors
   * @param direct whether to read past the page cache, where that is possible
   */
  public BlockFile(Path path, Opener opener, boolean direct) {
    this(path, opener, direct, new BlockChannels(1));
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

  /** How long small reads took of late; 0 before the first. */
  long averageNanos() {
    return averageNanos;
  }

  /**
   * Reads bytes at a position, however many the device gives at a time.
   *
   * @throws EOFException if the file ends before
   */
  public void read(long position, byte[] dst, int offset, int count) throws IOException {
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
        long ended = System.nanoTime();
        long nanos = ended - began;
        Prefetch.took(nanos, ended);
        long average = averageNanos;
        averageNanos = average == 0 ? nanos : average + ((nanos - average) >> AVERAGE_SHIFT);
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
    try {
      while (have < needed) {
        boolean asDirect = direct;
        // Past the page cache, what a short read left of a page is read again with the whole of it.
        int at = asDirect ? have & -PAGE : have;
        buffer.clear().position(at).limit((needed + PAGE - 1) & -PAGE);
        int n;
        try {
          n = opened().read(buffer, page + at);
        } catch (ClosedChannelException e) {
          // Of an interrupt, or of who needed the descriptor; the flag would close the next one too.
          interrupted |= Thread.interrupted();
          if (closed || ++attempts == ATTEMPTS_MAX) {
            throw e;
          }
          dropClosed();
          continue;
        } catch (IOException e) {
          if (!asDirect || e instanceof OutOfDescriptorsException) {
            throw e;
          }
          // A file system may take the flag and refuse the read; an error of the device shows again.
          goesByPages();
          continue;
        }
        if (asDirect && at + n <= have) {
          // No more of this page than before: its end, or a device that gives less than a page each
          // time. By the page cache, reading goes on where it stopped, which tells.
          goesByPages();
          continue;
        }
        if (n <= 0) {
          throw new EOFException(path + ": nothing at " + (page + have));
        }
        have = at + n;
      }
    } catch (Throwable e) {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
    return interrupted;
  }

  /** From now on by way of the page cache. */
  private void goesByPages() {
    synchronized (lock) {
      giveBack();
      // Behind it: who finds this false finds no channel any more that wants whole pages.
      direct = false;
      channels.remove(this);
    }
  }

  private FileChannel opened() throws IOException {
    used = true;
    FileChannel open = channel;
    return open != null ? open : open();
  }

  private FileChannel open() throws IOException {
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
          open = openOnce();
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

  private FileChannel openOnce() throws IOException {
    if (!direct) {
      return opener.open(false);
    }
    try {
      return opener.open(true);
    } catch (OutOfDescriptorsException | NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      FileChannel open = opener.open(false);
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

  /** Closes the channel for good: later reads fail. */
  public void close() {
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
