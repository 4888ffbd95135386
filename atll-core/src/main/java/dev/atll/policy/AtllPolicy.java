package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
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

  /** Part of its share that a slot holds at least when it is handed down for its count of runs. */
  private static final double EARLY_SHARE = 0.1;

  /**
   * Dead share, in thousandths, from which a table above the deepest level is rewritten for space: slots
   * are handed down each in its own time, so that tables are often dead in part, and soon all.
   */
  private static final int FILE_DEAD_PERMILLE_ABOVE = 800;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    SizeRules sizes = new SizeRules(now);
    Offers offers = new Offers(now, sizes);
    SpaceRules space = new SpaceRules(now, sizes, offers, FILE_DEAD_PERMILLE_ABOVE);
    ReadRelief relief = new ReadRelief(now, sizes, offers, new Outlook(now, sizes));
    double headroomBytes = space.headroomBytes();
    for (LevelFacts level : now.levels()) {
      BitSet down = sizes.handedDown(level.level());
      GuardRules.offerJoin(now, level, sizes, offers);
      if (!level.hasRuns()) {
        continue;
      }
      for (SlotFacts slot : level.slots()) {
        if (slot.leased() || slot.runs().isEmpty()) {
          continue;
        }
        boolean apart = now.uniformRuns().isEmpty();
        boolean early =
            apart
                && fullOfRuns(slot, now, sizes)
                && !absorbsForSpace(slot, headroomBytes, sizes);
        if (!early) {
          limitRuns(
              now, slot, apart ? now.settings().fanout() : uniformRuns(now, slot.level()), offers);
        }
        if (sizes.splits(slot)) {
          offers.split(slot);
        } else if (early || down.get(slot.rank())) {
          handDown(slot, headroomBytes, now, sizes, offers, relief);
        } else if (apart) {
          relief.offer(slot);
        }
      }
    }
    space.offer(headroomBytes);
    new ReadRules(now, sizes, offers).offer();
    return offers.inOrder();
  }

  /**
   * Whether a slot has T runs and so much in them that they are handed down rather than merged in
   * place: nobody has read them enough to have them merged, and where each has been handed down once,
   * each byte is written once a level.
   */
  private static boolean fullOfRuns(SlotFacts slot, TreeSnapshot now, SizeRules sizes) {
    return slot.level() < sizes.deepest()
        && slot.runs().size() >= now.settings().fanout()
        && slot.runs().size() < now.settings().runsCap()
        && slot.bytes() >= EARLY_SHARE * sizes.share(slot);
  }

  /**
   * Merges the age-contiguous runs that cost fewest bytes per run removed, when there are too many:
   * at the cap urgently, beyond T anyway, so that a slot nobody reads is still no worse than tiered,
   * and beyond the common number of runs while slots are not treated apart.
   */
  private static void limitRuns(
      TreeSnapshot now, SlotFacts slot, int runsMax, Offers offers) {
    int runs = slot.runs().size();
    boolean atCap = runs >= now.settings().runsCap();
    if (!atCap && runs <= runsMax) {
      return;
    }
    offers.mergeCheapest(
        slot, atCap ? Reason.RUNS_CAP : Reason.RUNS, runs / (double) runsMax, atCap);
  }

  /** The common number of runs of a level while slots are not treated apart. */
  private static int uniformRuns(TreeSnapshot now, int level) {
    List<Integer> runs = now.uniformRuns();
    return Math.max(1, runs.get(Math.min(level, runs.size()) - 1));
  }

  /**
   * Whether a slot that is handed down to the deepest level has to be merged with all that lies there,
   * since the bound on space has no room for it to wait. Then it had better be full: one that has a
   * tenth of its share would write many times its own bytes (decision 0087).
   */
  private static boolean absorbsForSpace(
      SlotFacts slot, double headroomBytes, SizeRules sizes) {
    return slot.level() + 1 == sizes.deepest() && headroomBytes < slot.bytes();
  }

  /**
   * Hands a slot beyond its share down: tiered, or taking in as many runs below as pay for it. Where
   * the bound on space has no room for it to wait at the deepest level, taking all in now spares
   * writing the slot twice.
   */
  private static void handDown(
      SlotFacts slot,
      double headroomBytes,
      TreeSnapshot now,
      SizeRules sizes,
      Offers offers,
      ReadRelief relief) {
    int runs = slot.runs().size();
    boolean grows = slot.level() >= sizes.deepest();
    if (grows && runs > 1 && sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot)) {
      // What was overwritten fills the slot: resident and pending bytes together need no new level.
      offers.merge(slot, 0, runs - 1, Reason.SIZE, sizes.fill(slot), false);
      return;
    }
    int absorb = 0;
    if (!now.uniformRuns().isEmpty()) {
      boolean one = uniformRuns(now, slot.level() + 1) == 1 && sizes.childrenAreFree(slot);
      absorb = one ? Integer.MAX_VALUE : 0;
    } else if (absorbsForSpace(slot, headroomBytes, sizes) && sizes.childrenAreFree(slot)) {
      absorb = Integer.MAX_VALUE;
    } else if (sizes.childrenAreFree(slot)) {
      absorb = relief.absorbed(slot);
    }
    int runsBelowMax =
        now.uniformRuns().isEmpty()
            ? now.settings().fanout()
            : uniformRuns(now, slot.level() + 1);
    offers.handDown(
        slot, 0, absorb, runsBelowMax, Reason.SIZE, sizes.fill(slot), false);
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
