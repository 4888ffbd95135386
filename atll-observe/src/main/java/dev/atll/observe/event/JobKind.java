package dev.atll.observe.event;

/** What the background of a store does. */
public enum JobKind {
  /** Writes a memtable to a table. */
  FLUSH,
  /** Hands tables of L0 to the slots of L1. */
  ADMISSION,
  /** Merges runs. */
  COMPACTION,
  /** Deletes log segments that are in tables. */
  LOG_COLLECTION,
  /** Deletes files that nothing refers to. */
  FILE_DELETION,
  /** Forces the log by the clock. */
  LOG_SYNC,
  /** What goes by the clock: is the directory still ours, old memtables, pressure, overdue snapshots. */
  UPKEEP,
  /** Tells figures and shapes a few times a second. */
  TELEMETRY,
  /** Tells the time: a clock of the application's did not answer, and the JVM's stood in. */
  CLOCK,
  /** Reads the blocks that were hot before, and writes the list of them. */
  WARM_START
}
