package dev.atll.observe.event;

/** The resource that set the pressure zone. */
public enum PressureCause {
  /** No resource is short. */
  NONE,
  /** Too many files wait for admission. */
  L0_FILES,
  /** Sealed memtables wait for their flush. */
  MEMTABLES,
  /** Too many bytes wait for compaction. */
  DEBT,
  /** A slot stands at its hard cap of runs. */
  SLOT_CAP,
  /** The disk is nearly full. */
  SPACE,
  /** The memory budget is spent. */
  MEMORY,
  /** The log cannot keep up. */
  WAL
}
