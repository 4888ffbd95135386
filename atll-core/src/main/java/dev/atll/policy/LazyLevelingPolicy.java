package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;

/**
 * Tiered above, one run per slot at the deepest level with runs, where nearly all data lie. After
 * Dayan and Idreos, Dostoevsky (SIGMOD 2018).
 */
final class LazyLevelingPolicy extends SlotPolicy {
  static final String NAME = "lazy";

  LazyLevelingPolicy() {
    super(NAME);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    SizeRules sizes = look.sizes();
    int runs = slot.runs().size();
    if (slot.level() < sizes.deepest()) {
      TieredRules tiered = new TieredRules(look, look.now().settings().fanout() - 1);
      boolean ontoLast = slot.level() + 1 == sizes.deepest();
      tiered.above(
          slot, full, ontoLast ? Integer.MAX_VALUE : 0, ontoLast ? 1 : tiered.runsMax());
    } else if (full) {
      look.offers()
          .handDown(slot, 0, Integer.MAX_VALUE, 1, Reason.SIZE, sizes.fill(slot), false);
    } else if (runs > 1) {
      look.offers().merge(slot, 0, runs - 1, Reason.RUNS, runs, false);
    }
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    return super.sizes(now).withRandomPhases();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return slot.level() < now.deepestLevelWithRuns() ? now.settings().fanout() - 1.0 : 1;
  }
}
