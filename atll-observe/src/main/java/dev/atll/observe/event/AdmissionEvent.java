package dev.atll.observe.event;

/** The handing of an L0 file's views to the slots of L1. */
public sealed interface AdmissionEvent extends VizEvent {

  /** Views became runs of their slots; {@code bytesMoved} is 0 for a pure edit. */
  record Completed(
      long timeNanos,
      long fileNumber,
      int level,
      int views,
      long bytesViewed,
      long bytesMoved,
      boolean whole,
      long nanos)
      implements AdmissionEvent {}
}
