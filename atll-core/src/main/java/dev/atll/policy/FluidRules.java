package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.function.IntUnaryOperator;

/**
 * Fluid LSM: a level may hold K runs, each of an equal part of its share. A run that arrives is merged
 * into the newest one while there is room in it, else it begins the next one. K = 1 is leveling, K = T
 * - 1 tiering, and all between is possible (Dayan and Idreos, Dostoevsky, SIGMOD 2018). For one
 * snapshot.
 */
final class FluidRules {
  private static final int SMALL_SLOT_DIVISOR = 2;

  private final SizeRules sizes;
  private final Offers offers;
  private final int cap;
  private final IntUnaryOperator runsMax;
  private final IntUnaryOperator fanout;

  /**
   * Rules for one snapshot.
   *
   * @param runsMax K of a level, at least 1
   * @param fanout how many times the bytes of the level above a level holds
   */
  FluidRules(Look look, IntUnaryOperator runsMax, IntUnaryOperator fanout) {
    this.sizes = look.sizes();
    this.offers = look.offers();
    this.cap = look.now().settings().runsCap();
    this.runsMax = runsMax;
    this.fanout = fanout;
  }

  private int runsMax(int level) {
    return Math.min(runsMax.applyAsInt(level), cap - 1);
  }

  /** Offers what a slot needs. */
  void consider(SlotFacts slot, boolean full) {
    int level = slot.level();
    int runs = slot.runs().size();
    int most = runsMax(level);
    double index = Math.max(sizes.fill(slot), runs / (most + 1.0));
    boolean crowded = runs > most;
    boolean tiered = most > 1 && most >= fanout.applyAsInt(level) - 1;
    boolean small = slot.bytes() < sizes.share(slot) / SMALL_SLOT_DIVISOR;
    if (full || (crowded && tiered && !small && !sizes.isBottom(level))) {
      boolean grows = level >= sizes.deepest();
      if (grows && runs > 1 && sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot)) {
        // What was overwritten fills the slot: no new level is needed.
        offers.merge(slot, 0, runs - 1, Reason.SIZE, index, false);
      } else {
        Reason reason = full ? Reason.SIZE : Reason.RUNS;
        offers.handDown(slot, 0, absorb(slot), runsMax(level + 1), reason, index, false);
      }
    } else if (crowded && (tiered || most == 1)) {
      offers.merge(slot, 0, runs - 1, Reason.RUNS, index, false);
    } else if (crowded) {
      offers.merge(slot, 0, runs - most, Reason.RUNS, index, false);
    } else if (runs > 1 && slot.bytes(0, 1) <= sizes.share(slot) / most) {
      offers.merge(slot, 0, 1, Reason.RUNS, index, false);
    }
  }

  /** All that is below with leveling; else the newest runs below, as long as there is room in them. */
  private int absorb(SlotFacts slot) {
    int below = slot.level() + 1;
    int most = runsMax(below);
    if (most == 1) {
      return Integer.MAX_VALUE;
    }
    double room = (double) sizes.children(slot).size() * sizes.share(below) / most;
    return slot.bytes() + sizes.absorbedBytes(slot, 1) <= room ? 1 : 0;
  }
}
