package dev.atll.wal;

/**
 * Hears of the log's turning points. Called on the thread that caused them, without locks held that
 * a reader of the log needs; must be quick and must not throw.
 */
public interface WalListener {
  /** Hears nothing. */
  WalListener NONE = new WalListener() {};

  /**
   * A segment was closed and its successor begun.
   *
   * @param segment number of the closed one
   * @param closedBytes its length
   * @param lastRevision last revision in the log at that moment
   * @param liveSegments segments on disk, the new one included
   */
  default void segmentRolled(
      long segment, long closedBytes, long lastRevision, int liveSegments) {}

  /**
   * The log was forced to disk.
   *
   * @param segment number of the newest segment
   * @param bytes appended since the force before
   * @param batches appended since the force before
   * @param nanos it took
   */
  default void synced(long segment, long bytes, long batches, long nanos) {}

  /**
   * Segments that are not needed any more were deleted.
   *
   * @param segments how many
   * @param bytes how many bytes they had
   * @param liveSegments segments left
   * @param oldestUnflushedRevision what the decision rested on
   * @param nanos it took
   */
  default void collected(
      int segments, long bytes, int liveSegments, long oldestUnflushedRevision, long nanos) {}
}
