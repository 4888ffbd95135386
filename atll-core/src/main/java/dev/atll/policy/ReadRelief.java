package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.List;

/**
 * Which runs to merge because reads pay for them. Two things must hold. What the boundaries have cost
 * so far, and will cost until the next run comes, is as much as the merge: with runs that come at even
 * steps, the count at which that first holds is the one with the least cost in the long run. And what
 * is spared from now until the slot is handed down, or for a merge into the next level until the next
 * run comes and the boundary is back, is as much again: what has been paid is paid, and no reason to
 * spend more where nothing is to be had for it.
 */
final class ReadRelief {
  // Sums in another order may round otherwise.
  private static final double MARGIN = 1 - 1e-9;

  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final Offers offers;
  private final Outlook outlook;

  ReadRelief(TreeSnapshot now, SizeRules sizes, Offers offers, Outlook outlook) {
    this.now = now;
    this.sizes = sizes;
    this.offers = offers;
    this.outlook = outlook;
  }

  /** Offers the best merge within a slot and the best into the next level, if any is worth it. */
  void offer(SlotFacts slot) {
    // Of the time until the next run, what has passed since the newest came was already paid for.
    double ahead =
        Math.max(0, outlook.untilNextRunTrusted(slot) - offers.boundary(slot.runs().get(0)));
    offerWithin(slot, ahead);
    offerAcross(slot, ahead);
  }

  /**
   * Whether {@link #offer} may find anything, now or before the slot or one below it changes, at this
   * threshold or a higher one. What reads have paid stands until then, and what they are expected to pay can
   * only fall: with the heat, and with the time to the next run, which counts up to a bound.
   */
  boolean mayPay(SlotFacts slot, double theta) {
    List<RunFacts> runs = slot.runs();
    double newest = offers.boundary(runs.get(0));
    double ahead = Math.max(0, outlook.mostUntilNextRunTrusted(slot) - newest);
    double within = offers.burden(slot, 0, runs.size() - 2) + (runs.size() - 1) * ahead;
    if (runs.size() > 1 && within >= theta * MARGIN * offers.cost(slot.runList().pairBytesLeast)) {
      for (int i = 0; i + 1 < runs.size(); i++) {
        double burden = 0;
        long bytes = runs.get(i).bytes();
        for (int j = i + 1; j < runs.size(); j++) {
          burden += offers.boundary(runs.get(j - 1)) + ahead;
          bytes += runs.get(j).bytes();
          if (burden >= theta * MARGIN * offers.cost(bytes)) {
            return true;
          }
        }
      }
    }
    int most = sizes.childRunsMost(slot);
    if (most == 0) {
      return false;
    }
    double own = within + offers.boundary(runs.get(runs.size() - 1)) + ahead;
    double all = own + offers.absorbedBurden(slot, most);
    int last = runs.size() - 1;
    if (all < theta * MARGIN * offers.cost(sizes.absorbedBytes(slot, 1) + runs.get(last).bytes())) {
      return false;
    }
    for (int absorb = 1; absorb <= most; absorb++) {
      double burden = offers.absorbedBurden(slot, absorb);
      long bytes = sizes.absorbedBytes(slot, absorb);
      for (int first = last; first >= 0; first--) {
        burden += offers.boundary(runs.get(first)) + ahead;
        bytes += runs.get(first).bytes();
        if (burden >= theta * MARGIN * offers.cost(bytes)) {
          return true;
        }
      }
    }
    return false;
  }

  private void offerWithin(SlotFacts slot, double ahead) {
    List<RunFacts> runs = slot.runs();
    if (runs.size() < 2) {
      return;
    }
    double spared = outlook.untilHandedDown(slot);
    if ((runs.size() - 1) * spared < now.theta() * offers.cost(slot.runList().pairBytesLeast)) {
      return; // all boundaries together do not pay for the smallest merge
    }
    double[] boundaries = new double[runs.size() - 1];
    for (int i = 0; i < boundaries.length; i++) {
      boundaries[i] = offers.boundary(runs.get(i));
    }
    double best = 0;
    int bestFirst = 0;
    int bestLast = 0;
    for (int i = 0; i + 1 < runs.size(); i++) {
      double burden = 0;
      long bytes = runs.get(i).bytes();
      for (int j = i + 1; j < runs.size(); j++) {
        burden += boundaries[j - 1] + ahead;
        bytes += runs.get(j).bytes();
        double cost = offers.cost(bytes);
        double index = index(burden, cost);
        // Of equal indices the longer range: it removes more boundaries at the same price each.
        if ((index > best || (index == best && j - i > bestLast - bestFirst))
            && (j - i) * spared >= now.theta() * cost) {
          best = index;
          bestFirst = i;
          bestLast = j;
        }
      }
    }
    if (best >= now.theta()) {
      offers.merge(slot, bestFirst, bestLast, Reason.READ_BURDEN, best, false);
    }
  }

  /** The oldest runs of a slot with the newest, or all, of those below: every resident byte counts. */
  private void offerAcross(SlotFacts slot, double ahead) {
    int most = sizes.childRunsMost(slot);
    if (most == 0 || !sizes.childrenAreFree(slot)) {
      return;
    }
    int last = slot.runs().size() - 1;
    double spared = outlook.untilNextRun(slot);
    long bytesLeast = sizes.absorbedBytes(slot, 1) + slot.runs().get(last).bytes();
    if (spared < now.theta() * offers.cost(bytesLeast)) {
      return; // and so for every other: they cost more
    }
    double best = 0;
    int bestFirst = 0;
    int bestAbsorb = 0;
    for (int absorb = 1; absorb <= most; absorb++) {
      double burden = offers.absorbedBurden(slot, absorb);
      long bytes = sizes.absorbedBytes(slot, absorb);
      for (int first = last; first >= 0; first--) {
        burden += offers.boundary(slot.runs().get(first)) + ahead;
        bytes += slot.runs().get(first).bytes();
        double cost = offers.cost(bytes);
        double index = index(burden, cost);
        if (index > best && spared >= now.theta() * cost) {
          best = index;
          bestFirst = first;
          bestAbsorb = absorb == most ? Integer.MAX_VALUE : absorb;
        }
      }
    }
    if (best >= now.theta()) {
      offers.promote(slot, bestFirst, bestAbsorb, Reason.READ_BURDEN, best, false);
    }
  }

  /**
   * How many of the newest runs below a slot that is handed down shall take in: 0 for none. What it
   * brings is being written anyway, so that only what is resident counts as cost.
   */
  int absorbed(SlotFacts slot) {
    int most = sizes.childRunsMost(slot);
    int absorb = 0;
    for (int a = 1; a <= most; a++) {
      double burden = offers.absorbedBurden(slot, a);
      for (SlotFacts child : sizes.children(slot)) {
        burden += outlook.untilNextRunTrusted(child) * Math.min(a, child.runs().size());
      }
      if (burden >= now.theta() * offers.cost(sizes.absorbedBytes(slot, a))) {
        absorb = a == most ? Integer.MAX_VALUE : a;
      }
    }
    return absorb;
  }

  private static double index(double burden, double costNanos) {
    return burden == 0 ? 0 : burden / Math.max(costNanos, Double.MIN_NORMAL);
  }
}
