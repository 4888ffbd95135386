package dev.atll.observe;

/**
 * All that the engine needs in order to be observed.
 *
 * @param meter counts traffic
 * @param events takes turning points
 */
public record Observer(Meter meter, EventSink events) {
  private static final Observer NONE = new Observer(Meter.none(), EventSink.none());

  /**
   * The observer that sees nothing.
   *
   * @return a shared instance
   */
  public static Observer none() {
    return NONE;
  }

  /**
   * This observer with one more receiver of events.
   *
   * @param sink receives every event after the present receivers
   * @return a new observer with the same meter
   */
  public Observer withEvents(EventSink sink) {
    return new Observer(meter, EventSink.tee(events, sink));
  }
}
