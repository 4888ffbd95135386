package dev.atll.observe.event;

/** Damage found in stored bytes, and the search for it. */
public sealed interface CorruptionEvent extends VizEvent {

  /** Damage was found; reads that need it fail, none is answered with older data. */
  record Detected(
      long timeNanos, FileKind file, long fileNumber, long offset, CorruptionCause cause)
      implements CorruptionEvent {}

  /** A pass over stored blocks ended. */
  record Scrubbed(long timeNanos, int files, long bytes, int faults, long nanos)
      implements CorruptionEvent {}
}
