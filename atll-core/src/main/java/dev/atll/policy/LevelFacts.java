package dev.atll.policy;

import java.util.List;

/**
 * What a policy may know of one level.
 *
 * @param level its number, from 1
 * @param bytesTarget data bytes it should hold at most: memtable size times T to the level
 * @param slotCountTarget slots it may be cut into
 * @param slots its slots in key order
 */
public record LevelFacts(int level, long bytesTarget, int slotCountTarget, List<SlotFacts> slots) {
  /** Copies the list. */
  public LevelFacts {
    slots = SlotList.of(slots);
  }

  /** A level of as many slots as fit its target. */
  public static LevelFacts of(int level, long target, PolicySettings settings, List<SlotFacts> slots) {
    long most = Math.max(1, target / settings.slotBytesTarget());
    return new LevelFacts(level, target, (int) Math.min(1 << 20, most), slots);
  }

  /** Data bytes of all slots. */
  public long bytes() {
    return slotList().bytes();
  }

  /** Whether any slot holds a run. */
  boolean hasRuns() {
    return slotList().hasRuns();
  }

  /** Whether any slot is leased. */
  boolean hasLeases() {
    return slotList().hasLeases();
  }

  SlotList slotList() {
    return (SlotList) slots;
  }
}
