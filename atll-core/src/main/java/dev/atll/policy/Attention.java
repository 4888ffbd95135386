package dev.atll.policy;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which slots of an index a policy wants to see at each look: those that its rules may have something for.
 * Found anew for slots that changed; for all of them only where prices did, or the threshold fell.
 */
final class Attention {
  // A threshold that moves gets room to fall before all slots are looked at again, and is then followed up.
  private static final double ROOM = 0.5;
  private static final double FOLLOWED = 4;

  /** Whether a slot may concern a policy at a threshold or a higher one. */
  @FunctionalInterface
  interface Test {
    boolean mayConcern(SlotFacts slot, double theta);
  }

  private double theta = Double.NaN;
  private @Nullable UnitCosts costs;

  void update(TreeIndex index, TreeSnapshot now, Test test) {
    boolean had = index.claim(this);
    boolean stands =
        had
            && now.costs().equals(costs)
            && now.theta() >= theta
            && now.theta() <= FOLLOWED * theta;
    if (!stands) {
      theta = had && now.theta() != theta ? ROOM * now.theta() : now.theta();
      costs = now.costs();
    }
    for (int i = 1; i <= index.levelCount(); i++) {
      LevelIndex level = index.at(i);
      if (!stands) {
        for (int s = 0; s < level.size; s++) {
          level.attention.set(s, test.mayConcern(level.get(s), theta));
        }
        continue;
      }
      BitSet changed = level.changed;
      for (int s = changed.nextSetBit(0); s >= 0; s = changed.nextSetBit(s + 1)) {
        level.attention.set(s, test.mayConcern(level.get(s), theta));
      }
    }
  }
}
