package dev.atll.schedule;

import dev.atll.compact.JobPlan;
import dev.atll.kernel.Action;
import dev.atll.kernel.Place;
import dev.atll.kernel.Plan;
import dev.atll.kernel.Span;
import dev.atll.tree.RunViews;
import dev.atll.tree.VersionShape;
import dev.atll.version.Burden;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives what the kernel says of an action, in ranks and runs, its keys, estimates and leases. */
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

  /**
   * Plans a job that writes. Null where a join must wait: one run for both slots would have a revision
   * interval that meets those of newer runs above or older ones below, since the slots were filled and
   * emptied at different times, and that has to go down first (invariant I3).
   */
  @Nullable Leased job(Version version, Plan<Run> plan, long jobId, long decisionId) {
    VersionShape tree = new VersionShape(version, views);
    Span span = plan.span();
    byte[] low = tree.low(new Place(span.level(), span.first()));
    byte[] high = tree.high(new Place(span.level(), span.last()));
    List<LevelRun> inputs = new ArrayList<>();
    plan.inputs().forEach(in -> inputs.add(new LevelRun(in.place().level(), in.run())));
    List<Run> runs = inputs.stream().map(LevelRun::run).toList();
    if (plan.joins() && meetsOthers(version, span.level(), low, high, runs)) {
      return null;
    }
    List<JobPlan.Target> targets = new ArrayList<>();
    for (Plan.Target<Run> target : plan.targets()) {
      // What was counted below the oldest run of the group stays with the boundary there, if it stays.
      Burden burden = target.keepsBoundary() ? oldestBurden(target.group()) : new Burden();
      targets.add(
          plan.joins()
              ? target(low, high, target.group(), burden)
              : target(
                  tree.low(target.place()), tree.high(target.place()), target.group(), burden));
    }
    Action action = plan.action();
    JobPlan job =
        new JobPlan(
            jobId,
            decisionId,
            action.kind(),
            action.level(),
            action.slot(),
            span.level(),
            inputs,
            targets,
            partitionCuts(version, span.level(), low, high),
            plan.older(tree),
            plan.joins() ? tree.low(new Place(span.level(), span.last())) : null,
            bytes(inputs));
    return new Leased(job, slots(version, plan.leased()));
  }

  /**
   * The edit that hands runs to other slots without writing. Other edits may have come in between:
   * while the slot is leased its runs can only have grown at the newest end.
   *
   * @param low first key of the slot acted on
   * @param held how many runs it had when it was leased
   */
  @Nullable VersionEdit viewed(Version now, Action action, byte[] low, int held) {
    VersionShape tree = new VersionShape(now, views);
    int rank = now.level(action.level()).guards().slotOf(low);
    int newer = tree.runs(new Place(action.level(), rank)).size() - held;
    Plan<Run> plan = action.at(rank, newer).plan(tree);
    return plan == null ? null : tree.edit(plan.apply(tree, tree.viewing()), null);
  }

  /** The edit that cuts slots at a key; null if there is a guard by now. */
  @Nullable VersionEdit cut(Version now, Plan<Run> plan, byte[] key) {
    VersionShape tree = new VersionShape(now, views);
    VersionEdit edit = tree.edit(plan.apply(tree, tree.cuttingAt(key)), key);
    return edit.addedGuards.isEmpty() ? null : edit;
  }

  /** Slots by level and first key, as they are leased. */
  static List<Leases.SlotKey> slots(Version version, List<Place> places) {
    List<Leases.SlotKey> slots = new ArrayList<>();
    for (Place place : places) {
      slots.add(Leases.SlotKey.of(version, place.level(), place.slot()));
    }
    return slots;
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
    collect(version, level + 1, version.levelCount(), low, high, older);
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

  private static Burden oldestBurden(List<Run> group) {
    Run oldest = group.get(0);
    for (Run run : group) {
      if (run.maxRevision() < oldest.maxRevision()) {
        oldest = run;
      }
    }
    return oldest.burden().scaled(1);
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
