package dev.atll.observe;

import dev.atll.observe.event.VizEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
      if (isEnabled(sink)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean wantsDetail() {
    for (EventSink sink : sinks) {
      if (isDetailWanted(sink)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long dropped() {
    long sum = 0;
    for (EventSink sink : sinks) {
      sum += dropped(sink);
    }
    return sum;
  }

  /**
   * Hands it to every receiver, whatever those before throw.
   *
   * @throws IllegalStateException or what the first receiver that threw has thrown
   */
  @Override
  public void emit(VizEvent event) {
    boolean detail = event.isDetail();
    @Nullable Throwable failure = null;
    for (EventSink sink : sinks) {
      try {
        if (detail ? sink.wantsDetail() : sink.enabled()) {
          sink.emit(event);
        }
      } catch (Throwable e) {
        // One that breaks its promise must not keep the event from the others.
        failure = failure == null ? e : failure;
      }
    }
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null -> {}
      default -> throw new IllegalStateException("a receiver of events threw " + failure, failure);
    }
  }

  private static boolean isEnabled(EventSink sink) {
    try {
      return sink.enabled();
    } catch (Throwable e) {
      // As if it wanted none: the others are asked all the same.
      return false;
    }
  }

  private static boolean isDetailWanted(EventSink sink) {
    try {
      return sink.wantsDetail();
    } catch (Throwable e) {
      return false; // as above
    }
  }

  private static long dropped(EventSink sink) {
    try {
      return sink.dropped();
    } catch (Throwable e) {
      return 0; // what it dropped is not known; what the others did is
    }
  }
}
