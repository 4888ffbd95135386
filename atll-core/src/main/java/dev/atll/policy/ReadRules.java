package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
import java.util.List;

/**
 * Keeps the runs that a read may meet within their bound: a target of latency, in the unit that a
 * policy can act on. Counters look at the mean; the seek into a slot that is rarely read meets all that
 * has gathered there.
 */
final class ReadRules {
  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final Offers offers;

  ReadRules(TreeSnapshot now, SizeRules sizes, Offers offers) {
    this.now = now;
    this.sizes = sizes;
    this.offers = offers;
  }

  /**
   * Where the slots on the way to a slot of the deepest level hold too many runs together, merges in
   * that one of them where a run less costs fewest bytes. A way of single runs is left: shorter it gets
   * only with fewer levels.
   */
  void offer() {
    int most = now.settings().runsPerReadMax();
    int deepest = sizes.deepest();
    if (!now.settings().boundsReads() || deepest == 0) {
      return;
    }
    BitSet[] offered = new BitSet[deepest + 1];
    int[] ranks = new int[deepest + 1];
    for (SlotFacts leaf : now.level(deepest).slots()) {
      int runs = now.levelZero().size();
      for (int level = 1; level <= deepest; level++) {
        List<SlotFacts> slots = now.level(level).slots();
        if (level < deepest) {
          ranks[level] = ancestor(leaf, level, ranks[level]);
        } else {
          ranks[level] = leaf.rank();
        }
        runs += slots.get(ranks[level]).runs().size();
      }
      if (runs > most) {
        relieve(ranks, deepest, offered, runs / (double) most);
      }
    }
  }

  /** The slot of a level above that a slot lies in: slots come in order, so it is never far. */
  private int ancestor(SlotFacts leaf, int level, int from) {
    int rank = from;
    while (lastLeaf(now.level(level).slots().get(rank)) < leaf.rank()) {
      rank++;
    }
    return rank;
  }

  private int lastLeaf(SlotFacts slot) {
    SlotFacts last = slot;
    while (last.level() < sizes.deepest()) {
      last = now.level(last.level() + 1).slots().get(last.lastChild());
    }
    return last.rank();
  }

  private void relieve(int[] ranks, int deepest, BitSet[] offered, double index) {
    SlotFacts best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int level = 1; level <= deepest; level++) {
      SlotFacts slot = now.level(level).slots().get(ranks[level]);
      if (slot.runs().size() < 2) {
        continue;
      }
      if (slot.leased() || (offered[level] != null && offered[level].get(slot.rank()))) {
        return; // on its way to fewer: look again then
      }
      double bytesPerRun = Offers.cheapest(slot).bytesPerRun();
      if (bytesPerRun < least) {
        least = bytesPerRun;
        best = slot;
      }
    }
    if (best != null) {
      if (offered[best.level()] == null) {
        offered[best.level()] = new BitSet();
      }
      offered[best.level()].set(best.rank());
      offers.mergeCheapest(best, Reason.READ_BOUND, index, true);
    }
  }
}
