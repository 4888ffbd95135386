package dev.atll.engine;

import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
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
  private final @Nullable EventMeters meters;
  private final StoreLog log;

  Announcer(Observer observer, StoreLog log) {
    this.sink = observer.events();
    this.meters =
        observer.meter().equals(Meter.none()) ? null : new EventMeters(observer.meter());
    this.log = log;
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
      if (meters != null) {
        meters.see(event);
      }
    } finally {
      // A meter that throws must not keep the event from the sink.
      if (event.isDetail() ? sink.wantsDetail() : sink.enabled()) {
        sink.emit(event);
      }
    }
  }
}
