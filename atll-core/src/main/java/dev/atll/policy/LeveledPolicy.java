package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;

/**
 * One run per slot everywhere: the cheapest reads, the dearest writes. A run that arrives in a slot
 * is merged with the one there; a slot beyond its share is merged into those below. After O'Neil et
 * al. (1996) and LevelDB, but with whole slots as the unit, aligned on guards.
 */
final class LeveledPolicy extends SlotPolicy {
  static final String NAME = "leveled";

  LeveledPolicy() {
    super(NAME);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    int runs = slot.runs().size();
    if (full) {
      look.offers()
          .handDown(
              slot, 0, Integer.MAX_VALUE, 1, Reason.SIZE, look.sizes().fill(slot), false);
    } else if (runs > 1) {
      look.offers().merge(slot, 0, runs - 1, Reason.RUNS, runs, false);
    }
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return 1;
  }
}
