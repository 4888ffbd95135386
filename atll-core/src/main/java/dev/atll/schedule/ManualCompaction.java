package dev.atll.schedule;

import dev.atll.api.StorageFullException;
import dev.atll.base.Keys;
import dev.atll.env.Workers;
import dev.atll.kernel.Action;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.version.Guards;
import dev.atll.version.Version;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A compaction that a user asked for: from level 1 down, each slot that meets the range is merged
 * into the slots below it, and the runs of the deepest level with data into one run a slot. Waits
 * where a background job holds a slot.
 */
final class ManualCompaction {
  private static final long LOOK_AGAIN_NANOS = 10_000_000L;
  // Tables that the slot before has replaced go within a few of these; other space does not come.
  private static final int LOOKS_FOR_SPACE = 50;

  private final CompactionScheduler scheduler;
  private final Decider decider;
  private final StateHolder states;
  private final Workers workers;
  // The job that this leased last, until it has ended.
  private @Nullable JobRun job;

  ManualCompaction(
      CompactionScheduler scheduler, Decider decider, StateHolder states, Workers workers) {
    this.scheduler = scheduler;
    this.decider = decider;
    this.states = states;
    this.workers = workers;
  }

  void run(byte[] low, byte @Nullable [] high) {
    int deepest = deepestWithRuns(states.peek().version());
    for (int level = 1; level <= deepest; level++) {
      byte[] from = low;
      while (from != null) {
        from = compactSlot(level, level == deepest, from, high);
      }
    }
  }

  /** Compacts the slot of a key and returns where the next one begins, or null at the end. */
  private byte @Nullable [] compactSlot(
      int level, boolean last, byte[] from, byte @Nullable [] high) {
    int looksForSpace = LOOKS_FOR_SPACE;
    while (true) {
      Look look;
      try {
        look = look(level, last, from);
        if (look.run()) {
          scheduler.runWhole(Objects.requireNonNull(job));
        }
      } catch (StorageFullException e) {
        if (job != null || --looksForSpace == 0) {
          throw e;
        }
        look = null;
      } finally {
        JobRun begun = job;
        if (begun != null) {
          CompactionScheduler.end(begun);
          job = null;
        }
      }
      if (look != null && (look.isEmpty() || look.run())) {
        byte[] next = look.next();
        return next == null || (high != null && Keys.compare(next, high) >= 0) ? null : next;
      }
      // Another job holds one of the slots; it ends, one way or the other.
      scheduler.requireRunning();
      workers.awaitUntil(() -> false, LOOK_AGAIN_NANOS);
    }
  }

  /**
   * What was found in the slot of a key.
   *
   * @param isEmpty whether it has no runs
   * @param next where the next slot begins; null for the last
   * @param run whether there is a job to run; not if other jobs are in the way
   */
  private record Look(boolean isEmpty, byte @Nullable [] next, boolean run) {}

  private Look look(int level, boolean last, byte[] from) {
    // Planning reads tables: those of a state that is not held may be deleted meanwhile.
    int stripe = StateHolder.stripe();
    ReadState state = states.pin(stripe);
    try {
      Version version = state.version();
      Guards guards = version.level(level).guards();
      int rank = guards.slotOf(from);
      byte[] next = guards.high(rank);
      int runs = version.level(level).slots().get(rank).runs().size();
      if (runs == 0) {
        return new Look(true, next, false);
      }
      Action action =
          last
              ? new Action.Merge(level, rank, 0, runs - 1)
              : new Action.Promote(level, rank, 0, Integer.MAX_VALUE);
      // At once in the field, where it is found again whatever is thrown from here on.
      job = decider.leaseManually(version, action);
      JobRun leased = job;
      // Planned before the lease was taken: its inputs must still be there, now that nobody else can
      // take them away.
      return new Look(false, next, leased != null && isCurrent(leased.leased()));
    } finally {
      states.unpin(state, stripe);
    }
  }

  private boolean isCurrent(JobPlanner.Leased leased) {
    Version now = states.peek().version();
    for (var in : leased.plan().inputs()) {
      if (now.findRun(in.level(), in.run().id()) == null) {
        return false;
      }
    }
    return true;
  }

  private static int deepestWithRuns(Version version) {
    for (int i = version.levelCount(); i >= 1; i--) {
      if (version.level(i).runCount() > 0) {
        return i;
      }
    }
    return 0;
  }
}
