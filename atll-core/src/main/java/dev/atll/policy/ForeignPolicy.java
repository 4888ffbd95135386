package dev.atll.policy;

import java.util.List;

/**
 * A policy of another jar, under the name that was checked when it was made. The cap on runs holds for
 * it as for ours (decision 0051): a slot at its cap that it leaves alone is relieved, since level 0
 * waits for it, and writers for level 0.
 */
record ForeignPolicy(String name, CompactionPolicy made) implements CompactionPolicy {
  @Override
  public List<Candidate> candidates(TreeSnapshot seen) {
    TreeSnapshot now = seen.fixed(); // others' code may keep it
    List<Candidate> offered = made.candidates(now);
    Offers relieved = null;
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        if (!slot.leased()
            && slot.runs().size() >= now.settings().runsCap()
            && !Offers.relieves(offered, slot)) {
          relieved = relieved == null ? new Offers(now, offered) : relieved;
          relieved.holdCap(slot);
        }
      }
    }
    return relieved == null ? offered : relieved.inOrder();
  }

  @Override
  public String picker() {
    return made.picker();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return made.predictedRuns(now, slot);
  }
}
