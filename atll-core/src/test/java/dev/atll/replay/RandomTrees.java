package dev.atll.replay;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Snapshots that change from look to look as a tree does, and now and then as no tree would. */
final class RandomTrees {
  private static final UnitCosts COSTS = new UnitCosts(25, 400.5, 1000, 0.3, 1.1);

  final Map<Long, RevisionSpan> spans = new HashMap<>();
  double decay = 1;
  private final SplittableRandom random;
  private final PolicySettings settings;
  private List<RunFacts> levelZero = List.of();
  private List<LevelFacts> levels = new ArrayList<>();
  private long lastRun;
  private long lastSlot;

  RandomTrees(long seed) {
    random = new SplittableRandom(seed);
    settings =
        new PolicySettings(1 << 20, 4, 1 << 18, 64, 1.25, Long.MAX_VALUE, random.nextInt(1000));
    for (int i = 1; i <= 1 + random.nextInt(4); i++) {
      levels.add(new LevelFacts(i, 1L << 20 << i, 4, List.of(slot(i, 0, freshSlotId()))));
    }
  }

  /** The next snapshot. */
  TreeSnapshot next() {
    decay = random.nextInt(10) == 0 ? 1 : 1 - random.nextDouble() / 100;
    long aged = random.nextInt(50);
    List<LevelFacts> next = new ArrayList<>();
    for (LevelFacts level : levels) {
      List<SlotFacts> slots = new ArrayList<>();
      for (SlotFacts slot : level.slots()) {
        int fate = random.nextInt(40);
        if (fate == 0 && level.slots().size() > 1) {
          continue; // joined
        }
        slots.add(changed(slot, level.level(), slots.size(), aged));
        if (fate == 1) {
          slots.add(slot(level.level(), slots.size(), freshSlotId()));
        }
      }
      int count = random.nextInt(20) == 0 ? random.nextInt(100) : level.slotCountTarget();
      next.add(new LevelFacts(level.level(), level.bytesTarget(), count, slots));
    }
    if (random.nextInt(100) == 0) {
      next.add(new LevelFacts(next.size() + 1, 7, 1, List.of(slot(next.size() + 1, 0, 99_999))));
    } else if (random.nextInt(100) == 0 && next.size() > 1) {
      next.removeLast();
    }
    levels = next;
    levelZero = runs(levelZero, aged);
    List<Integer> uniform = random.nextInt(5) == 0 ? List.of(1, 3, 2) : List.of();
    return new TreeSnapshot(
        settings, COSTS, 0.25 * (1 + random.nextInt(8)), uniform, levelZero, levels);
  }

  private long freshSlotId() {
    return ++lastSlot;
  }

  private SlotFacts slot(int level, int rank, long id) {
    return new SlotFacts(
        level, rank, id, false, true, random.nextInt(3) - 1, 2, 0, 0, random.nextInt(9), List.of());
  }

  private SlotFacts changed(SlotFacts slot, int level, int rank, long aged) {
    boolean exact = random.nextInt(30) != 0;
    return new SlotFacts(
        level,
        rank,
        slot.slotId(),
        random.nextInt(10) == 0,
        random.nextInt(10) != 0,
        random.nextInt(10) == 0 ? random.nextInt(9) : slot.firstChild(),
        slot.lastChild(),
        heat(slot.getHeat(), exact),
        heat(slot.seekHeat(), exact),
        heat(slot.writeHeat(), exact),
        runs(slot.runs(), aged));
  }

  private double heat(double before, boolean exact) {
    if (!exact) {
      return random.nextInt(8) == 0 ? Double.NaN : random.nextDouble() * 1e9;
    }
    return before * decay + (random.nextInt(3) == 0 ? random.nextInt(100_000) : 0);
  }

  private List<RunFacts> runs(List<RunFacts> before, long aged) {
    List<RunFacts> runs = new ArrayList<>();
    if (random.nextInt(5) == 0) {
      runs.add(run(++lastRun));
      spans.put(lastRun, new RevisionSpan(lastRun * 10, lastRun * 10 + random.nextInt(10)));
    }
    for (RunFacts run : before) {
      if (random.nextInt(12) != 0) {
        runs.add(random.nextInt(3) == 0 ? read(run, aged) : older(run, aged));
      }
    }
    return runs;
  }

  private RunFacts run(long id) {
    return new RunFacts(
        id,
        random.nextInt(1 << 30),
        random.nextInt(1 << 20),
        random.nextInt(100),
        random.nextInt(1001),
        random.nextInt(3) == 0 ? random.nextLong(1L << 40) : 0,
        random.nextBoolean(),
        random.nextInt(1001),
        0,
        0,
        0,
        0,
        0,
        random.nextInt(100_000));
  }

  private RunFacts older(RunFacts r, long aged) {
    long age = r.tombstoneAgeMillis() > 0 ? r.tombstoneAgeMillis() + aged : 0;
    return new RunFacts(
        r.runId(), r.bytes(), r.entries(), r.tombstones(), r.overwritePermille(), age,
        r.retained(), r.fileDeadPermille(), r.probes(), r.missProbes(), r.falsePositives(),
        r.missFalsePositives(), r.seeks(), r.missNanos());
  }

  private RunFacts read(RunFacts r, long aged) {
    RunFacts o = older(r, aged + random.nextInt(2));
    return new RunFacts(
        o.runId(), o.bytes(), o.entries(), o.tombstones(), o.overwritePermille(),
        o.tombstoneAgeMillis(), random.nextBoolean(), random.nextInt(1001),
        o.probes() + random.nextInt(1000), o.missProbes(), o.falsePositives(),
        o.missFalsePositives() + random.nextInt(2), o.seeks() + random.nextInt(50), random.nextInt(100_000));
  }
}
