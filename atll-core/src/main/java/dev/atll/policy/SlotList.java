package dev.atll.policy;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;

/** The slots of a level with what is asked of all of them again and again. Immutable. */
final class SlotList extends AbstractList<SlotFacts> implements RandomAccess {
  private final SlotFacts[] slots;

  /** Bytes of all slots. */
  final long bytes;

  /** Whether any slot holds a run. */
  final boolean hasRuns;

  /** Whether any slot is leased. */
  final boolean hasLeases;

  private SlotList(SlotFacts[] slots) {
    this.slots = slots;
    long sum = 0;
    boolean runs = false;
    boolean leases = false;
    for (SlotFacts slot : slots) {
      sum += slot.bytes();
      runs |= !slot.runs().isEmpty();
      leases |= slot.leased();
    }
    this.bytes = sum;
    this.hasRuns = runs;
    this.hasLeases = leases;
  }

  static SlotList of(List<SlotFacts> slots) {
    return slots instanceof SlotList known
        ? known
        : new SlotList(List.copyOf(slots).toArray(new SlotFacts[0]));
  }

  @Override
  public SlotFacts get(int index) {
    return slots[index];
  }

  @Override
  public Iterator<SlotFacts> iterator() {
    return Arrays.asList(slots).iterator();
  }

  @Override
  public int size() {
    return slots.length;
  }
}
