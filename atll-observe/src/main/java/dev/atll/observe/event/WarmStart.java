package dev.atll.observe.event;

/** What became of reading the blocks that were hot when a store was last closed. */
public enum WarmStart {
  /** All that are still there were read. */
  READ,
  /** There is no list of them. */
  NO_LIST,
  /** The list is damaged, of another store, or of a newer version. */
  DAMAGED,
  /** The device did not give the list. */
  UNREADABLE,
  /** The store was closed, or the device failed, before all were read. */
  STOPPED
}
