package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;

/**
 * At most k runs in a slot, merged in the order of the k-binomial transform (Bentley and Saxe 1980;
 * Mathieu et al., SODA 2021): after n arrivals of equal size the runs, oldest first, hold C(c_k, k),
 * C(c_k-1, k-1) ... C(c_1, 1) of them with c_k &gt; ... &gt; c_1, which is how n is written in the
 * combinatorial number system. Each arrival counts n up by one; the digit that grows says how many of
 * the newest runs are merged. Each byte is then written m times where C(m+k, k) is about n, which no
 * order with at most k runs can beat.
 *
 * <p>The digits are read off the sizes of the runs, so nothing has to be remembered, and arrivals that
 * are not equal or were overwritten round to the nearest digit.
 */
final class BinomialPolicy extends SlotPolicy {
  static final String NAME = "binomial";

  private final int runsMax;

  BinomialPolicy(Spec spec) {
    super(spec.label());
    this.runsMax = spec.whole("k", 4, 1, 63);
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    SizeRules sizes = look.sizes();
    int runs = slot.runs().size();
    int most = Math.min(runsMax, look.now().settings().runsCap() - 1);
    double index = Math.max(sizes.fill(slot), runs / (most + 1.0));
    if (full) {
      boolean grows = slot.level() >= sizes.deepest();
      if (grows && runs > 1 && sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot)) {
        offers(look, slot, runs - 1, Reason.SIZE, index);
      } else {
        look.offers().handDown(slot, 0, 0, most, Reason.SIZE, index, false);
      }
    } else if (runs > most) {
      offers(look, slot, oldestToMerge(slot, most, look), Reason.RUNS, index);
    }
  }

  private static void offers(Look look, SlotFacts slot, int last, Reason reason, double index) {
    look.offers().merge(slot, 0, last, reason, index, false);
  }

  /** The position of the oldest run that takes part: that of the lowest digit which may grow. */
  private static int oldestToMerge(SlotFacts slot, int most, Look look) {
    int runs = slot.runs().size();
    double arrival = arrivalBytes(slot.level(), look);
    // Below the newest runs - most arrivals lie the digits 1 to most, newest first.
    int before = runs - most - 1;
    for (int digit = 1; digit < most; digit++) {
      int mine = digit(slot.runs().get(before + digit).bytes() / arrival, digit);
      int next = digit(slot.runs().get(before + digit + 1).bytes() / arrival, digit + 1);
      if (mine + 1 < next) {
        return before + digit;
      }
    }
    return runs - 1;
  }

  /** What a slot gets at a time: its part of a memtable, or of a slot above. */
  private static double arrivalBytes(int level, Look look) {
    long above = level == 1 ? look.now().settings().memtableBytes() : look.sizes().target(level - 1);
    return Math.max(1.0, above / (double) look.now().level(level).slots().size());
  }

  /** The c for which C(c, i) is nearest to a number of arrivals, at least i. */
  static int digit(double arrivals, int i) {
    int c = i;
    double size = 1;
    while (true) {
      double next = size * (c + 1) / (c + 1 - i);
      if (arrivals < (size + next) / 2) {
        return c;
      }
      size = next;
      c++;
    }
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return runsMax;
  }
}
