package dev.atll.viz.synthetic;

import dev.atll.observe.event.Longs;
import dev.atll.observe.event.SlotShape;
import java.util.ArrayList;
import java.util.List;

/** A slot of the modelled tree. */
final class SimSlot {
  final int level;
  final double low;
  final double high;
  final List<SimRun> runs = new ArrayList<>();
  double heat;
  double readBurden;
  double writeBurden;
  int k = 3;
  double kStar = 3;
  boolean leased;

  /** A run, newest first in its slot. */
  record SimRun(long file, long bytes) {}

  SimSlot(int level, double low, double high) {
    this.level = level;
    this.low = low;
    this.high = high;
  }

  long bytes() {
    return runs.stream().mapToLong(SimRun::bytes).sum();
  }

  double overlap(double from, double to) {
    return Math.max(0, Math.min(high, to) - Math.max(low, from));
  }

  SlotShape shape(int slot) {
    long[] files = runs.stream().mapToLong(SimRun::file).toArray();
    long[] bytes = runs.stream().mapToLong(SimRun::bytes).toArray();
    return new SlotShape(
        level, slot, low, high, Longs.of(files), Longs.of(bytes), Math.min(1, heat), k, kStar);
  }
}
