package dev.atll.bench.sim;

import dev.atll.bench.workload.Mixing;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.schedule.BlockPrices;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what policies see of a simulated tree; slots that did not change are not looked at again. */
final class SimLook {
  private final SimTree tree;
  private final SimSettings settings;
  private final PolicySettings forPolicies;
  private final BlockPrices prices = new BlockPrices();
  // What was seen last: a level of which nothing changed is given again.
  private final List<LevelFacts> seen = new ArrayList<>();

  SimLook(SimTree tree, SimSettings settings) {
    this.tree = tree;
    this.settings = settings;
    this.forPolicies = settings.forPolicies();
  }

  TreeSnapshot take(double theta, List<Integer> uniformRuns, long nowMillis) {
    tree.cache.fit(tree.storedEntries());
    double target = forPolicies.memtableBytes();
    for (int i = 1; i <= tree.levelCount(); i++) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * forPolicies.fanout());
      LevelFacts before = seen.size() < i ? null : seen.get(i - 1);
      LevelFacts level = level(i, (long) target, before, nowMillis);
      if (before == null) {
        seen.add(level);
      } else {
        seen.set(i - 1, level);
      }
    }
    List<RunFacts> zero = new ArrayList<>();
    tree.levelZero.forEach(run -> zero.add(facts(run, nowMillis)));
    return new TreeSnapshot(forPolicies, settings.costs(), theta, uniformRuns, zero, seen);
  }

  private LevelFacts level(
      int number, long target, @Nullable LevelFacts before, long nowMillis) {
    boolean ages = forPolicies.hasDeadline();
    if (!ages && !tree.mayDiffer(number) && before != null) {
      return before;
    }
    List<SimSlot> slots = tree.slots(number);
    boolean same = before != null && before.slots().size() == slots.size();
    SlotFacts[] facts = new SlotFacts[slots.size()];
    for (int s = 0; s < facts.length; s++) {
      SimSlot slot = slots.get(s);
      SlotFacts known = slot.facts();
      if (known == null || (ages && hasDeletions(slot)) || !deadAsSeen(slot)) {
        known = facts(slot, nowMillis);
        slot.seenAs(known);
        same = false;
      }
      facts[s] = known;
    }
    if (before != null && same) {
      return before;
    }
    int slotCount = (int) Math.min(1 << 20, Math.max(1, target / forPolicies.slotBytesTarget()));
    return new LevelFacts(number, target, slotCount, List.of(facts));
  }

  /** Whether a slot has deletions, which grow older. */
  private static boolean hasDeletions(SimSlot slot) {
    for (SimRun run : slot.runs) {
      if (run.deletionsSinceMillis != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether files are dead as far as was seen: what other slots do changes that. */
  private static boolean deadAsSeen(SimSlot slot) {
    List<SimRun> runs = slot.runs;
    for (int i = 0; i < runs.size(); i++) {
      SimRun run = runs.get(i);
      if (run.deadPermilleSeen != run.file.deadPermille()) {
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

  private RunFacts facts(SimRun run, long nowMillis) {
    run.deadPermilleSeen = run.file.deadPermille();
    return new RunFacts(
        run.id,
        Math.max(1, Math.round(run.bytes)),
        Math.max(1, Math.round(run.entries)),
        Math.round(run.tombstones),
        run.overwritePermille,
        run.deletionsSinceMillis == 0 ? 0 : Math.max(0, nowMillis - run.deletionsSinceMillis),
        false,
        run.deadPermilleSeen,
        run.probes,
        run.missProbes,
        run.falsePositives,
        run.missFalsePositives,
        run.seeks,
        missNanos(run));
  }

  /** What a block of a run costs beyond one in memory, as the engine prices it. */
  private long missNanos(SimRun run) {
    if (tree.cache.isMapped()) {
      return 0;
    }
    long each = run.reads == 0 ? 0 : Math.round(run.waitNanos / run.reads);
    return prices.price(run.blocksAsked, run.blocksMissed, each);
  }
}
