package dev.atll.schedule;

import dev.atll.api.StorageFullException;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.Workers;
import dev.atll.policy.Action;
import dev.atll.tree.StateHolder;
import dev.atll.version.Guards;
import dev.atll.version.Slot;
import dev.atll.version.Version;
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
  private final @Nullable RuntimeException failureBefore;

  ManualCompaction(
      CompactionScheduler scheduler, Decider decider, StateHolder states, Workers workers) {
    this.scheduler = scheduler;
    this.decider = decider;
    this.states = states;
    this.workers = workers;
    this.failureBefore = scheduler.lastFailure();
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
  @SuppressWarnings("ReferenceEquality") // a failure is told from an earlier one by identity
  private byte @Nullable [] compactSlot(
      int level, boolean last, byte[] from, byte @Nullable [] high) {
    int looksForSpace = LOOKS_FOR_SPACE;
    while (true) {
      Version version = states.peek().version();
      Guards guards = version.level(level).guards();
      int rank = guards.slotOf(from);
      Slot slot = version.level(level).slots().get(rank);
      byte[] next = guards.high(rank);
      boolean more = next != null && (high == null || dev.atll.base.Keys.compare(next, high) < 0);
      if (slot.runs().isEmpty()) {
        return more ? next : null;
      }
      JobRun run = null;
      try {
        run =
            last
                ? decider.leaseMerge(
                    version, new Action.Merge(level, rank, 0, slot.runs().size() - 1))
                : decider.leasePromote(
                    version, new Action.Promote(level, rank, 0, Integer.MAX_VALUE));
      } catch (StorageFullException e) {
        if (--looksForSpace == 0) {
          throw e;
        }
      }
      if (run != null) {
        // The plan was made on a version peeked before the lease was taken: check that its inputs
        // are still there, now that nobody else can take them away.
        if (isCurrent(run.leased())) {
          scheduler.runWhole(run);
          return more ? next : null;
        }
        run.end();
      }
      scheduler.requireRunning();
      RuntimeException failure = scheduler.lastFailure();
      if (failure != null && failure != failureBefore) {
        throw DirectoryLostException.explain("a background compaction failed", failure);
      }
      workers.awaitUntil(() -> false, LOOK_AGAIN_NANOS);
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
