package dev.atll.base;

import java.time.Duration;

/** Durations as numbers: what is too long for a number is as long as any. Pure. */
public final class Times {
  /** 73 years: far enough, and added to any clock it can still be told from the past. */
  public static final long NANOS_MAX = 1L << 61;

  private static final Duration LONGEST = Duration.ofNanos(NANOS_MAX);

  private Times() {}

  /** Nanoseconds, 0 for a negative duration, at most {@link #NANOS_MAX}. */
  public static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(LONGEST) >= 0 ? NANOS_MAX : duration.toNanos();
  }
}
