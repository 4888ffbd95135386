package dev.atll.version;

import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One guard-cut level: slot i holds the keys from guard i-1 (inclusive) to guard i (exclusive). */
public record Level(Guards guards, List<Slot> slots) {
  /** A level of one empty slot. */
  public static final Level EMPTY = new Level(Guards.NONE, List.of(Slot.EMPTY));

  /** Copies the list and asserts that the slots fit the guards. */
  public Level {
    slots = SlotList.of(slots);
    assert slots.size() == guards.slotCount() : "slots do not fit guards";
  }

  /** Estimated data bytes of all slots. */
  public long bytes() {
    return list().bytes();
  }

  /** Number of runs in all slots. */
  public int runCount() {
    return list().runCount();
  }

  /** The run with this id, or null. */
  public @Nullable Run run(long id) {
    return list().run(id);
  }

  /**
   * Calls with the rank of each slot that is another one than in a level with the same guards,
   * ascending; in no time for what the two share.
   */
  public void forEachChangeFrom(Level before, IntConsumer action) {
    list().forEachChange(before.list(), action);
  }

  SlotList list() {
    return (SlotList) slots;
  }
}
