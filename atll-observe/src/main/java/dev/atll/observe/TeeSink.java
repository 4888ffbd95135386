package dev.atll.observe;

import dev.atll.observe.event.VizEvent;
import java.util.ArrayList;
import java.util.List;

/** Hands each event to every enabled receiver. */
final class TeeSink implements EventSink {
  private final EventSink[] sinks;

  private TeeSink(List<EventSink> sinks) {
    this.sinks = sinks.toArray(EventSink[]::new);
  }

  static EventSink of(EventSink... sinks) {
    List<EventSink> live = new ArrayList<>();
    for (EventSink sink : sinks) {
      if (sink != NoSink.INSTANCE) {
        live.add(sink);
      }
    }
    return switch (live.size()) {
      case 0 -> NoSink.INSTANCE;
      case 1 -> live.getFirst();
      default -> new TeeSink(live);
    };
  }

  @Override
  public boolean enabled() {
    for (EventSink sink : sinks) {
      if (sink.enabled()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean wantsDetail() {
    for (EventSink sink : sinks) {
      if (sink.wantsDetail()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void emit(VizEvent event) {
    boolean detail = event.isDetail();
    for (EventSink sink : sinks) {
      if (detail ? sink.wantsDetail() : sink.enabled()) {
        sink.emit(event);
      }
    }
  }
}
