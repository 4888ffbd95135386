package dev.atll.policy;

import java.util.BitSet;
import java.util.List;

/**
 * When guards that have lost their use may go: a range whose data was deleted, or went down and was
 * not written again, keeps slots that a busier range could have.
 */
final class GuardRules {
  /** Two neighbours are joined below this part of what one slot should hold: far from a new split. */
  static final int JOIN_DIVISOR = 2;

  private GuardRules() {}

  /**
   * Offers to join the pair of neighbours of a level with the fewest bytes, once the level has used
   * more than half of the slots it may have; before that, slots are no scarce good, and those of a
   * store that was given its guards are kept. What lies below them counts as well: a slot is empty each
   * time it has been handed down.
   */
  static void offerJoin(
      TreeSnapshot now, LevelFacts level, SizeRules sizes, Offers offers) {
    List<SlotFacts> slots = level.slots();
    if (slots.size() <= level.slotCountTarget() / 2) {
      return;
    }
    long least = Long.MAX_VALUE;
    SlotFacts best = null;
    TreeIndex index = now.index();
    BitSet some = index == null ? null : index.at(level.level()).joinable;
    int i = some == null ? 0 : some.nextSetBit(0);
    while (i >= 0 && i + 1 < slots.size()) {
      SlotFacts left = slots.get(i);
      SlotFacts right = slots.get(i + 1);
      long bytes = left.bytes() + right.bytes();
      if (bytes < least && (some != null || mayJoin(now, left, right, sizes))) {
        least = bytes;
        best = left;
      }
      i = some == null ? i + 1 : some.nextSetBit(i + 1);
    }
    if (best != null) {
      offers.join(best, slots.get(best.rank() + 1));
    }
  }

  /** Whether two neighbours are small enough, free, and not kept apart by a level above. */
  static boolean mayJoin(TreeSnapshot now, SlotFacts left, SlotFacts right, SizeRules sizes) {
    // With less than a slot that would be split, here and below together.
    long weightMax = SizeRules.SPLIT_FACTOR * now.settings().slotBytesTarget();
    return left.bytes() + right.bytes() < now.settings().slotBytesTarget() / JOIN_DIVISOR
        && sizes.weight(left) + sizes.weight(right) < weightMax
        && !left.leased()
        && !right.leased()
        && haveOneParent(now, left);
  }

  /** Whether no guard of the level above lies between a slot and the next one. */
  private static boolean haveOneParent(TreeSnapshot now, SlotFacts slot) {
    if (slot.level() == 1) {
      return true;
    }
    List<SlotFacts> parents = now.level(slot.level() - 1).slots();
    int low = 0;
    int high = parents.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (parents.get(middle).lastChild() < slot.rank()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return parents.get(low).lastChild() != slot.rank();
  }
}
