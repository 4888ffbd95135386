package dev.atll.engine;

import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.event.VizEvent;
import org.jspecify.annotations.Nullable;

/**
 * The one way out for what the engine tells: each event becomes a line of the log if it is worth one,
 * feeds the meters, and goes to the caller's sink.
 *
 * <p>Emitters ask {@link #enabled} before they build what is frequent. What is rare and matters
 * (damage, poisoning, stalls, recovery, closing) is emitted in any case: the log wants it even when
 * nobody watches. To be wrapped by {@link dev.atll.base.Reports}, which keeps what foreign code throws
 * from the engine. Thread-safe.
 */
final class Announcer implements EventSink {
  private final EventSink sink;
  private final StoreLog log;
  private volatile @Nullable EventMeters meters;

  Announcer(EventSink sink, StoreLog log) {
    this.sink = sink;
    this.log = log;
  }

  /**
   * Names the meter to feed.
   *
   * @param meter must not throw: a counter that does would keep the next ones from being counted
   */
  void feed(Meter meter) {
    meters = meter.equals(Meter.none()) ? null : new EventMeters(meter);
  }

  @Override
  public boolean enabled() {
    return meters != null || sink.enabled();
  }

  @Override
  public boolean wantsDetail() {
    return sink.wantsDetail();
  }

  @Override
  public long dropped() {
    return sink.dropped();
  }

  @Override
  public void emit(VizEvent event) {
    try {
      log.see(event);
      EventMeters fed = meters;
      if (fed != null) {
        fed.see(event);
      }
    } finally {
      // A meter that throws must not keep the event from the sink.
      if (event.isDetail() ? sink.wantsDetail() : sink.enabled()) {
        sink.emit(event);
      }
    }
  }
}
