package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * ATLL as its source design has it (nori-lsm): each slot has a K that follows thresholds of heat. A
 * slot at least as hot as the upper one gets K = 1 and is merged into one run; at most as hot as the
 * lower one it gets back the K of its level; between them it keeps what it has. With more than K runs
 * the K oldest are merged. It asks for the picker "epsilon-greedy".
 *
 * <p>Heat is a decayed count of operations, weighted 1 for a get, 2 for a seek and 0.5 for a write, with
 * the half-life of all heat here, for which the source has 100,000 operations. The source leaves open what heat 1
 * is: here a slot with as many weighted operations as the slots of its level have operations on average.
 * The source also wants write pressure before it raises K; without writes K makes no difference.
 */
final class SpecPolicy extends SlotPolicy {
  static final String NAME = "spec";

  private static final double GET_WEIGHT = 1;
  private static final double SEEK_WEIGHT = 2;
  private static final double WRITE_WEIGHT = 0.5;

  private final double hot;
  private final double cold;
  // K of slots where it is not that of the level, by slot id; read by other threads for predictions.
  private final Map<Long, Integer> lowered = new ConcurrentHashMap<>();

  SpecPolicy(Spec spec) {
    super(spec.label());
    this.hot = spec.number("hot", 0.8, 0, 1000);
    this.cold = spec.number("cold", 0.2, 0, 1000);
  }

  @Override
  public String picker() {
    return EpsilonGreedyPicker.NAME;
  }

  private static int runsOfLevel(int level) {
    return level <= 2 ? 3 : 2;
  }

  private int runsMax(SlotFacts slot) {
    return lowered.getOrDefault(slot.slotId(), runsOfLevel(slot.level()));
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    Set<Long> present = new HashSet<>();
    for (LevelFacts level : now.levels()) {
      double operations = 0;
      for (SlotFacts slot : level.slots()) {
        present.add(slot.slotId());
        operations += slot.getHeat() + slot.seekHeat() + writes(slot);
      }
      double mean = operations / level.slots().size();
      for (SlotFacts slot : level.slots()) {
        double heat = mean == 0 ? 0 : weighted(slot) / mean;
        if (heat >= hot) {
          lowered.put(slot.slotId(), 1);
        } else if (heat <= cold) {
          lowered.remove(slot.slotId());
        }
      }
    }
    lowered.keySet().retainAll(present);
    return super.sizes(now);
  }

  private static double weighted(SlotFacts slot) {
    return GET_WEIGHT * slot.getHeat()
        + SEEK_WEIGHT * slot.seekHeat()
        + WRITE_WEIGHT * writes(slot);
  }

  /** Entries written, from the bytes that came in and the size of the entries that are there. */
  private static double writes(SlotFacts slot) {
    long entries = 0;
    for (RunFacts run : slot.runs()) {
      entries += run.entries();
    }
    return entries == 0 ? 0 : slot.writeHeat() * entries / Math.max(1, slot.bytes());
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    SizeRules sizes = look.sizes();
    int runs = slot.runs().size();
    int most = Math.min(runsMax(slot), look.now().settings().runsCap() - 1);
    double index = Math.max(sizes.fill(slot), runs / (most + 1.0));
    if (full) {
      boolean grows = slot.level() >= sizes.deepest();
      if (grows && runs > 1 && sizes.mergedBytes(slot, 0, runs - 1) < sizes.share(slot)) {
        look.offers().merge(slot, 0, runs - 1, Reason.SIZE, index, false);
        return;
      }
      boolean leveledBelow = sizes.children(slot).stream().allMatch(child -> runsMax(child) == 1);
      int absorb = leveledBelow ? Integer.MAX_VALUE : 0;
      look.offers().handDown(slot, 0, absorb, 2, Reason.SIZE, index, false);
    } else if (runs > most) {
      int merged = most == 1 ? runs : most;
      look.offers().merge(slot, runs - merged, runs - 1, Reason.RUNS, index, false);
    }
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return runsMax(slot);
  }
}
