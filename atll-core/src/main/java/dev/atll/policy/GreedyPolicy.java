package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.List;

/**
 * The largest immediate read saving per byte, without memory: what the reads of the last half-life of
 * heat would have saved, had the runs been one. It acts where that is worth the bytes, and forgets at
 * once that it did, so a slot that is read is merged at every arrival.
 */
final class GreedyPolicy extends SlotPolicy {
  static final String NAME = "greedy";

  /** Part of vain filter probes that read a block: that of 10 bits a key. */
  private static final double FALSE_POSITIVE_RATE = 0.01;

  GreedyPolicy() {
    super(NAME);
  }

  /** What the reads of late pay for one more run, in nanoseconds. */
  private static double perBoundary(SlotFacts slot, UnitCosts costs) {
    double block = costs.blockReadNanos() + slot.missNanos();
    return slot.getHeat() * (costs.probeNanos() + FALSE_POSITIVE_RATE * block)
        + slot.seekHeat() * (costs.seekNanos() + slot.missNanos());
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    TreeSnapshot now = look.now();
    SizeRules sizes = look.sizes();
    Offers offers = look.offers();
    int runs = slot.runs().size();
    int fanout = now.settings().fanout();
    double perBoundary = perBoundary(slot, now.costs());
    if (full) {
      boolean grows = slot.level() >= sizes.deepest();
      if (grows && runs > 1 && sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot)) {
        offers.merge(slot, 0, runs - 1, Reason.SIZE, sizes.fill(slot), false);
        return;
      }
      double cost = offers.cost(sizes.absorbedBytes(slot, Integer.MAX_VALUE));
      boolean absorbs =
          sizes.childrenAreFree(slot)
              && perBoundary * sizes.childRunsMost(slot) >= now.theta() * cost;
      int absorb = absorbs ? Integer.MAX_VALUE : 0;
      offers.handDown(slot, 0, absorb, fanout, Reason.SIZE, sizes.fill(slot), false);
    } else if (runs > fanout) {
      offers.mergeCheapest(slot, Reason.RUNS, runs / (double) fanout, false);
    } else {
      relieveReads(slot, perBoundary, now.theta(), offers);
    }
  }

  /** The age-contiguous runs whose merging saves most per cost, if it is enough. */
  private static void relieveReads(
      SlotFacts slot, double perBoundary, double theta, Offers offers) {
    List<RunFacts> runs = slot.runs();
    double best = 0;
    int bestFirst = 0;
    int bestLast = 0;
    for (int i = 0; i + 1 < runs.size(); i++) {
      for (int j = i + 1; j < runs.size(); j++) {
        double cost = Math.max(offers.cost(slot.bytes(i, j)), Double.MIN_NORMAL);
        double index = perBoundary * (j - i) / cost;
        if (index > best || (index == best && j - i > bestLast - bestFirst)) {
          best = index;
          bestFirst = i;
          bestLast = j;
        }
      }
    }
    if (best > 0 && best >= theta) {
      offers.merge(slot, bestFirst, bestLast, Reason.READ_BURDEN, best, false);
    }
  }

  /** √(2wC/(rc)) would be the optimum; greedy has none but one run where reads pay, else T. */
  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    double cost = now.theta() * new Offers(now, new SizeRules(now)).cost(slot.bytes());
    boolean pays = perBoundary(slot, now.costs()) * (slot.runs().size() - 1) >= cost;
    return slot.runs().size() > 1 && pays ? 1 : Double.NaN;
  }
}
