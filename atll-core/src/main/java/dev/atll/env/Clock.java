package dev.atll.env;

/** The time. Safe for use by many threads. */
public interface Clock {
  /**
   * Nanoseconds since an arbitrary origin; may be negative, never goes back. Compare two readings
   * by their difference only.
   */
  long nanoTime();

  /**
   * Milliseconds since 1970 by the wall clock, which may jump in either direction.
   *
   * @return the wall-clock time in milliseconds
   */
  long currentTimeMillis();

  /**
   * Tells what the calling thread does from here on, for a clock that measures where time goes.
   * Does nothing in production.
   */
  default void enters(Work work) {}
}
