package dev.atll.policy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reads and writes of late say about the time ahead of each slot. Times are in windows: as long as
 * heat remembers, so that the decayed counts are what happens in one. Bytes that enter a level are
 * taken to spread over its slots as the data there does; what a deeper slot gets comes in few large
 * batches, whose own count would be noise. For one snapshot.
 */
final class Outlook {
  /**
   * Windows up to which expected reads count as paid: beyond, the past says too little. Decision 0085
   * has the figures.
   */
  private static final double WINDOWS_TRUSTED = 2;

  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final @Nullable TreeIndex index;
  private final double enteringAll;
  // By level and rank: bytes that enter a window, and windows from one run to the next.
  private final double[][] inflow;
  private final double[][] windowsBetweenRuns;
  // The same for what one more run costs in a window: found when first asked for, NaN before.
  private final double[][] nanosPerRun;

  Outlook(TreeSnapshot now, SizeRules sizes) {
    this.now = now;
    this.sizes = sizes;
    this.index = now.index();
    this.enteringAll = entering(now);
    int levels = index != null ? 0 : Math.max(1, sizes.deepest());
    this.inflow = new double[levels + 1][];
    this.windowsBetweenRuns = new double[levels + 1][];
    this.nanosPerRun = new double[levels + 1][];
    for (int level = 1; level <= levels; level++) {
      int slots = now.level(level).slots().size();
      inflow[level] = new double[slots];
      windowsBetweenRuns[level] = new double[slots];
      nanosPerRun[level] = new double[slots];
      Arrays.fill(nanosPerRun[level], Double.NaN);
    }
    if (index != null) {
      return; // few slots are asked for: each finds its way up
    }
    for (SlotFacts slot : now.level(1).slots()) {
      inflow[1][slot.rank()] = slot.writeHeat();
      windowsBetweenRuns[1][slot.rank()] = windowsBetweenFlushes(slot.writeHeat());
    }
    for (int level = 1; level < levels; level++) {
      now.level(level).slots().forEach(this::enterBelow);
    }
  }

  private static double entering(TreeSnapshot now) {
    double all = 0;
    for (SlotFacts slot : now.level(1).slots()) {
      all += slot.writeHeat();
    }
    return all;
  }

  /** Each flush brings a run to every slot of level 1 that is written at all. */
  private double windowsBetweenFlushes(double writeHeat) {
    return Math.max(now.settings().memtableBytes() / enteringAll, 1 / writeHeat);
  }

  /** Bytes that enter a slot in a window. */
  private double inflow(int level, int rank) {
    if (index == null) {
      return inflow[level][rank];
    }
    if (level == 1) {
      return index.at(1).writes[rank];
    }
    LevelIndex here = index.at(level);
    int parent = here.parents[rank];
    LevelIndex above = index.at(level - 1);
    double all = 1 + above.lastChild(parent) - above.firstChild(parent);
    for (int i = above.firstChild(parent); i <= above.lastChild(parent); i++) {
      all += here.bytes[i];
    }
    double part = here.bytes[rank] + 1;
    return inflow(level - 1, parent) * part / all;
  }

  /** Windows from one run of a slot to the next. */
  private double windows(int level, int rank) {
    if (index == null) {
      return windowsBetweenRuns[level][rank];
    }
    if (level == 1) {
      return windowsBetweenFlushes(index.at(1).writes[rank]);
    }
    int parent = index.at(level).parents[rank];
    return sizes.share(now.level(level - 1).slots().get(parent)) / inflow(level - 1, parent);
  }

  /** A slot that is full brings each of those below one run. */
  private void enterBelow(SlotFacts slot) {
    int below = slot.level() + 1;
    List<SlotFacts> slots = now.level(below).slots();
    double[] inflowBelow = inflow[below];
    double entering = inflow[slot.level()][slot.rank()];
    // One byte more each, so that an empty level takes equal parts.
    double all = 1 + slot.lastChild() - slot.firstChild();
    for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
      long bytes = slots.get(i).bytes();
      inflowBelow[i] = bytes + 1;
      all += bytes;
    }
    double windows = sizes.share(slot) / entering;
    for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
      inflowBelow[i] = entering * inflowBelow[i] / all;
      windowsBetweenRuns[below][i] = windows;
    }
  }

  /** What one more run of a slot costs its reads in a window, in nanoseconds. */
  static double nanosPerRun(SlotFacts slot, UnitCosts costs) {
    RunList runs = slot.runList();
    return slot.getHeat() * costs.nanosPerRun(runs.probes, runs.falsePositives, runs.missNanos)
        + slot.seekHeat() * (costs.seekNanos() + runs.missNanos);
  }

  /** What a boundary of a slot will cost its reads until the next run comes; infinite if none does. */
  double untilNextRun(SlotFacts slot) {
    return price(slot, windows(slot.level(), slot.rank()));
  }

  /** At least what {@link #untilNextRunTrusted} says of a slot, now and until it is read or written again. */
  double mostUntilNextRunTrusted(SlotFacts slot) {
    return WINDOWS_TRUSTED * nanosPerRun(slot, now.costs());
  }

  /** The same, no further ahead than the past can be trusted: finite. */
  double untilNextRunTrusted(SlotFacts slot) {
    double windows = windows(slot.level(), slot.rank());
    return price(slot, Math.min(WINDOWS_TRUSTED, windows));
  }

  /** What a boundary of a slot will cost until the slot is full and handed down; infinite if never. */
  double untilHandedDown(SlotFacts slot) {
    if (slot.level() >= sizes.deepest()) {
      return Double.POSITIVE_INFINITY;
    }
    double windows = windows(slot.level(), slot.rank());
    double room = sizes.share(slot) - slot.bytes();
    if (room > 0) {
      windows = Math.max(windows, room / inflow(slot.level(), slot.rank()));
    }
    return price(slot, windows);
  }

  private double price(SlotFacts slot, double windows) {
    if (index != null) {
      double nanos = nanosPerRun(slot, now.costs());
      return nanos == 0 ? 0 : nanos * windows;
    }
    double[] known = nanosPerRun[slot.level()];
    double nanos = known[slot.rank()];
    if (Double.isNaN(nanos)) {
      nanos = nanosPerRun(slot, now.costs());
      known[slot.rank()] = nanos;
    }
    return nanos == 0 ? 0 : nanos * windows;
  }
}
