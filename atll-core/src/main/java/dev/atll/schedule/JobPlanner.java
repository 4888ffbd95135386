package dev.atll.schedule;

import dev.atll.compact.JobPlan;
import dev.atll.observe.event.ActionKind;
import dev.atll.policy.Action;
import dev.atll.tree.RunViews;
import dev.atll.version.Burden;
import dev.atll.version.Guards;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns an action of a policy, which names ranks and positions, into runs, bounds and leases. */
final class JobPlanner {
  /** A plan with the slots it must lease; what is leased is known by identity. */
  static final class Leased {
    private final JobPlan plan;
    private final List<Leases.SlotKey> slots;
    // Guarded by the decider's lock.
    private boolean held;

    Leased(JobPlan plan, List<Leases.SlotKey> slots) {
      this.plan = plan;
      this.slots = slots;
    }

    JobPlan plan() {
      return plan;
    }

    List<Leases.SlotKey> slots() {
      return slots;
    }

    /** Takes the lease if nobody has any of its slots. */
    boolean take(Leases leases) {
      held = leases.tryTake(slots);
      return held;
    }

    /** Gives the lease back; a second time does nothing. */
    void giveBack(Leases leases) {
      if (held) {
        leases.giveBack(slots);
        held = false;
      }
    }
  }

  private final RunViews views;

  JobPlanner(RunViews views) {
    this.views = views;
  }

  Leased merge(Version version, Action.Merge action, long jobId, long decisionId) {
    Level level = version.level(action.level());
    byte[] low = level.guards().low(action.slot());
    byte[] high = level.guards().high(action.slot());
    List<Run> runs = level.slots().get(action.slot()).runs();
    List<Run> merged = runs.subList(action.first(), action.last() + 1);
    List<LevelRun> inputs = new ArrayList<>();
    merged.forEach(r -> inputs.add(new LevelRun(action.level(), r)));
    List<Run> older = new ArrayList<>(runs.subList(action.last() + 1, runs.size()));
    collectBelow(version, action.level(), low, high, older);
    JobPlan plan =
        new JobPlan(
            jobId,
            decisionId,
            merged.size() == 1 ? ActionKind.REWRITE : ActionKind.MERGE,
            action.level(),
            action.slot(),
            action.level(),
            inputs,
            List.of(target(low, high, merged, oldestBurden(merged))),
            partitionCuts(version, action.level(), low, high),
            older,
            null,
            bytes(inputs));
    return new Leased(plan, List.of(new Leases.SlotKey(action.level(), low)));
  }

  /** Plans a promotion; null if the slot's runs show nothing, or there is no level below. */
  @Nullable Leased promote(Version version, Action.Promote action, long jobId, long decisionId) {
    int below = action.level() + 1;
    if (below > version.levelCount()) {
      return null;
    }
    Level level = version.level(action.level());
    byte[] low = level.guards().low(action.slot());
    byte[] high = level.guards().high(action.slot());
    List<Run> runs = level.slots().get(action.slot()).runs();
    List<Run> moved = runs.subList(action.first(), runs.size());
    if (moved.isEmpty()) {
      return null;
    }
    List<LevelRun> inputs = new ArrayList<>();
    moved.forEach(r -> inputs.add(new LevelRun(action.level(), r)));
    List<Leases.SlotKey> slots = new ArrayList<>();
    slots.add(new Leases.SlotKey(action.level(), low));
    List<JobPlan.Target> targets = new ArrayList<>();
    List<Run> older = new ArrayList<>();
    Level children = version.level(below);
    Guards guards = children.guards();
    int last = guards.lastSlotBelow(high);
    for (int s = guards.slotOf(low); s <= last; s++) {
      byte[] childLow = guards.low(s);
      byte[] childHigh = guards.high(s);
      if (!showsAny(moved, childLow, childHigh)) {
        continue;
      }
      slots.add(new Leases.SlotKey(below, childLow));
      List<Run> resident = children.slots().get(s).runs();
      int absorbed = Math.min(action.absorb(), resident.size());
      List<Run> group = new ArrayList<>(moved);
      for (Run run : resident.subList(0, absorbed)) {
        inputs.add(new LevelRun(below, run));
        group.add(run);
      }
      older.addAll(resident.subList(absorbed, resident.size()));
      Burden burden =
          absorbed > 0 ? oldestBurden(group) : new Burden(); // the parent's boundary is gone
      targets.add(target(childLow, childHigh, group, burden));
    }
    collectBelow(version, below, low, high, older);
    JobPlan plan =
        new JobPlan(
            jobId,
            decisionId,
            ActionKind.MERGE_DOWN,
            action.level(),
            action.slot(),
            below,
            inputs,
            targets,
            partitionCuts(version, below, low, high),
            older,
            null,
            bytes(inputs));
    return new Leased(plan, slots);
  }

