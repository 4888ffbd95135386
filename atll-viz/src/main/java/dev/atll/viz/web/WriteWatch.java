package dev.atll.viz.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Frees writers whose viewer has stopped reading.
 *
 * <p>Such a write waits for ever and holds its stream's lock, so closing the stream from outside
 * would wait as well; interrupting the writer closes its channel.
 */
final class WriteWatch implements AutoCloseable {
  private static final long LOOK_NANOS = 100_000_000;

  private final long writeNanosMax;
  private final Map<Thread, Long> beginNanos = new ConcurrentHashMap<>();
  private volatile boolean open = true;

  WriteWatch(long writeMillisMax) {
    this.writeNanosMax = writeMillisMax * 1_000_000;
    Thread.ofPlatform().name("atll-viz-watch").daemon().start(this::run);
  }

  /** The calling thread begins to write. */
  void begin() {
    beginNanos.put(Thread.currentThread(), System.nanoTime());
  }

  /** The calling thread has written. */
  void end() {
    beginNanos.remove(Thread.currentThread());
  }

  private void run() {
    while (open) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      long now = System.nanoTime();
      beginNanos.forEach(
          (writer, begin) -> {
            if (now - begin > writeNanosMax) {
              writer.interrupt();
            }
          });
    }
  }

  /** Frees all writers at once. */
  @Override
  public void close() {
    open = false;
    beginNanos.keySet().forEach(Thread::interrupt);
  }
}
