package dev.atll.policy;

/**
 * Fluid LSM with K runs in a level and Z in the deepest one; neither more than T - 1, since there it is
 * tiering. See {@link FluidRules}.
 */
final class FluidPolicy extends SlotPolicy {
  static final String NAME = "fluid";

  private final int runsAbove;
  private final int runsLast;

  FluidPolicy(Spec spec) {
    super(spec.label());
    this.runsAbove = spec.whole("K", 4, 1, 64);
    this.runsLast = spec.whole("Z", 1, 1, 64);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    int fanout = look.now().settings().fanout();
    int deepest = look.sizes().deepest();
    new FluidRules(look, level -> runsMax(level, deepest, fanout), level -> fanout)
        .consider(slot, full);
  }

  private int runsMax(int level, int deepest, int fanout) {
    return Math.min(level < deepest ? runsAbove : runsLast, Math.max(1, fanout - 1));
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    return super.sizes(now).withRandomPhases();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return runsMax(slot.level(), now.deepestLevelWithRuns(), now.settings().fanout());
  }
}