  /** The edit that hands runs down without writing; null if there is no level below. */
  @Nullable VersionEdit move(Version version, Action.Move action) {
    int below = action.level() + 1;
    if (below > version.levelCount()) {
      return null;
    }
    List<Run> runs = version.level(action.level()).slots().get(action.slot()).runs();
    VersionEdit edit = new VersionEdit();
    for (Run run : runs.subList(action.first(), runs.size())) {
      edit.removedRuns.add(new VersionEdit.LevelRunId(action.level(), run.id()));
      for (Run part : views.cut(run, version.level(below).guards())) {
        edit.addedRuns.add(new LevelRun(below, part));
      }
    }
    return edit.isNumbersOnly() ? null : edit;
  }

  /** The slots a move leases: that of the runs; those below only gain a newest run. */
  static List<Leases.SlotKey> moveLeases(Version version, Action.Move action) {
    return List.of(
        new Leases.SlotKey(
            action.level(), version.level(action.level()).guards().low(action.slot())));
  }

  /**
   * Plans the join of two neighbouring slots; the guard between them goes with the result. Null if
   * there is no next slot, the level above needs the guard, or one run for both would have a revision
   * interval that meets those of newer runs above or older ones below: the slots were filled and
   * emptied at different times, and the join must wait until that has gone down (invariant I3).
   */
  @Nullable Leased join(Version version, Action.Join action, long jobId, long decisionId) {
    Level level = version.level(action.level());
    if (action.slot() + 1 >= level.slots().size()) {
      return null;
    }
    byte[] low = level.guards().low(action.slot());
    byte[] middle = level.guards().low(action.slot() + 1);
    byte[] high = level.guards().high(action.slot() + 1);
    List<Run> both = new ArrayList<>(level.slots().get(action.slot()).runs());
    both.addAll(level.slots().get(action.slot() + 1).runs());
    if (isGuardAbove(version, action.level(), middle)
        || meetsOthers(version, action.level(), low, high, both)) {
      return null;
    }
    List<LevelRun> inputs = new ArrayList<>();
    both.forEach(r -> inputs.add(new LevelRun(action.level(), r)));
    List<Run> older = new ArrayList<>();
    collectBelow(version, action.level(), low, high, older);
    JobPlan plan =
        new JobPlan(
            jobId,
            decisionId,
            ActionKind.GUARD_REMOVE,
            action.level(),
            action.slot(),
            action.level(),
            inputs,
            both.isEmpty() ? List.of() : List.of(target(low, high, both, new Burden())),
            partitionCuts(version, action.level(), low, high),
            older,
            middle,
            bytes(inputs));
    return new Leased(
        plan,
        List.of(
            new Leases.SlotKey(action.level(), low), new Leases.SlotKey(action.level(), middle)));
  }

  /**
   * Whether a join may still be installed: a run that came into one of the slots since would lie in
   * the joined one beside its other half.
   */
  static boolean joinStillFits(Version now, JobPlan plan) {
    byte[] middle = plan.removedGuard();
    if (middle == null) {
      return true;
    }
    Guards guards = now.level(plan.level()).guards();
    if (!guards.contains(middle) || isGuardAbove(now, plan.level(), middle)) {
      return false;
    }
    int right = guards.slotOf(middle);
    byte[] low = guards.low(right - 1);
    byte[] high = guards.high(right);
    List<Slot> slots = now.level(plan.level()).slots();
    int runs = slots.get(right - 1).runs().size() + slots.get(right).runs().size();
    List<Run> inputs = new ArrayList<>();
    plan.inputs().forEach(in -> inputs.add(in.run()));
    return runs == inputs.size() && !meetsOthers(now, plan.level(), low, high, inputs);
  }

