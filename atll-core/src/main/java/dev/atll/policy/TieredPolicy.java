package dev.atll.policy;

/**
 * Up to T - 1 runs per slot everywhere: the cheapest writes, the dearest reads, and the most space. A
 * full slot becomes one newest run below; the deepest level merges its own runs when there are T.
 */
final class TieredPolicy extends SlotPolicy {
  static final String NAME = "tiered";

  TieredPolicy() {
    super(NAME);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    TieredRules tiered = new TieredRules(look, look.now().settings().fanout() - 1);
    if (slot.level() < look.sizes().deepest()) {
      tiered.above(slot, full, 0, tiered.runsMax());
    } else {
      tiered.deepest(slot, full);
    }
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    return super.sizes(now).withRandomPhases();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return now.settings().fanout() - 1.0;
  }
}
