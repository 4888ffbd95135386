package dev.atll.env;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A clock that always answers. One of the application's may throw, and that would end whatever reads
 * the time: a merge that is installed, a write that is visible, the telling of the failure itself. In
 * its place the last reading goes on by the JVM's own clock (in a simulation by a little for each
 * reading), and when it answers again time goes on from there, so that it never goes back.
 *
 * <p>Thread-safe. Reading it allocates nothing and takes no lock while the clock below answers.
 */
public final class SteadyClock implements Clock {
  // The last reading is shared by all threads: written for each, its cache line would travel.
  private static final long GRAIN_NANOS = 1_000_000L;
  private static final long SIMULATED_STEP_NANOS = 1_000_000L;
  // A clock that fails now and then is told of once a second, and not for each reading.
  private static final long TELL_AGAIN_NANOS = 1_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** The wall clock and the steady time of one reading. */
  private record Wall(long millis, long nanos) {}

  private final Clock clock;
  private final boolean simulated;
  private final Consumer<Throwable> failed;
  private volatile boolean read;
  private volatile long lastNanos;
  private volatile long shiftNanos;
  private volatile @Nullable Wall lastWall;
  private volatile boolean failing;
  // Guarded by this.
  private long failingFromNanos;
  private long anchorNanos;
  private long guessedNanos;
  private long steps;
  private boolean told;
  private long toldNanos;

  private SteadyClock(Clock clock, boolean simulated, Consumer<Throwable> failed) {
    this.clock = clock;
    this.simulated = simulated;
    this.failed = failed;
  }

  /**
   * Makes a clock steady; the system's own, which cannot fail, is returned as it is.
   *
   * @param simulated whether the JVM's clock means nothing here
   * @param failed told of a failure when it begins, at most once a second, holding no lock; what it
   *     throws is dropped
   */
  public static Clock of(Clock clock, boolean simulated, Consumer<Throwable> failed) {
    return clock instanceof SystemEnv.SystemClock
        ? clock
        : new SteadyClock(clock, simulated, failed);
  }

  @Override
  public long nanoTime() {
    long now;
    try {
      now = clock.nanoTime();
    } catch (Throwable e) {
      return guess(e);
    }
    if (failing) {
      goOn(now);
    }
    now += shiftNanos;
    if (now - lastNanos >= GRAIN_NANOS || !read) {
      lastNanos = now;
      read = true;
    }
    return now;
  }

  @Override
  public long currentTimeMillis() {
    try {
      long millis = clock.currentTimeMillis();
      lastWall = new Wall(millis, nanoTime());
      return millis;
    } catch (Throwable e) {
      long now = guess(e);
      Wall last = lastWall;
      if (last == null) {
        return simulated ? 0 : System.currentTimeMillis();
      }
      return last.millis + (now - last.nanos) / NANOS_PER_MILLI;
    }
  }

  @Override
  public void enters(Work work) {
    try {
      clock.enters(work);
    } catch (Throwable e) {
      tell(e);
    }
  }

  private long guess(Throwable e) {
    long now;
    boolean tell;
    synchronized (this) {
      long jvmNanos = simulated ? 0 : System.nanoTime();
      if (!failing) {
        failingFromNanos = read ? lastNanos + GRAIN_NANOS : jvmNanos;
        anchorNanos = jvmNanos;
        steps = 0;
        failing = true;
      }
      long passed = simulated ? ++steps * SIMULATED_STEP_NANOS : jvmNanos - anchorNanos;
      now = failingFromNanos + passed;
      guessedNanos = now;
      tell = !told || now - toldNanos >= TELL_AGAIN_NANOS;
      if (tell) {
        told = true;
        toldNanos = now;
      }
    }
    if (tell) {
      tell(e);
    }
    return now;
  }

  private void tell(Throwable e) {
    try {
      failed.accept(e);
    } catch (Throwable noRoomToSay) {
      // No memory to say it with: that time can be told matters more.
      return;
    }
  }

  /** The clock answers again: what was guessed is not taken back. */
  private synchronized void goOn(long nowNanos) {
    if (failing) {
      // A clock that never answered before has another origin than what was guessed.
      shiftNanos =
          read
              ? shiftNanos + Math.max(0, guessedNanos - (nowNanos + shiftNanos))
              : guessedNanos - nowNanos;
      failing = false;
    }
  }
}
