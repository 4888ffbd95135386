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
  FILE_DELETION
}
