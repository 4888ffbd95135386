package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;

/**
 * Up to K runs in a slot; with one more it is full, and its runs are merged into one that goes down as
 * a newest run. What tiering, lazy leveling and guards have in common.
 */
final class TieredRules {
  /**
   * A slot with too many runs that hold less than one part in this many of its share is merged in
   * place: the runs are small since keys are overwritten or the range is quiet, and cutting them up
   * further would make the runs below smaller still.
   */
  private static final int SMALL_SLOT_DIVISOR = 2;

  private final SizeRules sizes;
  private final Offers offers;
  private final int runsMax;

  /**
   * Rules for one snapshot.
   *
   * @param runsMax K, at least 1; at most one below the cap, since a slot at its cap takes none in
   */
  TieredRules(Look look, int runsMax) {
    this.sizes = look.sizes();
    this.offers = look.offers();
    this.runsMax = Math.min(runsMax, look.now().settings().runsCap() - 1);
  }

  /** K: most runs a slot holds at rest. */
  int runsMax() {
    return runsMax;
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
    boolean crowded = runs > runsMax;
    boolean small = slot.bytes() < sizes.share(slot) / SMALL_SLOT_DIVISOR;
    if (over || (crowded && !small)) {
      offers.handDown(
          slot,
          0,
          absorb,
          runsBelowMax,
          over ? Reason.SIZE : Reason.RUNS,
          index(slot),
          false);
    } else if (crowded) {
      offers.merge(slot, 0, runs - 1, Reason.RUNS, index(slot), false);
    }
  }

  /** A slot of the deepest level with runs, where merging also drops what was overwritten. */
  void deepest(SlotFacts slot, boolean over) {
    int runs = slot.runs().size();
    boolean crowded = runs > runsMax;
    if (!over && !crowded) {
      return;
    }
    boolean fits = sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot);
    if (!sizes.isBottom(slot.level()) && !fits) {
      // Merging here first would write the same bytes twice.
      offers.handDown(
          slot, 0, 0, runsMax, over ? Reason.SIZE : Reason.RUNS, index(slot), false);
    } else if (runs > 1) {
      offers.merge(slot, 0, runs - 1, over ? Reason.SIZE : Reason.RUNS, index(slot), false);
    }
  }

  private double index(SlotFacts slot) {
    return Math.max(sizes.fill(slot), slot.runs().size() / (runsMax + 1.0));
  }
}
