package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
import java.util.List;

/**
 * One look of {@link AtllPolicy}. In a tree that is kept from look to look it goes through the slots that
 * may be worth something, else through all: what it offers is the same.
 */
final class AtllLook {
  /** Part of its share that a slot holds at least when it is handed down for its count of runs. */
  private static final double EARLY_SHARE = 0.1;

  /**
   * Dead share, in thousandths, from which a table above the deepest level is rewritten for space: slots
   * are handed down each in its own time, so that tables are often dead in part, and soon all.
   */
  private static final int FILE_DEAD_PERMILLE_ABOVE = 800;

  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final Offers offers;
  private final SpaceRules space;
  private final ReadRelief relief;
  private final Attention attention;
  private final double headroomBytes;
  private final boolean apart;

  AtllLook(TreeSnapshot now, Attention attention) {
    this.now = now;
    this.attention = attention;
    this.sizes = new SizeRules(now);
    this.offers = new Offers(now, sizes);
    this.space = new SpaceRules(now, sizes, offers, FILE_DEAD_PERMILLE_ABOVE);
    this.relief = new ReadRelief(now, sizes, offers, new Outlook(now, sizes));
    this.headroomBytes = space.headroomBytes();
    this.apart = now.uniformRuns().isEmpty();
  }

  List<Candidate> candidates() {
    TreeIndex index = apart ? now.index() : null;
    if (index != null) {
      attention.update(index, now, this::mayConcern);
    }
    for (LevelFacts level : now.levels()) {
      BitSet down = sizes.handedDown(level.level());
      GuardRules.offerJoin(now, level, sizes, offers);
      if (!level.hasRuns()) {
        continue;
      }
      if (index == null) {
        for (SlotFacts slot : level.slots()) {
          consider(slot, down.get(slot.rank()));
        }
        continue;
      }
      BitSet some = (BitSet) index.at(level.level()).attention.clone();
      some.or(down);
      for (int s = some.nextSetBit(0); s >= 0; s = some.nextSetBit(s + 1)) {
        consider(level.slots().get(s), down.get(s));
      }
    }
    space.offer(headroomBytes);
    new ReadRules(now, sizes, offers).offer();
    return offers.inOrder();
  }

  private void consider(SlotFacts slot, boolean down) {
    if (slot.leased() || slot.runs().isEmpty()) {
      return;
    }
    boolean early = apart && fullOfRuns(slot) && !absorbsForSpace(slot);
    if (!early) {
      limitRuns(slot, apart ? now.settings().fanout() : uniformRuns(slot.level()));
    }
    if (sizes.splits(slot)) {
      offers.split(slot);
    } else if (early || down) {
      handDown(slot);
    } else if (apart) {
      relief.offer(slot);
    }
  }

  /**
   * Whether {@link #consider} may offer anything for a slot that is not handed down, until it changes or one
   * below it does, at a threshold or a higher one.
   */
  private boolean mayConcern(SlotFacts slot, double theta) {
    if (slot.leased() || slot.runs().isEmpty()) {
      return false;
    }
    int most = Math.min(now.settings().fanout(), now.settings().runsCap());
    return slot.runs().size() >= most
        || (slot.splittable()
            && slot.bytes() > SizeRules.SPLIT_FACTOR * now.settings().slotBytesTarget())
        || relief.mayPay(slot, theta);
  }

  /**
   * Whether a slot has T runs and so much in them that they are handed down rather than merged in
   * place: nobody has read them enough to have them merged, and where each has been handed down once,
   * each byte is written once a level.
   */
  private boolean fullOfRuns(SlotFacts slot) {
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
  private void limitRuns(SlotFacts slot, int runsMax) {
    int runs = slot.runs().size();
    boolean atCap = runs >= now.settings().runsCap();
    if (!atCap && runs <= runsMax) {
      return;
    }
    offers.mergeCheapest(
        slot, atCap ? Reason.RUNS_CAP : Reason.RUNS, runs / (double) runsMax, atCap);
  }

  /** The common number of runs of a level while slots are not treated apart. */
  private int uniformRuns(int level) {
    List<Integer> runs = now.uniformRuns();
    return Math.max(1, runs.get(Math.min(level, runs.size()) - 1));
  }

  /**
   * Whether a slot that is handed down to the deepest level has to be merged with all that lies there,
   * since the bound on space has no room for it to wait. Then it had better be full: one that has a
   * tenth of its share would write many times its own bytes (decision 0087).
   */
  private boolean absorbsForSpace(SlotFacts slot) {
    return slot.level() + 1 == sizes.deepest() && headroomBytes < slot.bytes();
  }

  /**
   * Hands a slot beyond its share down: tiered, or taking in as many runs below as pay for it. Where
   * the bound on space has no room for it to wait at the deepest level, taking all in now spares
   * writing the slot twice.
   */
  private void handDown(SlotFacts slot) {
    int runs = slot.runs().size();
    boolean grows = slot.level() >= sizes.deepest();
    if (grows && runs > 1 && sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot)) {
      // What was overwritten fills the slot: resident and pending bytes together need no new level.
      offers.merge(slot, 0, runs - 1, Reason.SIZE, sizes.fill(slot), false);
      return;
    }
    int absorb = 0;
    if (!now.uniformRuns().isEmpty()) {
      boolean one = uniformRuns(slot.level() + 1) == 1 && sizes.childrenAreFree(slot);
      absorb = one ? Integer.MAX_VALUE : 0;
    } else if (absorbsForSpace(slot) && sizes.childrenAreFree(slot)) {
      absorb = Integer.MAX_VALUE;
    } else if (sizes.childrenAreFree(slot)) {
      absorb = relief.absorbed(slot);
    }
    int runsBelowMax =
        now.uniformRuns().isEmpty()
            ? now.settings().fanout()
            : uniformRuns(slot.level() + 1);
    offers.handDown(
        slot, 0, absorb, runsBelowMax, Reason.SIZE, sizes.fill(slot), false);
  }
}
