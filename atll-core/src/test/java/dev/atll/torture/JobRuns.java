package dev.atll.torture;

import dev.atll.api.AtllException;
import dev.atll.api.StoreFailedException;
import dev.atll.engine.Promises;
import dev.atll.env.sim.SimEnv;
import dev.atll.torture.Trap.Kind;
import dev.atll.torture.Trap.Plan;
import dev.atll.torture.Trap.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A history in which a compaction thread, or a caller that compacts by hand, throws once. No other
 * call may notice, and afterwards every slot can be compacted, no disk space is promised to anybody,
 * all answers are right, and the store opens again, after a close and after a power cut, with all it
 * had. Writing may end only if it threw while an edit was being logged or published.
 *
 * @param seed of the environment
 * @param set how the store is set up
 * @param ops the history
 */
public record JobRuns(long seed, OptionSet set, List<Op> ops) {
  private static final int ROUNDS = 12;
  private static final Map<Point, List<Kind>> KINDS =
      Map.of(
          Point.EVENT, List.of(Kind.RUNTIME, Kind.MEMORY, Kind.STACK),
          Point.POLICY, List.of(Kind.RUNTIME, Kind.CHECKED, Kind.LINKAGE),
          Point.ADVICE, List.of(Kind.RUNTIME, Kind.MEMORY, Kind.STACK),
          Point.STEP, List.of(Kind.RUNTIME, Kind.STACK),
          Point.ALLOCATION, List.of(Kind.MEMORY),
          Point.TABLE, List.of(Kind.MEMORY));

  /**
   * Tries all of one seed. Called by its name, since only there the engine has places to throw at.
   *
   * @param each so many of the times that a kind of place is passed are tried
   * @param goesOn whether there is time for more
   * @param did told what was done, under the names of {@link Figures#counts}
   */
  public static void check(
      long seed, int each, BooleanSupplier goesOn, Consumer<Map<String, Long>> did) {
    SplittableRandom random = new SplittableRandom(seed);
    JobRuns runs = new JobRuns(seed, set(random), history(seed));
    List<Plan> plans = plans(runs.passed(), each, random);
    Collections.shuffle(plans, new Random(seed));
    for (Plan plan : plans) {
      if (!goesOn.getAsBoolean()) {
        return;
      }
      Figures figures = new Figures();
      try {
        runs.run(plan, seed + plan.nth(), figures);
      } catch (Throwable e) {
        throw Failures.report(
            new AssertionError("with " + plan + ": " + e, e),
            "JobThrowTest",
            "-Dseed=" + seed,
            runs.ops,
            shorter -> new JobRuns(seed, runs.set, shorter).runAround(plan));
      }
      did.accept(figures.counts());
    }
  }

  private static OptionSet set(SplittableRandom random) {
    return ThrowRuns.trapped(
        OptionSet.any(random),
        options -> options.compactionBytesPerSecond(0).memtableBytes(16 << 10));
  }

