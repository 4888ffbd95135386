package dev.atll.policy;

/** Something that can be done to the tree. Runs are named by position in their slot, 0 = newest. */
public sealed interface Action {
  /** Level of the slot acted on. */
  int level();

  /** Rank of the slot acted on. */
  int slot();

  /**
   * Rewrites the age-contiguous runs {@code first} to {@code last} (both included) of a slot into
   * one run of the same slot. With {@code first == last} it rewrites one run: a purge of deletions
   * and of dead file space.
   */
  record Merge(int level, int slot, int first, int last) implements Action {}

  /**
   * Merges the runs from {@code first} to the oldest of a slot and hands them to the slots below,
   * each child absorbing its newest {@code absorb} runs into the output: 0 adds one newest run to
   * each child (tiered), {@link Integer#MAX_VALUE} leaves each child with one run (leveled).
   */
  record Promote(int level, int slot, int first, int absorb) implements Action {}

  /** Hands the runs from {@code first} to the oldest to the slots below without writing a byte. */
  record Move(int level, int slot, int first) implements Action {}

  /** Cuts a slot in two at a key of the engine's choice; writes no data. */
  record Split(int level, int slot) implements Action {}

  /** Joins a slot and the next one, rewriting both into one run. */
  record Join(int level, int slot) implements Action {}
}
