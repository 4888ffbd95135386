package dev.atll.tree;

import dev.atll.env.Clock;
import java.util.concurrent.atomic.LongAdder;

/**
 * What filters of measured gets took to deny a key, where tables are read by blocks: most of it is
 * waiting for memory that no cache of the processor has, and how much depends on the machine, on the
 * store's size and on who else runs. Thread-safe.
 */
public final class ProbeTimes {
  // Longer ones were interrupted, or read the filter from the device first.
  private static final long NANOS_MAX = 20_000;

  private final Clock clock;
  private final LongAdder probes = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /** Begins with none. */
  public ProbeTimes(Clock clock) {
    this.clock = clock;
  }

  /** When a probe begins. */
  public long now() {
    return clock.nanoTime();
  }

  /** Adds a probe that began at {@link #now}. */
  public void add(long began) {
    long took = clock.nanoTime() - began;
    if (took > 0 && took <= NANOS_MAX) {
      probes.increment();
      nanos.add(took);
    }
  }

  /** Probes that were timed so far. */
  public long probes() {
    return probes.sum();
  }

  /** What they took together, in nanoseconds. */
  public long nanos() {
    return nanos.sum();
  }
}
