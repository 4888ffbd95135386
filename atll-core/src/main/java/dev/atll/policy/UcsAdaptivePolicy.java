package dev.atll.policy;

/**
 * The unified compaction strategy that chooses its own scaling parameter, as DataStax's
 * AdaptiveController does it: every so often each W is tried in a cost model of the whole tree (reads
 * × runs met + bytes written × write amplification, both from moving averages); a W that saves at least
 * a given part of the present cost is taken, at level 1 first; while it stays the best, one deeper level
 * follows at each check.
 *
 * <p>What differs: checks are counted in decisions, since policies see no clock; averages decay with
 * operations, as all heat here; gets and seeks have their own unit costs. What does not: one W for all
 * key ranges; filters and overwrites do not count in the model.
 */
final class UcsAdaptivePolicy extends SlotPolicy {
  static final String NAME = "ucs-adaptive";

  /** Part of vain filter probes that read a block: that of 10 bits a key. */
  private static final double FALSE_POSITIVE_RATE = 0.01;

  private final int least;
  private final int most;
  private final double gain;
  private final int decisionsPerCheck;
  private int decisions;
  // One for each level; replaced, not changed, since predictions are asked for by other threads.
  private volatile UcsShape shape = new UcsShape(new int[] {0});

  UcsAdaptivePolicy(Spec spec) {
    super(spec.label());
    this.least = spec.whole("min", -10, UcsShape.W_MIN, 0);
    this.most = spec.whole("max", 50, 0, UcsShape.W_MAX);
    this.gain = spec.number("gain", 0.15, 0.001, 1);
    this.decisionsPerCheck = spec.whole("every", 16, 1, 1_000_000);
  }

  @Override
  protected SizeRules sizes(TreeSnapshot now) {
    if (shape.scaling().length != now.levels().size()) {
      int[] all = new int[now.levels().size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = shape.scaling(i + 1);
      }
      shape = new UcsShape(all);
    }
    if (++decisions >= decisionsPerCheck) {
      decisions = 0;
      adapt(now);
    }
    return shape.sizes(now);
  }

  private void adapt(TreeSnapshot now) {
    double reads = 0;
    double bytesIn = 0;
    long bytes = 0;
    for (SlotFacts slot : now.level(1).slots()) {
      UnitCosts costs = now.costs();
      double block = costs.blockReadNanos() + slot.missNanos();
      reads +=
          slot.getHeat() * (costs.probeNanos() + FALSE_POSITIVE_RATE * block)
              + slot.seekHeat() * (costs.seekNanos() + slot.missNanos());
      bytesIn += slot.writeHeat();
    }
    for (LevelFacts level : now.levels()) {
      bytes += level.bytes();
    }
    double writes = bytesIn * (now.costs().readByteNanos() + now.costs().writeByteNanos());
    double memtables = Math.max(1, bytes / (double) now.settings().memtableBytes());
    int[] scaling = shape.scaling().clone();
    double present = cost(scaling[0], memtables, reads, writes);
    if (present <= 0) {
      return;
    }
    int best = scaling[0];
    double bestCost = present;
    for (int w = least; w <= most; w++) {
      double cost = cost(w, memtables, reads, writes);
      // Of equal ones the largest below 0, which writes less, and the smallest above.
      if (cost < bestCost || (w < 0 && cost == bestCost)) {
        best = w;
        bestCost = cost;
      }
    }
    if (best != scaling[0]) {
      if (present - bestCost >= gain * present) {
        scaling[0] = best;
        shape = new UcsShape(scaling);
      }
      return;
    }
    for (int i = 1; i < scaling.length; i++) {
      if (scaling[i] != best) {
        scaling[i] = best;
        shape = new UcsShape(scaling);
        return;
      }
    }
  }

  /** What reads and writes would cost with one W everywhere. */
  private static double cost(int w, double memtables, double reads, double writes) {
    return reads * readAmplification(w, memtables) + writes * writeAmplification(w, memtables);
  }

  /** Runs that a read meets in a tree of this many memtables. */
  static double readAmplification(int w, double memtables) {
    int fanout = UcsShape.fanoutOf(w);
    int full = fullLevels(fanout, memtables);
    double inLast = memtables / Math.pow(fanout, full);
    return full * (UcsShape.threshold(w) - 1) + (w < 0 ? 1 : Math.max(0, Math.ceil(inLast) - 1));
  }

  /** Times that an entry is written by compactions on its way through such a tree. */
  static double writeAmplification(int w, double memtables) {
    int fanout = UcsShape.fanoutOf(w);
    int full = fullLevels(fanout, memtables);
    if (w >= 0) {
      return full + 1;
    }
    double inLast = memtables / Math.pow(fanout, full);
    return full * (fanout - 1) + Math.max(0, Math.ceil(inLast) - 1);
  }

  private static int fullLevels(int fanout, double memtables) {
    return (int) Math.max(0, Math.floor(Math.log(memtables) / Math.log(fanout) + 1e-9));
  }

  @Override
  protected void consider(SlotFacts slot, boolean full, Look look) {
    shape.consider(slot, full, look);
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return shape.runsMax(slot.level());
  }
}
