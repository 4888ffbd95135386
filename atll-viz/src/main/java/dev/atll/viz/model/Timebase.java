package dev.atll.viz.model;

import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.VizEvent;

/**
 * Turns engine clocks into one line of milliseconds that begins at 0 and never runs backwards, so
 * that a store which is reopened, with a clock of another origin, continues the same picture.
 */
final class Timebase {
  private static final long UNKNOWN = Long.MIN_VALUE;

  private long originNanos = UNKNOWN;
  private long nowMillis;
  private long wallMillisAtZero = UNKNOWN;

  /** Where {@link #millisOf} would put an event, after {@link #opened} if it is an opening. */
  long placeOf(VizEvent event) {
    if (originNanos == UNKNOWN) {
      return 0;
    }
    if (event instanceof EngineEvent.Opened opened && wallMillisAtZero != UNKNOWN) {
      return Math.max(nowMillis, opened.wallMillis() - wallMillisAtZero);
    }
    return Math.max(0, (event.timeNanos() - originNanos) / 1_000_000);
  }

  /** The event's place on the line; moves {@link #nowMillis} along. */
  long millisOf(long timeNanos) {
    if (originNanos == UNKNOWN) {
      originNanos = timeNanos;
    }
    long millis = Math.max(0, (timeNanos - originNanos) / 1_000_000);
    nowMillis = Math.max(nowMillis, millis);
    return millis;
  }

  /** Ties the line to the wall clock; after a reopening, moves the new clock's origin. */
  void opened(long timeNanos, long wallMillis) {
    if (originNanos == UNKNOWN) {
      originNanos = timeNanos;
      wallMillisAtZero = wallMillis;
      return;
    }
    if (wallMillisAtZero == UNKNOWN) {
      wallMillisAtZero = wallMillis - millisOf(timeNanos);
      return;
    }
    long placeMillis = Math.max(nowMillis, wallMillis - wallMillisAtZero);
    originNanos = timeNanos - placeMillis * 1_000_000;
    nowMillis = placeMillis;
  }

  long nowMillis() {
    return nowMillis;
  }

  void write(Json json) {
    json.name("now").value(nowMillis);
    if (wallMillisAtZero != UNKNOWN) {
      json.name("wall0").value(wallMillisAtZero);
    }
  }
}
