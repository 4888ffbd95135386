package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.AtllException;
import dev.atll.api.StoreFailedException;
import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Histories in which one file operation fails, once or from then on. Every call then succeeds with
 * the right answer or fails with a typed error; and when the fault is gone, the store opens again
 * with all it had acknowledged, and survives a power cut with all it had promised. {@code
 * -Dseconds=} says how long; {@code -Dseed=} replays one history with its faults.
 */
final class FaultTest {
  private static final int SECONDS = Integer.getInteger("seconds", 10);

  // A build runs the same histories on every machine; with -Dseconds= the time alone decides.
  private static final long HISTORIES =
      System.getProperty("seconds") == null ? 20 : Long.MAX_VALUE / 2;
  private static final int OPERATIONS = Integer.getInteger("operations", 50);
  private static final int FAULTS_EACH = 8;

  private static final List<Fault> FAULTS =
      List.of(
          Fault.ioError(),
          new Fault.IoError(0.5),
          Fault.outOfSpace(),
          Fault.lostPages(),
          Fault.interrupt());

  private final Figures figures = new Figures();
  private final Map<String, Integer> fired = new TreeMap<>();
  private int unreached;
  private int stopped;

  /** One thing that goes wrong. */
  private record Plan(FaultRule rule, long seed) {
    @Override
    public String toString() {
      return "%s no. %d%s: %s"
          .formatted(rule.kind(), rule.nth(), rule.sticky() ? " and all after" : "", rule.fault());
    }
  }

  @Test
  void oneFailureLosesNothing() {
    Long given = Long.getLong("seed");
    if (given != null) {
      check(given);
      return;
    }
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    long seed = Long.getLong("firstSeed", 1);
    long last = seed + HISTORIES;
    do {
      check(seed++);
    } while (seed < last && System.nanoTime() - end < 0);
    int all = fired.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "%d faults fired, %d not reached, %d stores stopped writing, %s; %s%n",
        all, unreached, stopped, fired, figures);
    if (all + unreached > 200) {
      assertTrue(all > 2 * unreached, all + " faults fired, " + unreached + " did not");
      assertTrue(stopped > 0, "no fault stopped a store");
    }
  }

  private void check(long seed) {
    List<Op> ops = OpMix.history(seed, OPERATIONS);
    SplittableRandom random = new SplittableRandom(seed);
    OptionSet set = OptionSet.any(random);
    Map<OpKind, Long> calls = count(seed, set, ops);
    for (int i = 0; i < FAULTS_EACH; i++) {
      Plan plan = draw(random, calls);
      try {
        run(plan, seed, set, ops);
      } catch (RuntimeException | AssertionError e) {
        throw Failures.report(
            new AssertionError("with " + plan + ": " + e, e),
            FaultTest.class,
            "-Dseed=" + seed,
            ops,
            shorter -> runAround(plan, seed, set, shorter));
      }
    }
  }

  private static Map<OpKind, Long> count(long seed, OptionSet set, List<Op> ops) {
    SimEnv env = new SimEnv(seed);
    FaultFileSystem files = new FaultFileSystem(env.files());
    World world = new World(new Watch(env, files, true), set, set.options(), new Model());
    world.open();
    ops.forEach(world::run);
    world.close();
    Map<OpKind, Long> calls = new EnumMap<>(OpKind.class);
    for (OpKind kind : OpKind.values()) {
      if (files.calls(kind) > 0) {
        calls.put(kind, files.calls(kind));
      }
    }
    return calls;
  }

  private static Plan draw(SplittableRandom random, Map<OpKind, Long> calls) {
    List<OpKind> kinds = new ArrayList<>(calls.keySet());
    OpKind kind = kinds.get(random.nextInt(kinds.size()));
    List<Fault> suitable = FAULTS.stream().filter(fault -> suits(fault, kind)).toList();
    return new Plan(
        new FaultRule(
            kind,
            name -> true,
            1 + random.nextLong(calls.get(kind)),
            random.nextInt(3) == 0,
            suitable.get(random.nextInt(suitable.size()))),
        random.nextLong());
  }

  private static boolean suits(Fault fault, OpKind kind) {
    // Names are journalled: a file system that cannot commit them goes read-only, it does not
    // forget them and go on.
    return fault.suits(kind)
        && !(kind == OpKind.SYNC_DIRECTORY && fault instanceof Fault.LostPages);
  }

  /** In a shorter history the call that matters has another number. */
  private void runAround(Plan plan, long seed, OptionSet set, List<Op> ops) {
    FaultRule rule = plan.rule();
    for (long nth = Math.max(1, rule.nth() - 40); nth <= rule.nth(); nth++) {
      FaultRule other =
          new FaultRule(rule.kind(), rule.names(), nth, rule.sticky(), rule.fault());
      run(new Plan(other, plan.seed()), seed, set, ops);
    }
  }

  private void run(Plan plan, long seed, OptionSet set, List<Op> ops) {
    SimEnv env = new SimEnv(seed);
    FaultFileSystem files = new FaultFileSystem(env.files(), env.clock()::advance);
    files.add(plan.rule());
    World world = new World(new Watch(env, files, true), set, set.options(), new Model());
    for (Op op : ops) {
      attempt(world, files, op);
    }
    if ((plan.seed() & 1) == 0) {
      closeQuietly(world);
    }
    Thread.interrupted();
    if (files.fired() == 0) {
      unreached++;
    } else {
      fired.merge(plan.rule().kind() + " " + plan.rule().fault(), 1, Integer::sum);
    }
    files.clear();
    goOn(world);
    SplittableRandom random = new SplittableRandom(plan.seed());
    world.inDoubt(() -> new PowerCuts(world, random, figures, 1, 1, 1).cutNow());
    closeQuietly(world);
    world.open();
    world.finish();
    figures.histories++;
    figures.operations += ops.size();
  }

  private static void attempt(World world, FaultFileSystem files, Op op) {
    try {
      if (!world.isOpen()) {
        world.open();
      }
      world.run(op);
    } catch (AtllException e) {
      if (files.fired() == 0) {
        throw e;
      }
      world.closeCursors(); // one may stand anywhere now
    }
  }

  /** The fault is over: the store takes writes again, or says that it has stopped. */
  private void goOn(World world) {
    if (!world.isOpen()) {
      return;
    }
    try {
      new StoreOps.Pass(5000).run(world);
      new WriteOps.Put(Bytes.EMPTY, new WriteOps.Value(1, 10)).run(world);
    } catch (StoreFailedException e) {
      stopped++;
    }
  }

  private static void closeQuietly(World world) {
    try {
      world.close();
    } catch (AtllException e) {
      // It has failed before; what counts is what opens again.
    }
  }
}
