package dev.atll.schedule;

import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadState;
import dev.atll.tree.SlotHeat;
import dev.atll.version.Guards;
import dev.atll.version.Version;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many gets of late came to each slot, and how many of them left it without an answer. Counts
 * halve with each half-life of operations. Thread-safe.
 */
final class LookupHeat {
  /**
   * Gets at a place.
   *
   * @param gets that came to it
   * @param passed those of them that found nothing there, at most as many
   */
  record Traffic(double gets, double passed) {
    static final Traffic NONE = new Traffic(0, 0);
  }

  private static final class Line {
    long getsSeen;
    long missesSeen;
    double gets;
    double misses;
  }

  private final double halfLifeOps;
  private final LongSupplier operations;
  private final SlotLines<Line> lines = new SlotLines<>(Line::new);
  private long opsAtLast;

  LookupHeat(long halfLifeOps, LongSupplier operations) {
    this.halfLifeOps = halfLifeOps;
    this.operations = operations;
  }

  /** Counts as they are now. */
  synchronized Lookups look(ReadState state) {
    long ops = operations.getAsLong();
    double decay = Math.pow(0.5, (ops - opsAtLast) / halfLifeOps);
    opsAtLast = ops;
    lines.beginRound();
    Version version = state.version();
    double[][] gets = new double[version.levelCount()][];
    double[][] misses = new double[version.levelCount()][];
    for (int i = 0; i < gets.length; i++) {
      ReadSlot[] slots = state.tree().levels()[i].slots();
      gets[i] = new double[slots.length];
      misses[i] = new double[slots.length];
      for (int s = 0; s < slots.length; s++) {
        Line line = update(slots[s].heat(), decay);
        gets[i][s] = line.gets;
        misses[i][s] = line.misses;
      }
    }
    lines.endRound();
    return new Lookups(version, gets, misses);
  }

  private Line update(SlotHeat heat, double decay) {
    Line line = lines.keep(heat);
    long gets = heat.gets();
    long misses = heat.misses();
    line.gets = line.gets * decay + (gets - line.getsSeen);
    line.misses = line.misses * decay + (misses - line.missesSeen);
    line.getsSeen = gets;
    line.missesSeen = misses;
    return line;
  }

  /** The counts of one look, by place. */
  static final class Lookups {
    private final Version version;
    private final double[][] gets;
    private final double[][] misses;
    // Of each level from this one down, from 1, the first that holds runs; 0 if none does.
    private final int[] nextFilled;
    private final int lastFilled;
    // Of each level, where its slots begin in that which answers for them; made when first asked for.
    private final int[] @Nullable [] starts;

    private Lookups(Version version, double[][] gets, double[][] misses) {
      this.version = version;
      this.gets = gets;
      this.misses = misses;
      // Once a look: it is asked for each slot, and levels have thousands.
      this.nextFilled = new int[version.levelCount() + 2];
      int last = 0;
      for (int i = version.levelCount(); i >= 1; i--) {
        boolean filled = version.level(i).runCount() > 0;
        nextFilled[i] = filled ? i : nextFilled[i + 1];
        last = filled && last == 0 ? i : last;
      }
      this.lastFilled = last;
      this.starts = new int[version.levelCount() + 1][];
    }

    /** Gets at a slot of a level, from 1. */
    Traffic at(int level, int slot) {
      int filled = nextFilled[level];
      if (filled == 0) {
        Guards guards = version.level(level).guards();
        return within(level, guards.low(slot), guards.high(slot));
      }
      if (filled > level) {
        double came = sum(level, filled, slot);
        return new Traffic(came, came);
      }
      double came = gets[level - 1][slot];
      int below = nextFilled[level + 1];
      double passed = below == 0 ? misses[level - 1][slot] : sum(level, below, slot);
      return new Traffic(came, Math.min(came, passed));
    }

    /** Gets of a slot's part of a level below it. */
    private double sum(int level, int below, int slot) {
      int[] known = starts[level];
      if (known == null) {
        known = version.level(level).guards().startsIn(version.level(below).guards());
        starts[level] = known;
      }
      double sum = 0;
      for (int s = known[slot]; s < known[slot + 1]; s++) {
        sum += gets[below - 1][s];
      }
      return sum;
    }

    /** Gets at the slots of a level inside a range; for an empty level, those that would come. */
    Traffic within(int level, byte[] low, byte @Nullable [] high) {
      int filled = nextFilled[level];
      if (filled == 0) {
        // Below all data: what finds nothing above would come, and find nothing.
        int above = lastFilled;
        double missed = above == 0 ? 0 : missesAbove(above, level, low, high);
        return new Traffic(missed, missed);
      }
      double came = sum(gets, filled, low, high);
      if (filled > level) {
        return new Traffic(came, came);
      }
      int below = nextFilled[level + 1];
      double passed =
          below == 0 ? sum(misses, level, low, high) : sum(gets, below, low, high);
      return new Traffic(came, Math.min(came, passed));
    }

    /** The range's share of the misses of the slot above it, by the slots the level would have. */
    private double missesAbove(int above, int level, byte[] low, byte @Nullable [] high) {
      Guards coarse = version.level(above).guards();
      Guards fine = version.level(level).guards();
      int slot = coarse.slotOf(low);
      double wanted = 1.0 + fine.lastSlotBelow(high) - fine.slotOf(low);
      double all =
          1.0 + fine.lastSlotBelow(coarse.high(slot)) - fine.slotOf(coarse.low(slot));
      return wanted < all ? misses[above - 1][slot] * wanted / all : sum(misses, above, low, high);
    }

    /** Over the slots that meet the range. */
    private double sum(double[][] counts, int level, byte[] low, byte @Nullable [] high) {
      Guards guards = version.level(level).guards();
      int first = guards.slotOf(low);
      int last = guards.lastSlotBelow(high);
      double sum = 0;
      for (int s = first; s <= last; s++) {
        sum += counts[level - 1][s];
      }
      return sum;
    }
  }
}
