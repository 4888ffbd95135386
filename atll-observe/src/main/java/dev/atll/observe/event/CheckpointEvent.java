package dev.atll.observe.event;

/** Copies of a running store. */
public sealed interface CheckpointEvent extends VizEvent {

  /** A checkpoint or backup began. */
  record Started(long timeNanos, long checkpointId, long revision) implements CheckpointEvent {}

  /** A checkpoint or backup ended; linked bytes cost no space. */
  record Finished(
      long timeNanos,
      long checkpointId,
      Outcome outcome,
      long revision,
      int files,
      long linkedBytes,
      long copiedBytes,
      long nanos)
      implements CheckpointEvent {}
}