  /** Operations of all kinds, with flushes between them, so that there is something to merge. */
  private static List<Op> history(long seed) {
    OpMix mix = new OpMix(seed);
    SplittableRandom random = new SplittableRandom(seed * 31);
    List<Op> ops = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 3 + random.nextInt(4); i > 0; i--) {
        ops.add(mix.next());
      }
      ops.add(new StoreOps.Flush());
      ops.add(random.nextInt(4) == 0 ? new StoreOps.Compact(Range.ALL) : new StoreOps.Idle());
    }
    return ops;
  }

  private static List<Plan> plans(Map<Point, Long> passed, int each, SplittableRandom random) {
    List<Plan> plans = new ArrayList<>();
    KINDS.forEach(
        (point, kinds) -> {
          long times = passed.getOrDefault(point, 0L);
          for (int i = 1; i <= Math.min(times, each); i++) {
            long nth = times <= each ? i : 1 + random.nextLong(times);
            plans.add(new Plan(point, nth, false, kinds.get(random.nextInt(kinds.size()))));
          }
        });
    plans.sort(
        Comparator.comparing((Plan plan) -> plan.point().name())
            .thenComparingLong(Plan::nth));
    return plans;
  }

  /** How often each place is passed while jobs are decided, run and told. */
  private Map<Point, Long> passed() {
    Trap trap = new Trap(null);
    ThrowRuns.within(
        trap,
        () -> {
          World world = world();
          trap.onlyWhile(() -> merges(world));
          world.open();
          ops.forEach(world::run);
          world.close();
        });
    return new EnumMap<>(trap.passed());
  }

  private void run(Plan plan, long cutSeed, Figures figures) {
    Trap trap = new Trap(plan);
    ThrowRuns.within(trap, () -> run(trap, plan, cutSeed, figures));
  }

  private void run(Trap trap, Plan plan, long cutSeed, Figures figures) {
    World world = world();
    trap.onlyWhile(() -> merges(world));
    for (Op op : ops) {
      attempt(world, trap, op);
    }
    trap.disarm();
    if (trap.fired() == 0) {
      figures.unreached++;
    } else {
      figures.fired(plan.point() + " " + plan.kind());
    }
    goOn(world, trap, figures);
    SplittableRandom random = new SplittableRandom(cutSeed);
    world.inDoubt(() -> new PowerCuts(world, random, figures, 1, 1, 1).cutNow());
    ThrowRuns.closeWithAll(world);
    world.open();
    world.finish();
    ThrowRuns.closeWithAll(world);
    figures.histories++;
    figures.operations += ops.size();
  }

  /** In a shorter history the place that matters is passed at another time. */
  private void runAround(Plan plan) {
    for (long nth = Math.max(1, plan.nth() - 40); nth <= plan.nth(); nth++) {
      run(new Plan(plan.point(), nth, false, plan.kind()), seed + nth, new Figures());
    }
  }

  private World world() {
    SimEnv env = new SimEnv(seed);
    return new World(
        new Watch(env, new TrapFiles(env.files()), true), set, set.options(), new Model());
  }

  /** Whether a loop of compactions is running, or a caller compacts. */
  private static boolean merges(World world) {
    String loop = world.watch.runningLoop();
    return loop.startsWith("compact-") || (loop.isEmpty() && world.isCompacting());
  }

  private static void attempt(World world, Trap trap, Op op) {
    try {
      if (!world.isOpen()) {
        world.open();
      }
      world.run(op);
    } catch (Throwable e) {
      boolean own = op instanceof StoreOps.Compact && Trap.isBehind(e);
      if (trap.fired() == 0 || !(own || (e instanceof AtllException && mayEnd(trap)))) {
        throw e;
      }
      Trap.without(world::closeCursors); // one may stand anywhere now
    }
  }

  /** Whether it threw where an edit may be on disk and not in force: then writing ends. */
  private static boolean mayEnd(Trap trap) {
    return trap.threwBelow("dev.atll.manifest.", "")
        || trap.threwBelow("dev.atll.tree.TreeInstaller", "publish")
        || trap.threwBelow("dev.atll.tree.TreeInstaller", "logged");
  }

  private static void goOn(World world, Trap trap, Figures figures) {
    if (!world.isOpen()) {
      return;
    }
    try {
      // Longer than a slot is put aside after its first failure.
      new StoreOps.Pass(5000).run(world);
      new WriteOps.Put(Bytes.EMPTY, new WriteOps.Value(1, 10)).run(world);
      new StoreOps.Flush().run(world);
      new StoreOps.Compact(Range.ALL).run(world);
      if (!world.db().settle(Duration.ofMinutes(10))) {
        throw new AssertionError("not settled: " + world.db().stats());
      }
    } catch (StoreFailedException e) {
      if (!mayEnd(trap)) {
        throw e;
      }
      figures.stopped++;
    }
    World.expectEqual("bytes promised to jobs", 0L, Promises.bytes(world.db()));
    world.checkAll();
    if (figures.stopped == 0) {
      world.db().verify();
    }
  }
}
