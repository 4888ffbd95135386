package dev.atll.policy;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** The slots of a level with what is asked of all of them again and again. */
abstract class SlotList extends AbstractList<SlotFacts> implements RandomAccess {
  /** Bytes of all slots. */
  abstract long bytes();

  /** Whether any slot holds a run. */
  abstract boolean hasRuns();

  /** Whether any slot is leased. */
  abstract boolean hasLeases();

  static SlotList of(List<SlotFacts> slots) {
    return slots instanceof SlotList known
        ? known
        : new FixedSlots(List.copyOf(slots).toArray(new SlotFacts[0]));
  }
}
