package dev.atll.kernel;

/**
 * A slot by its place; level 0, the queue of flushed runs, is one slot of rank 0.
 *
 * @param level 0 or more
 * @param slot rank in its level, from 0
 */
public record Place(int level, int slot) {
  /** The queue of flushed runs. */
  public static final Place LEVEL_ZERO = new Place(0, 0);
}
