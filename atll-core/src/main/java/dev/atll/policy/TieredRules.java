package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;

/**
 * Up to T - 1 runs in a slot; with T it is full, and its runs are merged into one that goes down as a
 * newest run. What tiering and lazy leveling have in common.
 */
final class TieredRules {
  /**
   * A slot with T runs that hold less than one part in this many of its share is merged in place: the
   * runs are small since keys are overwritten or the range is quiet, and cutting them up further
   * would make the runs below smaller still.
   */
  private static final int SMALL_SLOT_DIVISOR = 2;

  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final Offers offers;

  TieredRules(TreeSnapshot now, SizeRules sizes, Offers offers) {
    this.now = now;
    this.sizes = sizes;
    this.offers = offers;
  }

  /** K: most runs a slot holds at rest; below the cap, since a slot at its cap takes none in. */
  int runsMax() {
    return Math.min(now.settings().fanout(), now.settings().runsCap()) - 1;
  }

  private boolean isAtCap(SlotFacts slot) {
    return slot.runs().size() >= now.settings().runsCap();
  }

  /**
   * A slot above the deepest level.
   *
   * @param over whether its bytes alone send it down
   * @param absorb how many runs of each slot below the output takes in
   * @param runsBelowMax most runs that a slot below may hold after a move
   */
  void above(SlotFacts slot, boolean over, int absorb, int runsBelowMax) {
    int runs = slot.runs().size();
    boolean crowded = runs > runsMax();
    boolean small = slot.bytes() < sizes.share(slot.level()) / SMALL_SLOT_DIVISOR;
    if (over || (crowded && !small)) {
      offers.handDown(
          slot,
          0,
          absorb,
          runsBelowMax,
          over ? Reason.SIZE : Reason.RUNS,
          index(slot),
          isAtCap(slot));
    } else if (crowded) {
      offers.merge(slot, 0, runs - 1, Reason.RUNS, index(slot), isAtCap(slot));
    }
  }

  /** A slot of the deepest level with runs, where merging also drops what was overwritten. */
  void deepest(SlotFacts slot, boolean over) {
    int runs = slot.runs().size();
    boolean crowded = runs > runsMax();
    if (!over && !crowded) {
      return;
    }
    boolean fits = sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot.level());
    if (!sizes.isBottom(slot.level()) && !fits) {
      // Merging here first would write the same bytes twice.
      offers.handDown(
          slot,
          0,
          0,
          runsMax(),
          over ? Reason.SIZE : Reason.RUNS,
          index(slot),
          isAtCap(slot));
    } else if (runs > 1) {
      offers.merge(
          slot, 0, runs - 1, over ? Reason.SIZE : Reason.RUNS, index(slot), isAtCap(slot));
    }
  }

  private double index(SlotFacts slot) {
    return Math.max(sizes.fill(slot), slot.runs().size() / (double) now.settings().fanout());
  }
}
