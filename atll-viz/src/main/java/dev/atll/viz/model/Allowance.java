package dev.atll.viz.model;

/**
 * A ration for each second of the line of time: what is not used is kept for a burst. It follows
 * the events' time, so that a recording is rationed as the live run was.
 */
final class Allowance {
  private final double perMilli;
  private final double most;
  private double left;
  private long lastMillis;

  Allowance(double perSecond, double most) {
    this.perMilli = perSecond / 1_000;
    this.most = most;
    this.left = most;
  }

  /** Adds what the time since the last call brings. */
  void advance(long nowMillis) {
    left = Math.min(most, left + Math.max(0, nowMillis - lastMillis) * perMilli);
    lastMillis = Math.max(lastMillis, nowMillis);
  }

  boolean any() {
    return left > 0;
  }

  boolean has(double amount) {
    return left >= amount;
  }

  /** Takes some away, even if that leaves a debt. */
  void take(double amount) {
    left -= amount;
  }
}
