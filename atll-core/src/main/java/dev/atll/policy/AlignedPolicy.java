package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Full merges, aligned: a level that is full is emptied into the next one, all of it, slot by slot along
 * the common guards. It fills from nothing to full, so what goes down meets T/2 times its bytes on
 * average, and each slot is a job of its own, so that little extra space is needed at a time. After
 * Dayan et al., Spooky (VLDB 2022); its merges through several levels at once are not here.
 */
final class AlignedPolicy extends SlotPolicy {
  static final String NAME = "aligned";

  // The runs that were in a level when it was full: until they are gone it is being emptied.
  private final Set<Long> leaving = new HashSet<>();
  private final Set<Long> present = new HashSet<>();

  AlignedPolicy() {
    super(NAME);
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    present.clear();
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        slot.runs().forEach(run -> present.add(run.runId()));
      }
    }
    leaving.retainAll(present);
    return super.sizes(now);
  }

  @Override
  protected BitSet handedDown(Look look, int level) {
    SizeRules sizes = look.sizes();
    if (level >= sizes.deepest()) {
      return super.handedDown(look, level);
    }
    LevelFacts facts = look.now().level(level);
    BitSet chosen = leaving(facts);
    if (chosen.isEmpty() && facts.bytes() >= sizes.target(level)) {
      facts.slots().forEach(slot -> slot.runs().forEach(run -> leaving.add(run.runId())));
      chosen = leaving(facts);
    }
    return chosen;
  }

  private BitSet leaving(LevelFacts level) {
    BitSet ranks = new BitSet();
    for (SlotFacts slot : level.slots()) {
      if (slot.runs().stream().anyMatch(run -> leaving.contains(run.runId()))) {
        ranks.set(slot.rank());
      }
    }
    return ranks;
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    int runs = slot.runs().size();
    if (full) {
      look.offers()
          .handDown(
              slot, 0, Integer.MAX_VALUE, 1, Reason.SIZE, 1 + look.sizes().fill(slot), false);
    } else if (runs > 1) {
      look.offers().merge(slot, 0, runs - 1, Reason.RUNS, runs, false);
    }
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return 1;
  }
}
