package dev.atll.schedule;

/**
 * Bytes that compactions may read and write: a bucket of half a second's allowance, filled at the
 * rate of the option, shared by all jobs. Also measures how fast jobs really are. It knows no clock, so
 * that the simulator runs it too. Thread-safe.
 */
public final class CompactionBudget {
  private static final double SMOOTHING = 0.1;
  // The budget binds while less than this share of the bucket is there. With a share of 0 a single
  // loop would never find it binding: it looks only after its wait, when the bucket is just above 0.
  private static final double BINDS_BELOW = 0.1;

  private final long bytesPerSecond;
  private double bucket;
  private long filledAtNanos;
  private double measuredBytesPerSecond = 100e6; // until measured: a modest disk

  /**
   * A full bucket.
   *
   * @param bytesPerSecond the allowance; 0 for none, then nothing waits
   */
  public CompactionBudget(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.bucket = bytesPerSecond / 2.0;
    this.filledAtNanos = nowNanos;
  }

  /** Takes bytes that were just moved; returns nanoseconds to wait before moving more. */
  public synchronized long charge(long bytes, long nowNanos) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    bucket = left(nowNanos) - bytes;
    filledAtNanos = Math.max(filledAtNanos, nowNanos);
    return bucket >= 0 ? 0 : (long) (-bucket * 1e9 / bytesPerSecond);
  }

  /** Whether jobs wait for their allowance, or did a moment ago: a loop looks when its wait is over. */
  public synchronized boolean binds(long nowNanos) {
    return bytesPerSecond != 0 && left(nowNanos) < BINDS_BELOW * bytesPerSecond / 2.0;
  }

  /** What is in the bucket; clocks of several jobs may be read out of order. */
  private double left(long nowNanos) {
    double since = Math.max(0, nowNanos - filledAtNanos) * 1e-9;
    return Math.min(bytesPerSecond / 2.0, bucket + since * bytesPerSecond);
  }

  /** Learns from a slice: bytes merged in the nanoseconds it took. */
  synchronized void learn(long bytes, long nanos) {
    if (nanos > 0 && bytes > 0) {
      measuredBytesPerSecond += SMOOTHING * (bytes * 1e9 / nanos - measuredBytesPerSecond);
    }
  }

  /** Input bytes a second that one job merges, smoothed. */
  synchronized double measuredBytesPerSecond() {
    return measuredBytesPerSecond;
  }
}
