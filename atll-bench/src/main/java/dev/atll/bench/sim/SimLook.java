package dev.atll.bench.sim;

import dev.atll.bench.workload.Mixing;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Makes what policies see of a simulated tree; slots that did not change are not looked at again. */
final class SimLook {
  private final SimTree tree;
  private final SimSettings settings;
  private final PolicySettings forPolicies;

  SimLook(SimTree tree, SimSettings settings) {
    this.tree = tree;
    this.settings = settings;
    this.forPolicies = settings.forPolicies();
  }

  TreeSnapshot take(double theta, long nowMillis) {
    List<LevelFacts> levels = new ArrayList<>(tree.levelCount());
    double target = forPolicies.memtableBytes();
    for (int i = 1; i <= tree.levelCount(); i++) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * forPolicies.fanout());
      List<SimSlot> slots = tree.slots(i);
      List<SlotFacts> facts = new ArrayList<>(slots.size());
      for (SimSlot slot : slots) {
        SlotFacts known = slot.facts;
        if (known == null || !showsDead(slot, known)) {
          known = facts(slot, nowMillis);
          slot.facts = known;
        }
        facts.add(known);
      }
      levels.add(
          new LevelFacts(
              i,
              (long) target,
              (int) Math.min(1 << 20, Math.max(1, (long) target / forPolicies.slotBytesTarget())),
              facts));
    }
    List<RunFacts> zero = new ArrayList<>();
    tree.levelZero.forEach(run -> zero.add(facts(run, nowMillis)));
    return new TreeSnapshot(forPolicies, settings.costs(), theta, zero, levels);
  }

  /** Whether files are dead as far as was seen: what other slots do changes that. */
  private static boolean showsDead(SimSlot slot, SlotFacts known) {
    List<RunFacts> runs = known.runs();
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).fileDeadPermille() != slot.runs.get(i).file.deadPermille()) {
        return false;
      }
    }
    return true;
  }

  /** Stays while the slot's lower bound does. */
  static long slotId(SimSlot slot) {
    return Mixing.mix(slot.low * 31L + slot.level);
  }

  private SlotFacts facts(SimSlot slot, long nowMillis) {
    boolean bottom = slot.level == tree.levelCount();
    RunFacts[] runs = new RunFacts[slot.runs.size()];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = facts(slot.runs.get(i), nowMillis);
    }
    return new SlotFacts(
        slot.level,
        slot.rank,
        slotId(slot),
        slot.leased,
        !slot.indivisible,
        bottom ? -1 : tree.rankOf(slot.level + 1, slot.low),
        bottom ? -1 : tree.rankOf(slot.level + 1, slot.high - 1),
        slot.gets(),
        slot.seeks(),
        slot.bytesIn(),
        List.of(runs));
  }

  private static RunFacts facts(SimRun run, long nowMillis) {
    return new RunFacts(
        run.id,
        Math.max(1, Math.round(run.bytes)),
        Math.max(1, Math.round(run.entries)),
        Math.round(run.tombstones),
        run.overwritePermille,
        run.deletionsSinceMillis == 0 ? 0 : Math.max(0, nowMillis - run.deletionsSinceMillis),
        false,
        run.file.deadPermille(),
        run.probes,
        run.missProbes,
        run.falsePositives,
        run.missFalsePositives,
        run.seeks);
  }
}
