package dev.atll.observe.event;

/** How far background work lags behind, and who waits for it. */
public sealed interface PressureEvent extends VizEvent {

  /** The engine entered another pressure zone. */
  record ZoneChanged(long timeNanos, PressureZone from, PressureZone to, PressureCause cause)
      implements PressureEvent {}

  /** Writers began to wait. */
  record StallStarted(
      long timeNanos, PressureCause cause, int l0Files, int sealedMemtables, long debtBytes)
      implements PressureEvent {}

  /** The disk has no room for a flush: writes are refused once memory is full. */
  record DiskFull(long timeNanos) implements PressureEvent {}

  /** A flush found room on the disk again. */
  record DiskFreed(long timeNanos) implements PressureEvent {}

  /** Writers wait no longer. */
  record StallEnded(long timeNanos, PressureCause cause, long nanos, long writersDelayed)
      implements PressureEvent {}
}
