package dev.atll.schedule;

/**
 * Bytes that compactions may read and write: a bucket of half a second's allowance, filled at the
 * rate of the option, shared by all jobs. Also measures how fast jobs really are. Thread-safe.
 */
final class CompactionBudget {
  private static final double SMOOTHING = 0.1;

  private final long bytesPerSecond;
  private double bucket;
  private long filledAtNanos;
  private double measuredBytesPerSecond = 100e6; // until measured: a modest disk

  CompactionBudget(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.bucket = bytesPerSecond / 2.0;
    this.filledAtNanos = nowNanos;
  }

  /** Takes bytes that were just moved; returns nanoseconds to wait before moving more. */
  synchronized long charge(long bytes, long nowNanos) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    bucket =
        Math.min(
            bytesPerSecond / 2.0, bucket + (nowNanos - filledAtNanos) * 1e-9 * bytesPerSecond);
    filledAtNanos = nowNanos;
    bucket -= bytes;
    return bucket >= 0 ? 0 : (long) (-bucket * 1e9 / bytesPerSecond);
  }

  /** Whether jobs are waiting for their allowance. */
  synchronized boolean binds(long nowNanos) {
    return bytesPerSecond != 0
        && bucket + (nowNanos - filledAtNanos) * 1e-9 * bytesPerSecond < 0;
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
