package dev.atll.policy;

import java.util.BitSet;
import java.util.List;

/**
 * Up to T - 1 runs per slot everywhere: the cheapest writes, the dearest reads, and the most space. A
 * full slot becomes one newest run below; the deepest level merges its own runs when there are T.
 */
final class TieredPolicy implements CompactionPolicy {
  static final String NAME = "tiered";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    SizeRules sizes = new SizeRules(now);
    Offers offers = new Offers(now, sizes);
    TieredRules tiered = new TieredRules(now, sizes, offers);
    for (LevelFacts level : now.levels()) {
      BitSet down = sizes.handedDown(level.level());
      for (SlotFacts slot : level.slots()) {
        if (slot.leased()) {
          continue;
        }
        if (sizes.splits(slot)) {
          offers.split(slot);
        } else if (level.level() < sizes.deepest()) {
          tiered.above(slot, down.get(slot.rank()), 0, tiered.runsMax());
        } else {
          tiered.deepest(slot, down.get(slot.rank()));
        }
      }
    }
    return offers.inOrder();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return now.settings().fanout() - 1.0;
  }
}
