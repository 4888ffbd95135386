package dev.atll.torture;

import dev.atll.api.AtllException;
import dev.atll.api.Options;
import dev.atll.api.StoreFailedException;
import dev.atll.env.sim.SimEnv;
import dev.atll.torture.Trap.Plan;
import dev.atll.torture.Trap.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Runs a history in which a {@link Trap} throws, once or from then on. Every call then succeeds with
 * the right answer, or fails with a typed error or what was thrown; and when it throws no more, the
 * store works on or says that it has stopped, is closed with all it had open, opens again with all it
 * had acknowledged, and survives a power cut with all it had promised.
 *
 * @param seed of the environment
 * @param set how the store is set up
 * @param ops the history
 */
record ThrowRuns(long seed, OptionSet set, List<Op> ops) {
  private static final Logger LOGGER = Logger.getLogger("dev.atll");
  private static final ClassLoader LOADER = TrapPolicy.loader();

  /** What is thrown here is nobody's failure: who tells, or is asked the time, hurts no call. */
  private static final Set<Point> HARMLESS =
      EnumSet.of(
          Point.EVENT,
          Point.ENABLED,
          Point.METER,
          Point.LOG,
          Point.SIGNAL,
          Point.YIELD,
          Point.CLOCK,
          Point.SPACE);

  /** Sees every line that the engine logs, as a handler of the application would. */
  private static final class TrapHandler extends Handler {
    @Override
    public void publish(LogRecord line) {
      Trap.pass(Point.LOG);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Drawn options with the policy of another jar, which only who asks with its loader knows. */
  static OptionSet trapped(OptionSet drawn, UnaryOperator<Options.Builder> more) {
    List<Options> options = new ArrayList<>();
    within(
        new Trap(null),
        () ->
            options.add(more.apply(drawn.options().toBuilder().policy(TrapPolicy.NAME)).build()));
    return new OptionSet("trapped", options.getFirst(), true, 0, 0);
  }

  /** How often each place is passed when nothing is thrown. */
  Map<Point, Long> passed() {
    Trap trap = new Trap(null);
    within(
        trap,
        () -> {
          World world = world();
          world.open();
          ops.forEach(world::run);
          world.close();
        });
    return new EnumMap<>(trap.passed());
  }

  /** The same on another history. */
  ThrowRuns with(List<Op> other) {
    return new ThrowRuns(seed, set, other);
  }

  /**
   * Runs it with one trap.
   *
   * @param cutSeed for whether it is closed or cut, and for what a power cut leaves
   */
  void run(Plan plan, long cutSeed, Figures figures) {
    Trap trap = new Trap(plan);
    within(trap, () -> run(trap, plan, cutSeed, figures));
  }

  private void run(Trap trap, Plan plan, long cutSeed, Figures figures) {
    World world = world();
    for (Op op : ops) {
      attempt(world, trap, plan, op);
    }
    if ((cutSeed & 1) == 0) {
      attempt(world, trap, plan, World::close);
    }
    trap.disarm();
    if (trap.fired() == 0) {
      figures.unreached++;
    } else {
      figures.fired(plan.point() + " " + plan.kind());
    }
    goOn(world, plan, figures);
    SplittableRandom random = new SplittableRandom(cutSeed);
    world.inDoubt(() -> new PowerCuts(world, random, figures, 1, 1, 1).cutNow());
    closeWithAll(world);
    world.open();
    world.finish();
    closeWithAll(world);
    figures.histories++;
    figures.operations += ops.size();
  }

  /** In a shorter history the place that matters is passed at another time. */
  void runAround(Plan plan, long cutSeed) {
    for (long nth = Math.max(1, plan.nth() - 40); nth <= plan.nth(); nth++) {
      run(
          new Plan(plan.point(), nth, plan.sticky(), plan.kind()),
          cutSeed,
          new Figures());
    }
  }

  private World world() {
    SimEnv env = new SimEnv(seed);
    Watch watch = new Watch(env, new TrapFiles(env.files()), true);
    return new World(watch, set, set.options(), new Model());
  }

  /** Sets the trap and all that leads into it; takes it away again. */
  static void within(Trap trap, Runnable action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    Handler handler = new TrapHandler();
    thread.setContextClassLoader(LOADER);
    LOGGER.addHandler(handler);
    LOGGER.setUseParentHandlers(false);
    Trap.set(trap);
    try {
      action.run();
    } finally {
      Trap.set(null);
      LOGGER.setUseParentHandlers(true);
      LOGGER.removeHandler(handler);
      thread.setContextClassLoader(before);
    }
  }

  private static void attempt(World world, Trap trap, Plan plan, Op op) {
    try {
      if (!world.isOpen()) {
        world.open();
      }
      world.run(op);
    } catch (Throwable e) {
      boolean expected = e instanceof AtllException || Trap.isBehind(e);
      if (trap.fired() == 0 || !expected || HARMLESS.contains(plan.point())) {
        throw e;
      }
      Trap.without(world::closeCursors); // one may stand anywhere now
    }
  }

  /** Nothing throws any more: no slot stays leased, and the store takes writes or has stopped. */
  private static void goOn(World world, Plan plan, Figures figures) {
    if (!world.isOpen()) {
      return;
    }
    try {
      new StoreOps.Pass(5000).run(world);
      new WriteOps.Put(Bytes.EMPTY, new WriteOps.Value(1, 10)).run(world);
      new StoreOps.Compact(Range.ALL).run(world);
      if (!world.db().settle(Duration.ofMinutes(10))) {
        throw new AssertionError("not settled: " + world.db().stats());
      }
    } catch (StoreFailedException e) {
      if (HARMLESS.contains(plan.point())) {
        throw e;
      }
      figures.stopped++;
    }
  }

  static void closeWithAll(World world) {
    try {
      world.close();
    } catch (AtllException e) {
      // It has failed before; what counts is what opens again.
    }
    List<String> handles = world.watch.sim().files().openHandles();
    if (!handles.isEmpty()) {
      throw new AssertionError("left open by close(): " + handles);
    }
  }
}
