package dev.atll.torture;

import dev.atll.api.Options;
import dev.atll.api.Stats;
import java.time.Duration;

/** Operations on the store as a whole. */
final class StoreOps {
  private StoreOps() {}

  /** Memtables to tables. */
  record Flush() implements Op {
    @Override
    public void run(World world) {
      world.db().flush();
      world.madeDurable();
    }
  }

  /** Rewrites a range. */
  record Compact(Range range) implements Op {
    @Override
    public void run(World world) {
      world.db().compact(range.forStore());
      world.madeDurable();
    }
  }

  /** Lets background work end. */
  record Settle() implements Op {
    @Override
    public void run(World world) {
      if (!world.db().settle(Duration.ofMinutes(10)) && !world.watch.isFaulty()) {
        throw new AssertionError("not settled after ten minutes: " + world.db().stats());
      }
    }
  }

  /** The log to disk. */
  record Sync() implements Op {
    @Override
    public void run(World world) {
      world.db().sync();
      world.madeDurable();
    }
  }

  /** Another compaction policy. */
  record Policy(String name) implements Op {
    @Override
    public void run(World world) {
      world.db().policy(name);
      World.expectEqual("policy", name, world.db().policy());
    }
  }

  /** Closes and opens, with options that a seed chooses. */
  record Reopen(int optionSeed) implements Op {
    @Override
    public void run(World world) {
      world.reopen(optionSeed);
    }
  }

  /** Time passes: timers fire, and intervals end. */
  record Pass(int millis) implements Op {
    @Override
    public void run(World world) {
      long nanos = millis * 1_000_000L;
      world.watch.sim().workers().advance(nanos);
      // Twice: a timer that had just fired, and the time that its sync takes.
      Duration interval = world.options().syncInterval();
      if (!interval.equals(Options.OFF) && nanos > 2 * interval.toNanos() + 100_000_000L) {
        world.intervalOver();
      }
    }
  }

  /** The wall clock is set, forwards or back; nothing that matters may depend on it. */
  record SetClock(long millis) implements Op {
    @Override
    public void run(World world) {
      world.watch.sim().clock().jumpWallClock(millis);
    }
  }

  /** Background work runs until none is due. */
  record Idle() implements Op {
    @Override
    public void run(World world) {
      world.watch.sim().workers().runUntilIdle();
    }
  }

  /** Checks every table. */
  record Verify() implements Op {
    @Override
    public void run(World world) {
      world.db().verify();
    }
  }

  /** Looks at figures, which must at least make sense. */
  record Look(Range range) implements Op {
    @Override
    public void run(World world) {
      Stats stats = world.db().stats();
      long bytes = world.db().approximateBytes(range.forStore());
      long all = world.db().approximateBytes(Range.ALL.forStore());
      if (bytes < 0 || bytes > all || stats.tableBytes() < 0 || stats.memtableBytes() < 0) {
        throw new AssertionError(bytes + " of " + all + " bytes in " + range + ": " + stats);
      }
      World.expectEqual("snapshots open", world.snapshots.size(), stats.snapshots());
      for (Stats.LevelStats level : stats.levels()) {
        int cap = Math.max(64, world.options().runsCap());
        if (level.level() > 0 && level.slotRuns().stream().anyMatch(runs -> runs > cap)) {
          throw new AssertionError("over the cap: " + level);
        }
      }
    }
  }
}
