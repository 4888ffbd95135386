package dev.atll.torture;

import java.util.function.Consumer;

/**
 * A run of one {@link Stage}: where its seeds begin, how long it may take, and what it has done. Used
 * by one thread.
 */
final class Campaign {
  private static final long REPORT_NANOS = 1_000_000_000L;

  final long firstSeed;
  final Figures figures = new Figures();
  private final long began = System.nanoTime();
  private final long nanosMax;
  private final Consumer<Figures> listener;
  private long nextReport = began + REPORT_NANOS;

  /**
   * Begins; the time runs from now on.
   *
   * @param seconds longest time; a stage that has an end may end sooner
   * @param listener told what was done so far about once a second
   */
  Campaign(long firstSeed, double seconds, Consumer<Figures> listener) {
    this.firstSeed = firstSeed;
    this.nanosMax = (long) (seconds * 1e9);
    this.listener = listener;
  }

  /** Whether there is time for more; to be asked often. */
  boolean goesOn() {
    long now = System.nanoTime();
    if (now - nextReport > 0) {
      nextReport = now + REPORT_NANOS;
      listener.accept(figures);
    }
    return now - began < nanosMax;
  }

  double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }
}
