package dev.atll.observe;

import dev.atll.observe.event.VizEvent;

/** Takes nothing. */
final class NoSink implements EventSink {
  static final NoSink INSTANCE = new NoSink();

  private NoSink() {}

  @Override
  public boolean enabled() {
    return false;
  }

  @Override
  public void emit(VizEvent event) {}
}
