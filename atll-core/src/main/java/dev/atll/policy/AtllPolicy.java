package dev.atll.policy;

import java.util.List;

/**
 * Lets each slot find its own number of runs. Reads pay at each boundary between neighbouring runs;
 * what they paid is counted there. A merge is worth doing when the boundaries that it removes have
 * cost, and until the next run comes will cost, as much as it would: ski rental (Karlin et al. 1988;
 * Dooly, Goldman and Scott 2001) with a look ahead as far as runs come at a known pace, where the rule
 * is that of the economic order quantity (Harris 1913). Nothing is merged for reads that will not be
 * spared as much again: {@link ReadRelief}. Slots that are read end with one run, slots that are only
 * written gather many. Among candidates the greatest burden ÷ cost goes first, which for a single
 * candidate of constant cost is the Whittle index.
 *
 * <p>Hard constraints come first and do not bargain: the cap on runs, the bound on space.
 */
final class AtllPolicy implements CompactionPolicy {
  static final String NAME = "atll";

  private final Attention attention = new Attention();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    return new AtllLook(now, attention).candidates();
  }

  /**
   * K* = √(a/b) - 1 within [1, T - 1]: with x = K + 1, writes cost a/x and reads b·x. Here b is what the
   * reads of late pay for one more run, and a what the bytes that enter cost when each is merged T - 1
   * times. At the deepest level each batch meets what is resident there, so T - 1 gives way to resident
   * ÷ arriving bytes.
   */
  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    double price = now.costs().readByteNanos() + now.costs().writeByteNanos();
    int fanout = now.settings().fanout();
    double timesMerged = fanout - 1;
    int older = slot.runs().size() - 1;
    if (older > 0 && slot.level() >= now.deepestLevelWithRuns()) {
      double arriving = Math.max(1.0, slot.bytes(0, older - 1) / (double) older);
      timesMerged = Math.max(1, slot.runs().get(older).bytes() / arriving);
    }
    double writes = slot.writeHeat() * price * timesMerged;
    double reads = Outlook.nanosPerRun(slot, now.costs());
    if (writes == 0 && reads == 0) {
      return Double.NaN;
    }
    double runs = reads == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(writes / reads) - 1;
    return Math.max(1, Math.min(fanout - 1.0, runs));
  }
}
