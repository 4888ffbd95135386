package dev.atll.observe;

/** Receives events on a thread of its own; see {@link EventBus#subscribe}. */
@FunctionalInterface
public interface EventListener {

  /**
   * Takes one event.
   *
   * @param event the event, in its source's order
   */
  void accept(StampedEvent event);
}
