package dev.atll.viz.synthetic;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.VizEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Keeps events for a test on the same thread. */
public final class CollectingSink implements EventSink {
  private final Deque<VizEvent> events = new ArrayDeque<>();

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public void emit(VizEvent event) {
    events.add(event);
  }

  public void drain(Consumer<VizEvent> to) {
    for (VizEvent event = events.poll(); event != null; event = events.poll()) {
      to.accept(event);
    }
  }
}
