package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadTree;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Makes what policies see out of a version, its counters and the leases. */
final class SnapshotBuilder {
  private final PolicySettings settings;
  private final UnitCosts costs;
  private final SlotNumbers numbers = new SlotNumbers();

  SnapshotBuilder(Options options, UnitCosts costs) {
    this.settings =
        new PolicySettings(
            options.memtableBytes(),
            options.fanout(),
            options.slotBytes(),
            options.runsCap(),
            options.spaceAmplificationMax(),
            options.deleteDeadline().toMillis(),
            options.tombstonePermille(),
            options.runsPerReadMax());
    this.costs = costs;
  }

  TreeSnapshot build(
      Version version,
      ReadTree tree,
      Leases leases,
      HeatBook heats,
      Predicate<Slot> splittable,
      double theta,
      List<Integer> uniformRuns,
      long droppableUpTo,
      long nowMillis) {
    Map<Long, Long> shown = new HashMap<>();
    version.levelZero().forEach(r -> shown.merge(r.fileNumber(), r.entries(), Long::sum));
    for (int i = 1; i <= version.levelCount(); i++) {
      for (Slot slot : version.level(i).slots()) {
        slot.runs().forEach(r -> shown.merge(r.fileNumber(), r.entries(), Long::sum));
      }
    }
    numbers.beginRound();
    List<LevelFacts> levels = new ArrayList<>();
    double target = settings.memtableBytes();
    for (int i = 1; i <= version.levelCount(); i++) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * settings.fanout());
      List<SlotFacts> slots = new ArrayList<>();
      Guards guards = version.level(i).guards();
      Guards below = i < version.levelCount() ? version.level(i + 1).guards() : null;
      for (int s = 0; s < guards.slotCount(); s++) {
        Slot slot = version.level(i).slots().get(s);
        ReadSlot open = tree.levels()[i - 1].slots()[s];
        HeatBook.Heat heat = heats.update(open.heat());
        slots.add(
            new SlotFacts(
                i,
                s,
                numbers.of(i, guards.low(s)),
                leases.isHeld(i, guards.low(s)),
                splittable.test(slot),
                below == null ? -1 : below.slotOf(guards.low(s)),
                below == null ? -1 : below.lastSlotBelow(guards.high(s)),
                heat.gets(),
                heat.seeks(),
                heat.bytes(),
                facts(slot.runs(), version, shown, droppableUpTo, nowMillis)));
      }
      levels.add(
          new LevelFacts(
              i,
              (long) target,
              (int) Math.min(1 << 20, Math.max(1, (long) target / settings.slotBytesTarget())),
              slots));
    }
    numbers.endRound();
    return new TreeSnapshot(
        settings,
        costs,
        theta,
        uniformRuns,
        facts(version.levelZero(), version, shown, droppableUpTo, nowMillis),
        levels);
  }

  private static List<RunFacts> facts(
      List<Run> runs,
      Version version,
      Map<Long, Long> shown,
      long droppableUpTo,
      long nowMillis) {
    List<RunFacts> facts = new ArrayList<>(runs.size());
    for (Run run : runs) {
      TableFile file = version.files().get(run.fileNumber());
      // By entries: bytes of a table hold filters and indexes too, which would count as dead, and a
      // table of small blocks would be rewritten for ever.
      long entries = file == null ? 0 : file.entries();
      long live = shown.getOrDefault(run.fileNumber(), 0L);
      int dead = entries == 0 ? 0 : (int) Math.max(0, 1000 * (entries - live) / entries);
      long since = run.deletionsSinceMillis();
      facts.add(
          new RunFacts(
              run.id(),
              run.bytes(),
              run.entries(),
              run.tombstones(),
              run.overwritePermille(),
              since == 0 || run.tombstones() == 0 ? 0 : Math.max(0, nowMillis - since),
              run.maxRevision() > droppableUpTo,
              dead,
              run.burden().probes(),
              run.burden().missProbes(),
              run.burden().falsePositives(),
              run.burden().missFalsePositives(),
              run.burden().seeks()));
    }
    return facts;
  }
}
