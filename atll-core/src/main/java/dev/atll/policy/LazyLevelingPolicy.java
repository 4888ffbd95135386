package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
import java.util.List;

/**
 * Tiered above, one run per slot at the deepest level with runs, where nearly all data lie. After
 * Dayan and Idreos, Dostoevsky (SIGMOD 2018).
 */
final class LazyLevelingPolicy implements CompactionPolicy {
  static final String NAME = "lazy";

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
        int runs = slot.runs().size();
        if (sizes.splits(slot)) {
          offers.split(slot);
        } else if (level.level() < sizes.deepest()) {
          boolean ontoLast = level.level() + 1 == sizes.deepest();
          tiered.above(
              slot,
              down.get(slot.rank()),
              ontoLast ? Integer.MAX_VALUE : 0,
              ontoLast ? 1 : tiered.runsMax());
        } else if (down.get(slot.rank())) {
          offers.handDown(
              slot, 0, Integer.MAX_VALUE, 1, Reason.SIZE, sizes.fill(slot), false);
        } else if (runs > 1) {
          offers.merge(slot, 0, runs - 1, Reason.RUNS, runs, false);
        }
      }
    }
    return offers.inOrder();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return slot.level() < now.deepestLevelWithRuns() ? now.settings().fanout() - 1.0 : 1;
  }
}
