package dev.atll.viz.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One viewer's end of the feed: a few frames that wait to be written out.
 *
 * <p>A viewer that cannot keep up loses its waiting frames and gets a full picture instead as soon
 * as it reads again. The feed never waits for it.
 */
public final class Viewer {
  /** Frames that may wait, three seconds' worth; beyond that a full picture is smaller. */
  static final int WAITING_MAX = 60;

  private final Deque<Frame> waiting = new ArrayDeque<>();
  // Needs a full picture before any delta means anything to it.
  private boolean stale = true;
  private boolean reading;
  private boolean open = true;
  private long skips;

  Viewer() {}

  /** Called by the feed for every delta. */
  synchronized void offer(Frame frame) {
    if (stale) {
      return;
    }
    if (waiting.size() == WAITING_MAX) {
      fallBehind();
      skips++;
    } else {
      waiting.addLast(frame);
      notifyAll();
    }
  }

  /** Takes the viewer off the line of deltas: it needs a full picture. */
  synchronized void fallBehind() {
    waiting.clear();
    stale = true;
  }

  /** Puts the viewer on the line, behind a full picture or frames it missed. */
  synchronized void begin(Iterable<Frame> frames) {
    waiting.clear();
    frames.forEach(waiting::addLast);
    stale = false;
    notifyAll();
  }

  synchronized void close() {
    open = false;
    notifyAll();
  }

  /** Whether it waits for a full picture, and not for its own line to take what it was given. */
  synchronized boolean hungry() {
    return stale && reading;
  }

  /**
   * Waits for the next frame.
   *
   * @param timeoutMillis the longest wait, at least 1
   * @return the frame, or null if none came in time or the feed ended
   * @throws InterruptedException if the thread is interrupted
   */
  public synchronized @Nullable Frame next(long timeoutMillis) throws InterruptedException {
    long endNanos = System.nanoTime() + timeoutMillis * 1_000_000;
    reading = true;
    try {
      while (open && waiting.isEmpty()) {
        long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          return null;
        }
        wait(leftMillis);
      }
      return open ? waiting.pollFirst() : null;
    } finally {
      reading = false;
    }
  }

  /**
   * Whether the feed still runs.
   *
   * @return false once nothing more will come
   */
  public synchronized boolean isOpen() {
    return open;
  }

  /**
   * How often this viewer was so slow that it lost frames.
   *
   * @return a count that only grows
   */
  public synchronized long skips() {
    return skips;
  }
}
