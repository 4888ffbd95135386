package dev.atll.engine;

import dev.atll.env.Clock;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.WalEvent;
import dev.atll.wal.WalListener;

/** The log's turning points as events. */
final class LogEvents implements WalListener {
  private final EventSink events;
  private final Clock clock;

  LogEvents(EventSink events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void segmentRolled(
      long segment, long closedBytes, long lastRevision, int liveSegments) {
    if (events.enabled()) {
      events.emit(
          new WalEvent.SegmentRolled(
              clock.nanoTime(), segment, closedBytes, lastRevision, liveSegments));
    }
  }

  @Override
  public void synced(long segment, long bytes, long batches, long nanos) {
    if (events.enabled()) {
      events.emit(new WalEvent.Synced(clock.nanoTime(), segment, bytes, batches, nanos));
    }
  }

  @Override
  public void collected(
      int segments, long bytes, int liveSegments, long oldestUnflushedRevision, long nanos) {
    if (events.enabled()) {
      events.emit(
          new WalEvent.Collected(
              clock.nanoTime(), segments, bytes, liveSegments, oldestUnflushedRevision - 1, nanos));
    }
  }
}
