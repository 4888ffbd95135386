package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadTree;
import dev.atll.version.Guards;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Makes what policies see out of a version, its counters and the leases. */
final class SnapshotBuilder {
  private final PolicySettings settings;
  private final BlockPrices prices;
  private final SlotNumbers numbers = new SlotNumbers();
  private final RunLines lines = new RunLines();
  private final RunLines.Slot levelZero = new RunLines.Slot();
  private final SlotLines<RunLines.Slot> slots = new SlotLines<>(RunLines.Slot::new);

  SnapshotBuilder(Options options, BlockPrices prices) {
    this.settings =
        new PolicySettings(
            options.memtableBytes(),
            options.fanout(),
            options.slotBytes(),
            options.runsCap(),
            options.spaceAmplificationMax(),
            options.compaction().deleteDeadlineMillis(),
            options.tombstonePermille(),
            options.runsPerReadMax());
    this.prices = prices;
  }

  TreeSnapshot build(
      Version version,
      ReadTree tree,
      BiFunction<Integer, Guards, BitSet> leased,
      HeatBook heats,
      Predicate<Slot> splittable,
      UnitCosts costs,
      double theta,
      List<Integer> uniformRuns,
      long droppableUpTo,
      long nowMillis) {
    showRuns(version, tree);
    List<LevelFacts> levels = new ArrayList<>();
    List<RunLines.Slot> runs = slots.lines();
    int next = 0;
    double target = settings.memtableBytes();
    for (int i = 1; i <= version.levelCount(); i++) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * settings.fanout());
      List<SlotFacts> facts = new ArrayList<>();
      Guards guards = version.level(i).guards();
      int[] below =
          i < version.levelCount() ? guards.startsIn(version.level(i + 1).guards()) : null;
      BitSet held = leased.apply(i, guards);
      long[] slotIds = numbers.of(i, guards);
      for (int s = 0; s < guards.slotCount(); s++) {
        Slot slot = version.level(i).slots().get(s);
        ReadSlot open = tree.levels()[i - 1].slots()[s];
        HeatBook.Heat heat = heats.update(open.heat());
        facts.add(
            new SlotFacts(
                i,
                s,
                slotIds[s],
                held.get(s),
                splittable.test(slot),
                below == null ? -1 : below[s],
                below == null ? -1 : below[s + 1] - 1,
                heat.gets(),
                heat.seeks(),
                heat.bytes(),
                lines.facts(
                    runs.get(next++),
                    droppableUpTo,
                    nowMillis,
                    r -> prices.missNanos(open.runs()[r]))));
      }
      levels.add(
          new LevelFacts(
              i,
              (long) target,
              (int) Math.min(1 << 20, Math.max(1, (long) target / settings.slotBytesTarget())),
              facts));
    }
    return new TreeSnapshot(
        settings,
        costs,
        theta,
        uniformRuns,
        lines.facts(
            levelZero, droppableUpTo, nowMillis, r -> prices.missNanos(tree.levelZero()[r])),
        levels);
  }

  /** Shows the runs of the whole tree, so that it is known what is live of each table. */
  private void showRuns(Version version, ReadTree tree) {
    lines.begin();
    lines.show(levelZero, version.levelZero(), version);
    slots.beginRound();
    for (int i = 1; i <= version.levelCount(); i++) {
      ReadSlot[] open = tree.levels()[i - 1].slots();
      for (int s = 0; s < open.length; s++) {
        lines.show(slots.keep(open[s].heat()), version.level(i).slots().get(s).runs(), version);
      }
    }
    slots.endRound();
    lines.shown();
  }
}
