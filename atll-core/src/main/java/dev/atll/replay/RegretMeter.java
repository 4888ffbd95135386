package dev.atll.replay;

import dev.atll.policy.TreeSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Regret while it happens, window by window: at the end of each all episodes are cut, so that the
 * hindsight of a window knows nothing beyond it. Not thread-safe.
 */
public final class RegretMeter {
  // So many arrivals take a tenth of a millisecond.
  private static final int ARRIVALS_MAX = 64;

  private final long windowNanos;
  private final RegretBook book = new RegretBook(ARRIVALS_MAX);
  private boolean begun;
  private long beganNanos;

  /**
   * A window that has ended.
   *
   * @param nanos how long it was
   * @param slots slots in which something was paid, greatest difference first
   * @param all their sum
   */
  public record Window(long nanos, List<RegretBook.SlotSum> slots, RegretBook.Sum all) {}

  /** Creates it; windows last at least so long. */
  public RegretMeter(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /**
   * Takes the next look.
   *
   * @param timeNanos engine clock
   * @param decay factor on all heats since the look before
   * @param spans revisions of each run
   * @return the window that ended with it, or null
   */
  public @Nullable Window look(
      long timeNanos, TreeSnapshot now, double decay, RunSpans spans) {
    book.look(timeNanos, now, decay, spans);
    if (!begun) {
      begun = true;
      beganNanos = timeNanos;
    }
    if (timeNanos - beganNanos < windowNanos) {
      return null;
    }
    book.end();
    List<RegretBook.SlotSum> slots = book.slots();
    Window window = new Window(timeNanos - beganNanos, slots, RegretBook.sum(slots));
    book.clear();
    beganNanos = timeNanos;
    // What is there now is where the next window begins.
    book.look(timeNanos, now, 1, spans);
    return window;
  }
}
