package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
import java.util.List;

/**
 * One run per slot everywhere: the cheapest reads, the dearest writes. A run that arrives in a slot
 * is merged with the one there; a slot beyond its share is merged into those below. After O'Neil et
 * al. (1996) and LevelDB, but with whole slots as the unit, aligned on guards.
 */
final class LeveledPolicy implements CompactionPolicy {
  static final String NAME = "leveled";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    SizeRules sizes = new SizeRules(now);
    Offers offers = new Offers(now, sizes);
    for (LevelFacts level : now.levels()) {
      BitSet down = sizes.handedDown(level.level());
      for (SlotFacts slot : level.slots()) {
        if (slot.leased()) {
          continue;
        }
        if (sizes.splits(slot)) {
          offers.split(slot);
        } else if (down.get(slot.rank())) {
          offers.handDown(
              slot, 0, Integer.MAX_VALUE, 1, Reason.SIZE, sizes.fill(slot), false);
        } else if (slot.runs().size() > 1) {
          offers.merge(slot, 0, slot.runs().size() - 1, Reason.RUNS, slot.runs().size(), false);
        }
      }
    }
    return offers.inOrder();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return 1;
  }
}
