package dev.atll.observe.event;

/** The life of one compaction job, told by its id. */
public sealed interface CompactionEvent extends VizEvent {

  /** A job was queued; {@code decisionId} is 0 if no policy asked for it. */
  record Scheduled(
      long timeNanos,
      long jobId,
      long decisionId,
      ActionKind kind,
      int level,
      int slot,
      int targetLevel,
      int runs,
      long bytesPlanned)
      implements CompactionEvent {}

  /** A job began to read its inputs. */
  record Started(
      long timeNanos,
      long jobId,
      ActionKind kind,
      int level,
      int slot,
      int targetLevel,
      int runs,
      long bytesPlanned)
      implements CompactionEvent {}

  /** How far a job has come, at most a few times a second. */
  record Progress(long timeNanos, long jobId, long bytesDone, long bytesPlanned)
      implements CompactionEvent {}

  /** A job finished one slice and gave way to others for {@code yieldNanos}. */
  record SliceDone(
      long timeNanos,
      long jobId,
      int slice,
      long bytesIn,
      long bytesOut,
      long nanos,
      long yieldNanos)
      implements CompactionEvent {}

  /** A job ended; entries dropped are split by the reason that allowed it. */
  record Finished(
      long timeNanos,
      long jobId,
      Outcome outcome,
      ActionKind kind,
      int level,
      int slot,
      int targetLevel,
      long bytesIn,
      long bytesOut,
      long entriesIn,
      long entriesOut,
      long droppedShadowed,
      long droppedTombstones,
      long droppedExpired,
      long droppedRangeDeleted,
      long nanos)
      implements CompactionEvent {}

  /**
   * A job failed, and its span is put aside: decisions leave it alone for {@code nanos}, twice as
   * long after each failure in a row, while all other spans go on.
   */
  record Quarantined(
      long timeNanos,
      int level,
      int slot,
      double lowFraction,
      double highFraction,
      FailureCause cause,
      int failures,
      long nanos)
      implements CompactionEvent {}

  /** A job over a span that was put aside succeeded: it is like any other again. */
  record Released(
      long timeNanos, int level, int slot, double lowFraction, double highFraction, int failures)
      implements CompactionEvent {}
}
