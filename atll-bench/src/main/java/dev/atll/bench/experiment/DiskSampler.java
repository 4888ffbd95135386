package dev.atll.bench.experiment;

import dev.atll.bench.store.DiskUsage;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Looks at a directory twice a second and remembers the most it ever held. */
final class DiskSampler implements AutoCloseable {
  private static final long PERIOD_MILLIS = 500;

  private final Path directory;
  private final Thread thread;
  private volatile long bytesMax;

  DiskSampler(Path directory) {
    this.directory = directory;
    this.thread = Thread.ofPlatform().daemon().name("atll-disk-sampler").start(this::run);
  }

  /** The most bytes seen. */
  long bytesMax() {
    return bytesMax;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        bytesMax = Math.max(bytesMax, bytesNow());
        Thread.sleep(PERIOD_MILLIS);
      } catch (InterruptedException e) {
        // The sign to end: the run is over.
        return;
      }
    }
  }

  /** Directories come and go under a live store; the next look will do. */
  private long bytesNow() {
    try {
      return DiskUsage.bytes(directory);
    } catch (UncheckedIOException e) {
      return 0;
    }
  }
}
