package dev.atll.recovery;

import dev.atll.env.Clock;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.wal.ReplayListener;

/** A replay of the log as events. For one thread. */
final class ReplayNews implements ReplayListener {
  private final Clock clock;
  private final EventSink events;
  private long sinceNanos;

  ReplayNews(Clock clock, EventSink events) {
    this.clock = clock;
    this.events = events;
    this.sinceNanos = clock.nanoTime();
  }

  @Override
  public void found(int segments, long bytes) {
    sinceNanos = clock.nanoTime();
    events.emit(new RecoveryEvent.Started(sinceNanos, segments, bytes));
  }

  @Override
  public void read(long segment, long records, long handedOut, long skipped, long bytes) {
    long began = sinceNanos;
    sinceNanos = clock.nanoTime();
    events.emit(
        new RecoveryEvent.SegmentReplayed(
            sinceNanos,
            segment,
            records,
            handedOut + skipped,
            skipped,
            bytes,
            sinceNanos - began));
  }
}
