package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.BitSet;
import java.util.List;

/**
 * Lets each slot find its own number of runs. Reads pay at each boundary between neighbouring runs;
 * what they paid is counted there. A merge is worth doing when the boundaries that it removes have
 * cost as much as it would: the ski-rental rule, which for a single candidate of constant cost pays
 * at most twice what hindsight would have (Karlin et al. 1988; Dooly, Goldman and Scott 2001). Slots
 * that are read end with one run, slots that are only written gather many. Among candidates the
 * greatest burden ÷ cost goes first, which in the same idealised case is the Whittle index.
 *
 * <p>Hard constraints come first and do not bargain: the cap on runs, the bound on space.
 */
final class AtllPolicy implements CompactionPolicy {
  static final String NAME = "atll";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    SizeRules sizes = new SizeRules(now);
    Offers offers = new Offers(now, sizes);
    SpaceRules space = new SpaceRules(now, sizes, offers);
    double headroomBytes = space.headroomBytes();
    for (LevelFacts level : now.levels()) {
      BitSet down = sizes.handedDown(level.level());
      GuardRules.offerJoin(now, level, offers);
      for (SlotFacts slot : level.slots()) {
        if (slot.leased() || slot.runs().isEmpty()) {
          continue;
        }
        boolean apart = now.uniformRuns().isEmpty();
        limitRuns(now, slot, apart ? now.settings().fanout() : uniformRuns(now, slot.level()), offers);
        if (sizes.splits(slot)) {
          offers.split(slot);
        } else if (down.get(slot.rank())) {
          handDown(slot, headroomBytes, now, sizes, offers);
        } else if (apart) {
          relieveReads(slot, now.theta(), offers);
          relieveReadsAcrossLevels(slot, now.theta(), sizes, offers);
        }
      }
    }
    space.offer(headroomBytes);
    new ReadRules(now, sizes, offers).offer();
    return offers.inOrder();
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
   * Hands a slot beyond its share down: tiered, or taking in as many runs below as pay for it. Where
   * the bound on space has no room for it to wait at the deepest level, a merge there is due at once,
   * and taking all in now spares writing the slot twice.
   */
  private static void handDown(
      SlotFacts slot, double headroomBytes, TreeSnapshot now, SizeRules sizes, Offers offers) {
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
    } else if (slot.level() + 1 == sizes.deepest()
        && headroomBytes < slot.bytes()
        && sizes.childrenAreFree(slot)) {
      absorb = Integer.MAX_VALUE;
    } else if (sizes.childrenAreFree(slot)) {
      int most = sizes.childRunsMost(slot);
      double between = offers.boundary(slot.runs().get(runs - 1));
      for (int a = 1; a <= most; a++) {
        double gain = between + offers.absorbedBurden(slot, a);
        if (gain >= now.theta() * offers.cost(sizes.absorbedBytes(slot, a))) {
          absorb = a == most ? Integer.MAX_VALUE : a;
        }
      }
    }
    int runsBelowMax =
        now.uniformRuns().isEmpty()
            ? now.settings().fanout()
            : uniformRuns(now, slot.level() + 1);
    offers.handDown(
        slot, 0, absorb, runsBelowMax, Reason.SIZE, sizes.fill(slot), false);
  }

  /** The age-contiguous runs whose merging has the greatest burden ÷ cost, if that is enough. */
  private static void relieveReads(SlotFacts slot, double theta, Offers offers) {
    List<RunFacts> runs = slot.runs();
    double best = 0;
    int bestFirst = 0;
    int bestLast = 0;
    for (int i = 0; i + 1 < runs.size(); i++) {
      double burden = 0;
      long bytes = runs.get(i).bytes();
      for (int j = i + 1; j < runs.size(); j++) {
        burden += offers.boundary(runs.get(j - 1));
        bytes += runs.get(j).bytes();
        double index = index(burden, offers.cost(bytes));
        // Of equal indices the longer range: it removes more boundaries at the same price each.
        if (index > best || (index == best && j - i > bestLast - bestFirst)) {
          best = index;
          bestFirst = i;
          bestLast = j;
        }
      }
    }
    if (best >= theta) {
      offers.merge(slot, bestFirst, bestLast, Reason.READ_BURDEN, best, false);
    }
  }

  /**
   * The same for ranges that reach into the next level: the oldest runs of a slot and the newest, or
   * all, of those below. The cost counts every resident byte, so it takes many reads.
   */
  private static void relieveReadsAcrossLevels(
      SlotFacts slot, double theta, SizeRules sizes, Offers offers) {
    int most = sizes.childRunsMost(slot);
    if (most == 0 || !sizes.childrenAreFree(slot)) {
      return;
    }
    int last = slot.runs().size() - 1;
    double best = 0;
    int bestFirst = 0;
    int bestAbsorb = 0;
    for (int absorb = 1; absorb <= most; absorb++) {
      double burden = offers.absorbedBurden(slot, absorb);
      long bytes = sizes.absorbedBytes(slot, absorb);
      for (int first = last; first >= 0; first--) {
        burden += offers.boundary(slot.runs().get(first));
        bytes += slot.runs().get(first).bytes();
        double index = index(burden, offers.cost(bytes));
        if (index > best) {
          best = index;
          bestFirst = first;
          bestAbsorb = absorb == most ? Integer.MAX_VALUE : absorb;
        }
      }
    }
    if (best >= theta) {
      offers.promote(slot, bestFirst, bestAbsorb, Reason.READ_BURDEN, best, false);
    }
  }

  private static double index(double burden, double costNanos) {
    return burden == 0 ? 0 : burden / Math.max(costNanos, Double.MIN_NORMAL);
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
    double reads =
        slot.getHeat() * nanosPerGet(slot, now.costs()) + slot.seekHeat() * now.costs().seekNanos();
    if (writes == 0 && reads == 0) {
      return Double.NaN;
    }
    double runs = reads == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(writes / reads) - 1;
    return Math.max(1, Math.min(fanout - 1.0, runs));
  }

  /** What one more run costs a get: a probe, and a block where the filter is wrong. */
  private static double nanosPerGet(SlotFacts slot, UnitCosts costs) {
    long probes = 0;
    long blocks = 0;
    for (RunFacts run : slot.runs()) {
      probes += run.probes();
      blocks += run.falsePositives();
    }
    return costs.nanosPerRun(probes, blocks);
  }
}
