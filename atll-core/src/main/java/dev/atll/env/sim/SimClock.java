package dev.atll.env.sim;

import dev.atll.env.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that passes when it is told to, and a little with each reading, so that no loop that waits
 * for it can spin forever. Safe for use by many threads.
 */
public final class SimClock implements Clock {
  private static final long READING_NANOS = 20;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final long origin;
  private final AtomicLong elapsed;
  private final AtomicLong wallMillisAtStart;

  /**
   * A clock that has not run yet.
   *
   * @param origin the first value of {@link #nanoTime()}, roughly; may be negative
   * @param wallMillis the wall-clock time at the start, in milliseconds since 1970
   */
  public SimClock(long origin, long wallMillis) {
    this(origin, wallMillis, 0);
  }

  private SimClock(long origin, long wallMillis, long elapsedNanos) {
    this.origin = origin;
    this.wallMillisAtStart = new AtomicLong(wallMillis);
    this.elapsed = new AtomicLong(elapsedNanos);
  }

  @Override
  public long nanoTime() {
    return origin + elapsed.addAndGet(READING_NANOS);
  }

  @Override
  public long currentTimeMillis() {
    return wallMillisAtStart.get() + elapsed.addAndGet(READING_NANOS) / NANOS_PER_MILLI;
  }

  /**
   * Lets time pass.
   *
   * @param nanos at least 0
   */
  public void advance(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("time does not go back: " + nanos);
    }
    elapsed.addAndGet(nanos);
  }

  /**
   * Sets the wall clock forwards or back, as an administrator would; {@link #nanoTime()} stays.
   *
   * @param millis added to the wall clock, may be negative
   */
  public void jumpWallClock(long millis) {
    wallMillisAtStart.addAndGet(millis);
  }

  /** Nanoseconds since the start; reading it lets no time pass. */
  public long elapsedNanos() {
    return elapsed.get();
  }

  /** A clock that shows the same and goes its own way. */
  SimClock copy() {
    return new SimClock(origin, wallMillisAtStart.get(), elapsed.get());
  }
}
