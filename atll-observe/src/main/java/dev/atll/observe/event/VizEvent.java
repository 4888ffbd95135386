package dev.atll.observe.event;

/**
 * One fact about the engine, as a record of primitives; the root of a closed hierarchy, so that a
 * {@code switch} over events can be exhaustive.
 *
 * <p>Events are immutable values and may be shared between threads freely. Components named {@code
 * ...Fraction} are places in the key space between 0 and 1; {@code level} counts from 0 (L0),
 * {@code slot} from 0 within its level; {@code ...Nanos} are durations unless the name is {@code
 * timeNanos}. An event with a duration called {@code nanos} is sent when the thing is over.
 */
public sealed interface VizEvent
    permits AdmissionEvent,
        CacheEvent,
        CompactionEvent,
        CorruptionEvent,
        DecisionEvent,
        EngineEvent,
        FlushEvent,
        GuardEvent,
        PressureEvent,
        RecoveryEvent,
        RegretEvent,
        SlotEvent,
        SnapshotEvent,
        StatsEvent,
        TreeEvent,
        VersionEvent,
        WalEvent,
        WorkloadEvent {

  /**
   * When it happened, in nanoseconds of the engine's own monotonic clock.
   *
   * @return nanoseconds from an arbitrary origin; {@link EngineEvent.Opened} ties the origin to
   *     wall-clock time
   */
  long timeNanos();

  /**
   * Whether this event is for recordings that ask for detail: too large and too frequent to be shown.
   *
   * @return true for what {@link dev.atll.observe.EventSink#wantsDetail} lets through only
   */
  default boolean isDetail() {
    return false;
  }
}