  private static boolean isGuardAbove(Version version, int level, byte[] key) {
    return level > 1 && version.level(level - 1).guards().contains(key);
  }

  private static boolean meetsOthers(
      Version version, int level, byte[] low, byte @Nullable [] high, List<Run> joined) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (Run run : joined) {
      min = Math.min(min, run.minRevision());
      max = Math.max(max, run.maxRevision());
    }
    List<Run> older = new ArrayList<>();
    collectBelow(version, level, low, high, older);
    long oldMax = Long.MIN_VALUE;
    for (Run run : older) {
      if (run.maxRevision() >= min) {
        return true;
      }
      oldMax = Math.max(oldMax, run.maxRevision());
    }
    List<Run> newer = new ArrayList<>();
    collect(version, 1, level - 1, low, high, newer);
    for (Run run : version.levelZero()) {
      if (run.overlaps(low, high)) {
        newer.add(run);
      }
    }
    for (Run run : newer) {
      // The second: parts of one table on the two sides of the guard, the one above these slots and the
      // other below. Without the guard the upper one may become part of a run that covers both sides.
      if (run.minRevision() <= max || run.minRevision() <= oldMax) {
        return true;
      }
    }
    return false;
  }

  private static JobPlan.Target target(
      byte[] low, byte @Nullable [] high, List<Run> group, Burden burden) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    long entries = 0;
    double overwrites = 0;
    long deletionsSince = 0;
    for (Run run : group) {
      min = Math.min(min, run.minRevision());
      max = Math.max(max, run.maxRevision());
      entries += run.entries();
      overwrites += (double) run.entries() * run.overwritePermille();
      long since = run.deletionsSinceMillis();
      if (since != 0 && (deletionsSince == 0 || since < deletionsSince)) {
        deletionsSince = since;
      }
    }
    int permille = entries == 0 ? 0 : (int) Math.round(overwrites / entries);
    return new JobPlan.Target(low, high, min, max, permille, deletionsSince, burden);
  }

  /** The boundary below the oldest run of a group stays; what was counted there stays with it. */
  private static Burden oldestBurden(List<Run> group) {
    Run oldest = group.get(0);
    for (Run run : group) {
      if (run.maxRevision() < oldest.maxRevision()) {
        oldest = run;
      }
    }
    return oldest.burden().scaled(1);
  }

  private boolean showsAny(List<Run> runs, byte[] low, byte @Nullable [] high) {
    for (Run run : runs) {
      if (run.overlaps(low, high) && views.showsAny(run, low, high)) {
        return true;
      }
    }
    return false;
  }

  private static void collectBelow(
      Version version, int level, byte[] low, byte @Nullable [] high, List<Run> into) {
    collect(version, level + 1, version.levelCount(), low, high, into);
  }

  private static void collect(
      Version version, int from, int to, byte[] low, byte @Nullable [] high, List<Run> into) {
    for (int i = from; i <= to; i++) {
      Guards guards = version.level(i).guards();
      int last = guards.lastSlotBelow(high);
      for (int s = guards.slotOf(low); s <= last; s++) {
        Slot slot = version.level(i).slots().get(s);
        for (Run run : slot.runs()) {
          if (run.overlaps(low, high)) {
            into.add(run);
          }
        }
      }
    }
  }

  /** Guards of the level and the next one inside the range: later moves then cut at partitions. */
  private static byte[][] partitionCuts(
      Version version, int level, byte[] low, byte @Nullable [] high) {
    int finest = Math.min(level + 1, version.levelCount());
    Guards guards = version.level(finest).guards();
    List<byte[]> cuts = new ArrayList<>();
    int last = guards.lastSlotBelow(high);
    for (int s = guards.slotOf(low); s < last; s++) {
      cuts.add(guards.key(s));
    }
    return cuts.toArray(new byte[0][]);
  }

  private static long bytes(List<LevelRun> inputs) {
    long sum = 0;
    for (LevelRun in : inputs) {
      sum += in.run().bytes();
    }
    return sum;
  }
}
