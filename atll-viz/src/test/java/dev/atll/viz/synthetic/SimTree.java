package dev.atll.viz.synthetic;

import dev.atll.observe.event.SlotShape;
import dev.atll.viz.synthetic.SimSlot.SimRun;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Levels of slots with nested guards, filled or empty at the start. */
final class SimTree {
  static final long SLOT_TARGET = 16L << 20;

  final List<List<SimSlot>> levels = new ArrayList<>();
  final List<SimRun> l0 = new ArrayList<>();
  long nextFile = 1;
  long version = 1;

  SimTree(int deepest, int slotsInL1, int fanout, SplittableRandom random) {
    levels.add(List.of());
    List<Double> guards = new ArrayList<>(List.of(0.0, 1.0));
    int slots = slotsInL1;
    for (int level = 1; level <= deepest; level++) {
      while (guards.size() - 1 < slots) {
        int widest = 0;
        double best = -1;
        for (int i = 0; i + 1 < guards.size(); i++) {
          double width = (guards.get(i + 1) - guards.get(i)) * random.nextDouble(0.5, 1.5);
          if (width > best) {
            best = width;
            widest = i;
          }
        }
        double low = guards.get(widest);
        double high = guards.get(widest + 1);
        guards.add(widest + 1, low + (high - low) * random.nextDouble(0.35, 0.65));
      }
      List<SimSlot> row = new ArrayList<>();
      for (int i = 0; i + 1 < guards.size(); i++) {
        SimSlot slot = new SimSlot(level, guards.get(i), guards.get(i + 1));
        long fill = (long) (SLOT_TARGET * random.nextDouble(0.5, 1.1));
        int runs = level == deepest ? 1 : random.nextInt(1, 4);
        for (int r = 0; r < runs; r++) {
          double share = r == runs - 1 ? 0.7 : 0.3 / runs;
          slot.runs.add(new SimRun(nextFile++, (long) (fill * share)));
        }
        row.add(slot);
      }
      levels.add(row);
      slots *= fanout;
    }
  }

  int deepest() {
    return levels.size() - 1;
  }

  List<SimSlot> level(int level) {
    return levels.get(level);
  }

  List<SlotShape> shapes() {
    List<SlotShape> shapes = new ArrayList<>();
    SimSlot files = new SimSlot(0, 0, 1);
    files.runs.addAll(l0);
    files.k = 4;
    files.kStar = 1;
    shapes.add(files.shape(0));
    for (int level = 1; level <= deepest(); level++) {
      for (int i = 0; i < level(level).size(); i++) {
        shapes.add(level(level).get(i).shape(i));
      }
    }
    return shapes;
  }

  /** Cuts a slot in two, here and, where there is no guard yet, below. */
  double split(SimSlot slot, SplittableRandom random) {
    double at = slot.low + (slot.high - slot.low) * random.nextDouble(0.4, 0.6);
    for (int level = deepest(); level >= slot.level; level--) {
      List<SimSlot> row = levels.get(level);
      for (int i = 0; i < row.size(); i++) {
        SimSlot old = row.get(i);
        if (old.low + 1e-6 < at && at < old.high - 1e-6) {
          row.set(i, part(old, old.low, at));
          row.add(i + 1, part(old, at, old.high));
          break;
        }
      }
    }
    version++;
    return at;
  }

  private static SimSlot part(SimSlot old, double low, double high) {
    SimSlot slot = new SimSlot(old.level, low, high);
    double share = (high - low) / (old.high - old.low);
    for (SimRun run : old.runs) {
      slot.runs.add(new SimRun(run.file(), Math.max(4096, (long) (run.bytes() * share))));
    }
    slot.heat = old.heat;
    slot.k = old.k;
    slot.kStar = old.kStar;
    slot.readBurden = old.readBurden * share;
    slot.writeBurden = old.writeBurden * share;
    return slot;
  }

  /** Puts bytes as newest runs into the slots below a range. */
  void pour(int level, double low, double high, long bytes, long file) {
    for (SimSlot slot : levels.get(level)) {
      double part = slot.overlap(low, high) / (high - low);
      if (part > 1e-6) {
        slot.runs.addFirst(new SimRun(file, Math.max(4096, (long) (bytes * part))));
      }
    }
    version++;
  }
}
