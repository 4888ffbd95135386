package dev.atll.env;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads blocks that somebody is about to ask for into the system's page cache, several at a time: a
 * device that takes 84 microseconds for one read does eight in 160. Who then asks for a block that is
 * on its way waits for it in the system. While reads are answered from memory nothing is done, since
 * handing a block over takes longer than reading it.
 */
final class Prefetch {
  private static final int THREADS = 8;
  // Fewer are open before threads are.
  private static final int FILES_MIN = 32;
  private static final int WAITING_MAX = 64;
  private static final long SLOW_NANOS = 20_000;
  private static final long RECENT_NANOS = 5_000_000;
  private static final int AVERAGE_SHIFT = 4;

  // Of the last sixteen reads or so. Written without order: a lost one changes little.
  private static long averageNanos;

  // When a read last was slow, written likewise.
  private static long slowAtNanos = System.nanoTime() - RECENT_NANOS;

  private static final ThreadPoolExecutor READERS = readers();

  private Prefetch() {}

  private static ThreadPoolExecutor readers() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            2,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> {
              Thread thread = new Thread(task, "atll-prefetch");
              thread.setDaemon(true);
              return thread;
            },
            // Too many at once: whoever asks reads by itself.
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Whether somebody has waited for a block of a device within the last milliseconds: who reads or writes
   * much at a time then takes small pieces, since others wait until its piece is done.
   */
  static boolean readersWait() {
    return System.nanoTime() - slowAtNanos < RECENT_NANOS;
  }

  /** Notes that a read has taken so long. */
  static void took(long nanos, long endNanos) {
    if (nanos > SLOW_NANOS) {
      slowAtNanos = endNanos;
    }
    long average = averageNanos;
    averageNanos = average + ((nanos - average) >> AVERAGE_SHIFT);
  }

  /** Begins to read, if reads are slow. */
  static void begin(BlockFile file, long position, int count) {
    if (averageNanos < SLOW_NANOS) {
      return;
    }
    try {
      READERS.execute(() -> read(file, position, count));
    } catch (OutOfMemoryError e) {
      // No thread to be had: a hint must not fail the scan that gives it.
      return;
    }
  }

  /**
   * Begins to read the ends of many files, in their order, on a few threads that end with it. Who opens
   * the files meanwhile comes behind: 2,500 files of a cold store are so many waits of a device one
   * after the other, for the inode of each as well.
   */
  static void ends(Path directory, List<String> names, int bytes) {
    if (names.size() < FILES_MIN) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < THREADS; i++) {
      try {
        Thread.ofPlatform()
            .daemon()
            .name("atll-prefetch")
            .start(() -> readEnds(directory, names, bytes, next));
      } catch (OutOfMemoryError e) {
        // No thread to be had: a hint must not fail the opening that gives it.
        return;
      }
    }
  }

  private static void readEnds(
      Path directory, List<String> names, int bytes, AtomicInteger next) {
    byte[] end = new byte[bytes];
    for (int i = next.getAndIncrement(); i < names.size(); i = next.getAndIncrement()) {
      try {
        Path file = directory.resolve(names.get(i));
        long length = Files.size(file);
        int count = (int) Math.min(bytes, length);
        BlockFile blocks =
            new BlockFile(
                file,
                new SystemOpener(file, SystemFileSystem.regular(file).fileKey()),
                false,
                BlockChannels.OF_PROCESS);
        try {
          blocks.read(length - count, end, 0, count);
        } finally {
          blocks.close();
        }
      } catch (IOException | RuntimeException e) {
        // Whoever opens the file meets the error, and reports it; more of them are not worth the wait.
        return;
      }
    }
  }

  private static void read(BlockFile file, long position, int count) {
    try {
      file.read(position, new byte[count], 0, count);
    } catch (IOException | RuntimeException e) {
      // Whoever asks for the block meets the error, and reports it.
      return;
    }
  }
}
