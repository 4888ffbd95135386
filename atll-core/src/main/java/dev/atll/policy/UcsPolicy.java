package dev.atll.policy;

/**
 * The unified compaction strategy with a fixed scaling parameter W for each level, as {@link UcsShape}
 * has it. W = 2, which Cassandra calls T4, unless told otherwise. What is Cassandra's and not here: its
 * shards are this tree's slots, and levels are assigned by bytes of the slot, not by a run's density.
 */
final class UcsPolicy extends SlotPolicy {
  static final String NAME = "ucs";

  private final UcsShape shape;

  UcsPolicy(Spec spec) {
    super(spec.label());
    this.shape = new UcsShape(spec.wholes("W", 2, UcsShape.W_MIN, UcsShape.W_MAX));
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    return shape.sizes(now);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    shape.consider(slot, full, look);
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return shape.runsMax(slot.level());
  }
}
