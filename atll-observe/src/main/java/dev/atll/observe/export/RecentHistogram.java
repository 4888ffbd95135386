package dev.atll.observe.export;

import dev.atll.observe.HistogramSnapshot;
import dev.atll.observe.StripedHistogram;
import java.util.function.LongSupplier;

/**
 * The recent part of a histogram that is never reset: what was recorded within the last one to two
 * windows. Quantiles over a whole run would hardly move any more after an hour. Safe for any number
 * of threads.
 */
public final class RecentHistogram {
  /** A minute: the usual distance between two looks of a metrics system, or a few of them. */
  public static final long WINDOW_NANOS_DEFAULT = 60_000_000_000L;

  private final StripedHistogram histogram;
  private final long windowNanos;
  private final LongSupplier nanoClock;
  private HistogramSnapshot previous;
  private HistogramSnapshot current;
  private long currentNanos;

  /**
   * A recent view with the default window and the system's clock.
   *
   * @param histogram what is looked at
   */
  public RecentHistogram(StripedHistogram histogram) {
    this(histogram, WINDOW_NANOS_DEFAULT, System::nanoTime);
  }

  /**
   * A recent view.
   *
   * @param histogram what is looked at
   * @param windowNanos length of a window
   * @param nanoClock monotonic time in nanoseconds
   */
  public RecentHistogram(StripedHistogram histogram, long windowNanos, LongSupplier nanoClock) {
    this.histogram = histogram;
    this.windowNanos = windowNanos;
    this.nanoClock = nanoClock;
    current = HistogramSnapshot.empty();
    previous = current;
    currentNanos = nanoClock.getAsLong();
  }

  /**
   * What was recorded lately. Windows turn when somebody looks, so after a long time without a look
   * the answer covers that time.
   *
   * @return a distribution that does not change
   */
  public synchronized HistogramSnapshot snapshot() {
    HistogramSnapshot now = histogram.snapshot();
    long nanos = nanoClock.getAsLong();
    HistogramSnapshot recent = now.since(previous);
    if (nanos - currentNanos >= windowNanos) {
      previous = current;
      current = now;
      currentNanos = nanos;
    }
    return recent;
  }
}
