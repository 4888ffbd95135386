package dev.atll.observe.event;

/** Turning points of the write-ahead log. */
public sealed interface WalEvent extends VizEvent {

  /** A log segment was closed at its size limit and the next one begun. */
  record SegmentRolled(
      long timeNanos, long segment, long closedBytes, long lastRevision, int liveSegments)
      implements WalEvent {}

  /** The log was forced to disk; emitters may sample, since meters count every force. */
  record Synced(long timeNanos, long segment, long bytes, long batches, long nanos)
      implements WalEvent {}

  /** Log segments that hold only flushed revisions were deleted. */
  record Collected(
      long timeNanos,
      int segments,
      long bytes,
      int liveSegments,
      long watermarkRevision,
      long nanos)
      implements WalEvent {}
}
