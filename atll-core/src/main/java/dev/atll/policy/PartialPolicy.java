package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Partial leveling: levels are kept full, and what goes down when one overflows is the slot that meets
 * the fewest bytes below per byte of its own. The picking rule is that of RocksDB (kMinOverlappingRatio)
 * with slots for files.
 */
final class PartialPolicy extends SlotPolicy {
  static final String NAME = "partial";

  PartialPolicy() {
    super(NAME);
  }

  @Override
  protected BitSet handedDown(Look look, int level) {
    BitSet chosen = new BitSet();
    SizeRules sizes = look.sizes();
    LevelFacts facts = look.now().level(level);
    long bytes = facts.bytes();
    if (sizes.isBottom(level) || bytes < sizes.target(level)) {
      return chosen;
    }
    List<SlotFacts> leastOverlapFirst = new ArrayList<>(facts.slots());
    leastOverlapFirst.removeIf(
        s -> s.leased() || s.runs().isEmpty() || sizes.splits(s) || !sizes.childrenAreFree(s));
    leastOverlapFirst.sort(Comparator.comparingDouble(s -> overlap(s, sizes)));
    for (SlotFacts slot : leastOverlapFirst) {
      if (bytes < sizes.target(level)) {
        break;
      }
      chosen.set(slot.rank());
      bytes -= slot.bytes();
    }
    return chosen;
  }

  private static double overlap(SlotFacts slot, SizeRules sizes) {
    return sizes.absorbedBytes(slot, Integer.MAX_VALUE) / (double) Math.max(1, slot.bytes());
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    int runs = slot.runs().size();
    if (full) {
      double index = 1 + 1 / (1 + overlap(slot, look.sizes()));
      look.offers().handDown(slot, 0, Integer.MAX_VALUE, 1, Reason.SIZE, index, false);
    } else if (runs > 1) {
      look.offers().merge(slot, 0, runs - 1, Reason.RUNS, runs, false);
    }
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return 1;
  }
}
