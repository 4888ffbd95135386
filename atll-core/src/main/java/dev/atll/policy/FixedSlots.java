package dev.atll.policy;

import java.util.Arrays;
import java.util.Iterator;

/** The slots of a level that was given as a list. Immutable. */
final class FixedSlots extends SlotList {
  private final SlotFacts[] slots;
  private final long bytes;
  private final boolean hasRuns;
  private final boolean hasLeases;

  /** Takes slots in their order; not copied. */
  FixedSlots(SlotFacts[] slots) {
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

  @Override
  long bytes() {
    return bytes;
  }

  @Override
  boolean hasRuns() {
    return hasRuns;
  }

  @Override
  boolean hasLeases() {
    return hasLeases;
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
