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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;

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
  private static final int ROUNDS = 6;
  // A cut is some ten recoveries, and what it finds has little to do with where a job threw.
  private static final int CUT_ONE_IN = 8;
  // A slot that stays leased is waited for in every one of the runs after it.
  private static final int WAITS_MAX = 10_000;
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
   * @param only of the places in the engine those are tried, each the first and the last time it is
   *     passed, that are in a class with one of these names; empty for none of them
   * @param goesOn whether there is time for more
   * @param did told what was done, under the names of {@link Figures#counts}
   */
  public static void check(
      long seed,
      int each,
      List<String> only,
      BooleanSupplier goesOn,
      Consumer<Map<String, Long>> did) {
    SplittableRandom random = new SplittableRandom(seed);
    JobRuns runs = new JobRuns(seed, set(random), history(seed));
    List<Plan> plans = runs.plans(each, only, random);
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

  private List<Plan> plans(int each, List<String> only, SplittableRandom random) {
    Trap counted = passed();
    List<Plan> plans = new ArrayList<>();
    for (Point point : new TreeSet<>(KINDS.keySet())) {
      long times = counted.passed().getOrDefault(point, 0L);
      for (int i = 1; i <= Math.min(times, each); i++) {
        long nth = times <= each ? i : 1 + random.nextLong(times);
        List<Kind> kinds = kinds(point);
        plans.add(new Plan(point, nth, false, kinds.get(random.nextInt(kinds.size()))));
      }
    }
    counted
        .places()
        .forEach(
            (place, visits) -> {
              if (only.stream().anyMatch(name(place)::contains)) {
                List<Kind> kinds = kinds(visits.point);
                for (long nth : new TreeSet<>(List.of(visits.first, visits.last))) {
                  plans.add(
                      new Plan(visits.point, nth, false, kinds.get(random.nextInt(kinds.size()))));
                }
              }
            });
    return plans;
  }

  private static List<Kind> kinds(Point point) {
    return Objects.requireNonNull(KINDS.get(point));
  }

  private static String name(int place) {
    return JobRuns.class.getClassLoader() instanceof IntFunction<?> names
        ? String.valueOf(names.apply(place))
        : "";
  }

  /** Runs it and counts what is passed while jobs are decided, run and told. */
  private Trap passed() {
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
    return trap;
  }

  private void run(Plan plan, long cutSeed, Figures figures) {
    Trap trap = new Trap(plan);
    ThrowRuns.within(
        trap,
        () -> {
          try {
            run(trap, plan, cutSeed, figures);
          } catch (Throwable e) {
            throw new AssertionError(e + "; thrown before: " + trap.threwAt(), e);
          }
        });
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
    if (cutSeed % CUT_ONE_IN == 0) {
      SplittableRandom random = new SplittableRandom(cutSeed);
      world.inDoubt(() -> new PowerCuts(world, random, figures, 1, 1, 1).cutNow());
    }
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
    Watch watch = new Watch(env, new TrapFiles(env.files()), true);
    watch.waitAtMost(WAITS_MAX);
    return new World(watch, set, set.options(), new Model());
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
      // Longer than a slot is put aside after its first failure, or an adviser is not asked again.
      new StoreOps.Pass(1500).run(world);
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
