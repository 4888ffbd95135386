package dev.atll.observe.event;

/** Why a memtable was sealed. */
public enum FlushReason {
  /** It reached its byte limit. */
  MEMTABLE_BYTES,
  /** Its oldest record grew too old. */
  WAL_AGE,
  /** The log it keeps alive grew too large. */
  WAL_BYTES,
  /** The shared memory budget ran short. */
  MEMORY_PRESSURE,
  /** Somebody asked for it. */
  MANUAL,
  /** A checkpoint needs files only. */
  CHECKPOINT,
  /** The store is closing. */
  CLOSE
}
