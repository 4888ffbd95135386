package dev.atll.observe.event;

/** What a decision can do to the tree. */
public enum ActionKind {
  /** Do nothing now. */
  NONE,
  /** Give an L0 file's views to the slots of L1; moves no byte. */
  ADMIT,
  /** Merge neighbouring runs of one slot into one. */
  MERGE,
  /** Hand a run to the next level by an edit; moves no byte. */
  MOVE_DOWN,
  /** Merge runs of a slot into the slots below. */
  MERGE_DOWN,
  /** Rewrite a file that is mostly dead. */
  REWRITE,
  /** Merge in order to drop tombstones or expired values. */
  PURGE,
  /** Split a slot at a new boundary. */
  GUARD_ADD,
  /** Join two slots. */
  GUARD_REMOVE,
  /** Build an index over several runs instead of merging them. */
  SORTED_VIEW,
  /** Rebuild a filter with other bits per key. */
  FILTER_UPGRADE
}
