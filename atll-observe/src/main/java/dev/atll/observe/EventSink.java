package dev.atll.observe;

import dev.atll.observe.event.VizEvent;

/**
 * Where events go.
 *
 * <p>Emitters write {@code if (sink.enabled()) sink.emit(new ...)}, so that a store nobody watches
 * pays for one call and builds no event. Implementations are safe for use by any number of threads,
 * never block the caller for long, and never throw from {@link #emit}: observation must not be able
 * to hurt the observed. A store survives one that throws all the same. An implementation never calls
 * the store that emits, which may hold its locks and would wait for itself; a subscriber of an {@link
 * EventBus}, on a thread of its own, may.
 */
public interface EventSink {

  /**
   * Whether an event given now could reach anybody.
   *
   * @return false if the caller may skip building the event
   */
  boolean enabled();

  /**
   * Whether events that are {@linkplain VizEvent#isDetail detail} could reach anybody. An emitter of
   * such an event asks this and not {@link #enabled()}.
   *
   * @return false if the caller may skip building the event
   */
  default boolean wantsDetail() {
    return false;
  }

  /**
   * Takes one event, or drops it.
   *
   * @param event the event, never null
   */
  void emit(VizEvent event);

  /**
   * Events that were given to this sink and reached nobody, because a receiver was slow or failed.
   *
   * @return a count that only grows, 0 for sinks that lose none
   */
  default long dropped() {
    return 0;
  }

  /**
   * The sink that is never enabled.
   *
   * @return a shared instance
   */
  static EventSink none() {
    return NoSink.INSTANCE;
  }

  /**
   * A sink that hands every event to several others, in the order given.
   *
   * @param sinks the receivers; those that are {@link #none()} are left out
   * @return a sink that is enabled while any receiver is
   */
  static EventSink tee(EventSink... sinks) {
    return TeeSink.of(sinks);
  }
}
