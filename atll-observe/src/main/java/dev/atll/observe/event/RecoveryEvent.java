package dev.atll.observe.event;

/** What opening a store found and rebuilt. */
public sealed interface RecoveryEvent extends VizEvent {

  /** Recovery began; counts the log segments that have to be read. */
  record Started(long timeNanos, int segments, long bytes) implements RecoveryEvent {}

  /** One log segment was read; {@code batchesSkipped} of its batches were in tables already. */
  record SegmentReplayed(
      long timeNanos,
      long segment,
      long records,
      long batches,
      long batchesSkipped,
      long bytes,
      long nanos)
      implements RecoveryEvent {}

  /** A torn tail was found in a log segment, and left out with all that follows it. */
  record TailCut(long timeNanos, long segment, long keptBytes, long cutBytes)
      implements RecoveryEvent {}

  /** The store is rebuilt up to {@code lastRevision}. */
  record Completed(
      long timeNanos,
      int segments,
      long entries,
      long lastRevision,
      int orphanFiles,
      boolean cleanShutdown,
      long nanos)
      implements RecoveryEvent {}
}
