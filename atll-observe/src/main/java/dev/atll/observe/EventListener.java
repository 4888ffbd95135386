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

  /**
   * Whether this listener also takes events that are {@linkplain
   * dev.atll.observe.event.VizEvent#isDetail detail}; never changes.
   *
   * @return false if it is spared them
   */
  default boolean wantsDetail() {
    return false;
  }

  /** Called on the same thread now and then while no event waits: a moment to flush. */
  default void idle() {}
}
