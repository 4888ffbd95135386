package dev.atll.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The tree as far as an action has to know it: levels from 1, slots by rank, guards as the ranks of
 * the slots below, runs newest first. It must not change while an action is planned or applied.
 *
 * @param <R> what stands for a run; told apart by identity
 */
public interface Shape<R> {
  /** Levels below level 0. */
  int levelCount();

  /** Slots of a level, from 1. */
  int slotCount(int level);

  /** The runs of a slot, newest first; of level 0 those not yet handed to level 1. */
  List<R> runs(Place place);

  /**
   * Rank, in the next level, of the first slot below a slot.
   *
   * @param level from 1 to the deepest but one
   */
  int firstChild(int level, int slot);

  /** Whether a run shows an entry in a slot, of whatever level. */
  boolean shows(R run, Place place);

  /** Rank of the last slot below a slot. */
  default int lastChild(int level, int slot) {
    return (slot + 1 < slotCount(level) ? firstChild(level, slot + 1) : slotCount(level + 1)) - 1;
  }

  /** Whether the guard at which a slot begins is one of the level above too. */
  default boolean isGuardAbove(Place place) {
    if (place.level() == 1 || place.slot() == 0) {
      return place.slot() == 0;
    }
    int above = place.level() - 1;
    int from = 0;
    int to = slotCount(above) - 1;
    while (from < to) { // the last slot above that begins here or before
      int middle = (from + to + 1) >>> 1;
      if (firstChild(above, middle) <= place.slot()) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return firstChild(above, from) == place.slot();
  }

  /** All runs in the slots below those of a span, level by level. */
  default List<R> below(Span span) {
    List<R> runs = new ArrayList<>();
    int first = span.first();
    int last = span.last();
    for (int level = span.level(); level < levelCount(); level++) {
      first = firstChild(level, first);
      last = lastChild(level, last);
      for (int s = first; s <= last; s++) {
        runs.addAll(runs(new Place(level + 1, s)));
      }
    }
    return runs;
  }
}
