package dev.atll.version;

import java.util.List;

/** One guard-cut level: slot i holds the keys from guard i-1 (inclusive) to guard i (exclusive). */
public record Level(Guards guards, List<Slot> slots) {
  /** A level of one empty slot. */
  public static final Level EMPTY = new Level(Guards.NONE, List.of(Slot.EMPTY));

  /** Copies the list and asserts that the slots fit the guards. */
  public Level {
    slots = List.copyOf(slots);
    assert slots.size() == guards.slotCount() : "slots do not fit guards";
  }

  /** Estimated data bytes of all slots. */
  public long bytes() {
    long sum = 0;
    for (Slot slot : slots) {
      sum += slot.bytes();
    }
    return sum;
  }

  /** Number of runs in all slots. */
  public int runCount() {
    int sum = 0;
    for (Slot slot : slots) {
      sum += slot.runs().size();
    }
    return sum;
  }
}
