package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;

/**
 * Fragmented LSM, after Raju et al., PebblesDB (SOSP 2017): the runs of a guard gather until there are
 * too many, are then merged once and cut along the guards below, where they join what is there without
 * rewriting it. The deepest level rewrites its own; and the level above it merges in place when the
 * guard below is crowded and holds 25 times as many bytes, since that guard would be rewritten. Not here:
 * compactions that seeks trigger, and those that empty a level nearly as large as the next one.
 */
final class FlsmPolicy extends SlotPolicy {
  static final String NAME = "flsm";

  /** Bytes below per byte from which rewriting them is put off, as the paper has it. */
  private static final int REWRITE_RATIO = 25;

  private final int runsInGuard;

  FlsmPolicy(Spec spec) {
    super(spec.label());
    this.runsInGuard = spec.whole("runs", 0, 0, 64);
  }

  /** Runs at which a guard is compacted; T unless told otherwise. */
  private int trigger(TreeSnapshot now) {
    return runsInGuard == 0 ? now.settings().fanout() : Math.max(2, runsInGuard);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    SizeRules sizes = look.sizes();
    int runs = slot.runs().size();
    TieredRules tiered = new TieredRules(look, trigger(look.now()) - 1);
    if (slot.level() >= sizes.deepest()) {
      tiered.deepest(slot, full);
    } else if (runs > 1
        && (full || runs > tiered.runsMax())
        && slot.level() + 1 == sizes.deepest()
        && sizes.childRunsMost(slot) >= tiered.runsMax()
        && sizes.absorbedBytes(slot, Integer.MAX_VALUE) > REWRITE_RATIO * slot.bytes()) {
      look.offers()
          .merge(slot, 0, runs - 1, full ? Reason.SIZE : Reason.RUNS, sizes.fill(slot), false);
    } else {
      tiered.above(slot, full, 0, tiered.runsMax());
    }
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return trigger(now) - 1.0;
  }
}
