package dev.atll.observe.event;

/** What opening a store found and rebuilt. */
public sealed interface RecoveryEvent extends VizEvent {

  /** Recovery began; counts what the log holds. */
  record Started(long timeNanos, int segments, long bytes) implements RecoveryEvent {}

  /** One log segment was replayed; {@code entriesSkipped} were already flushed. */
  record SegmentReplayed(
      long timeNanos,
      long segment,
      long records,
      long entries,
      long entriesSkipped,
      long bytes,
      long nanos)
      implements RecoveryEvent {}

  /** A torn tail was found and cut. */
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
