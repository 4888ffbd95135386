package dev.atll.observe.event;

/** The life of the engine itself. */
public sealed interface EngineEvent extends VizEvent {

  /** A store was opened; ties the engine clock to wall time and sums up the options in force. */
  record Opened(
      long timeNanos,
      long wallMillis,
      int formatVersion,
      Label policy,
      DurabilityMode durability,
      int fanout,
      int levelsMax,
      long memtableBytesMax,
      long slotBytesTarget,
      int l0FilesMax,
      long blockCacheBytes,
      int compactionJobsMax,
      long lastRevision)
      implements EngineEvent {}

  /** Another policy decides from now on. */
  record PolicyChanged(long timeNanos, Label from, Label to) implements EngineEvent {}

  /** The store refuses writes until it is reopened. */
  record Poisoned(long timeNanos, PoisonCause cause, FileKind file, long fileNumber)
      implements EngineEvent {}

  /** A background job failed; nothing is lost, and it is tried again. */
  record JobFailed(long timeNanos, JobKind job) implements EngineEvent {}

  /** The store was closed; {@code clean} means that the next open replays nothing. */
  record Closed(long timeNanos, boolean clean, long lastRevision, long openNanos)
      implements EngineEvent {}

  /** The system cannot tell how much of the disk is free, or can again: jobs then find out by trying. */
  record FreeSpaceKnown(long timeNanos, boolean known) implements EngineEvent {}
}
