package dev.atll.policy;

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
    long least = now.settings().slotBytesTarget() / JOIN_DIVISOR;
    // With less than a slot that would be split, here and below together.
    long weightMax = SizeRules.SPLIT_FACTOR * now.settings().slotBytesTarget();
    SlotFacts best = null;
    for (int i = 0; i + 1 < slots.size(); i++) {
      SlotFacts left = slots.get(i);
      SlotFacts right = slots.get(i + 1);
      long bytes = left.bytes() + right.bytes();
      if (bytes < least
          && sizes.weight(left) + sizes.weight(right) < weightMax
          && !left.leased()
          && !right.leased()
          && haveOneParent(now, left)) {
        least = bytes;
        best = left;
      }
    }
    if (best != null) {
      offers.join(best, slots.get(best.rank() + 1));
    }
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
