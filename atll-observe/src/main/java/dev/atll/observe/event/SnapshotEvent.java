package dev.atll.observe.event;

/** Readers that hold old revisions alive. */
public sealed interface SnapshotEvent extends VizEvent {

  /** A snapshot was taken. */
  record Opened(long timeNanos, long snapshotId, long revision, int openSnapshots)
      implements SnapshotEvent {}

  /** A snapshot was released. */
  record Closed(long timeNanos, long snapshotId, long revision, long heldNanos, int openSnapshots)
      implements SnapshotEvent {}

  /** A snapshot is older than its bound and keeps dead entries from being dropped. */
  record Overdue(long timeNanos, long snapshotId, long revision, long heldNanos)
      implements SnapshotEvent {}

  /**
   * A cursor or a read has kept an old state of the tree for long: its files, {@code filesHeld} at
   * least, cannot be deleted.
   */
  record CursorOverdue(long timeNanos, long heldNanos, int statesHeld, int filesHeld)
      implements SnapshotEvent {}

  /** The oldest revision any reader may ask for moved up. */
  record FloorRaised(long timeNanos, long fromRevision, long toRevision) implements SnapshotEvent {}
}
