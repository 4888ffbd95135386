package dev.atll.torture;

import dev.atll.api.AtllException;
import dev.atll.api.StoreFailedException;
import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Runs a history in which one file operation fails, once or from then on. Every call then succeeds
 * with the right answer or fails with a typed error; and when the fault is gone, the store opens
 * again with all it had acknowledged, and survives a power cut with all it had promised.
 *
 * @param seed of the environment
 * @param set how the store is set up
 * @param ops the history
 */
record FaultRuns(long seed, OptionSet set, List<Op> ops) {
  private static final long STALL_NANOS = 4_000_000_000L;

  /**
   * What may go wrong: nothing done, half done, no space with and without a part, lost pages; and of
   * reads of blocks, a device that stalls for seconds, gives less than asked, or something else.
   */
  static final List<Fault> FAULTS =
      List.of(
          Fault.ioError(),
          new Fault.IoError(0.5),
          Fault.outOfSpace(),
          Fault.lostPages(),
          Fault.outOfMemory(),
          Fault.noDescriptors(),
          Fault.interrupt(),
          new Fault.Delay(STALL_NANOS),
          Fault.shortReads(1),
          Fault.shortReads(700),
          Fault.wrongBytes(0),
          Fault.wrongBytes(0.6));

  /** One thing that goes wrong, and the seed for what is drawn around it. */
  record Plan(FaultRule rule, long seed) {
    @Override
    public String toString() {
      return "%s no. %d%s: %s"
          .formatted(rule.kind(), rule.nth(), rule.sticky() ? " and all after" : "", rule.fault());
    }
  }

  static boolean suits(Fault fault, OpKind kind) {
    // Names are journalled: a file system that cannot commit them goes read-only, it does not
    // forget them and go on. And only an append can be half done.
    return fault.suits(kind)
        && !(fault instanceof Fault.Delay && kind != OpKind.READ_BLOCK)
        && !(kind == OpKind.SYNC_DIRECTORY && fault instanceof Fault.LostPages);
  }

  /** How often each kind of call comes when nothing fails. */
  Map<OpKind, Long> calls() {
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

  /** The same on another history. */
  FaultRuns with(List<Op> other) {
    return new FaultRuns(seed, set, other);
  }

  /** Runs it with one fault. */
  void run(Plan plan, Figures figures) {
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
      figures.unreached++;
    } else {
      figures.fired(plan.rule().kind() + " " + name(plan.rule().fault()));
    }
    files.clear();
    goOn(world, figures);
    SplittableRandom random = new SplittableRandom(plan.seed());
    world.inDoubt(() -> new PowerCuts(world, random, figures, 1, 1, 1).cutNow());
    closeQuietly(world);
    world.open();
    world.finish();
    figures.histories++;
    figures.operations += ops.size();
  }

  /** In a shorter history the call that matters has another number. */
  void runAround(Plan plan) {
    FaultRule rule = plan.rule();
    for (long nth = Math.max(1, rule.nth() - 40); nth <= rule.nth(); nth++) {
      FaultRule other =
          new FaultRule(rule.kind(), rule.names(), nth, rule.sticky(), rule.fault());
      run(new Plan(other, plan.seed()), new Figures());
    }
  }

  private static String name(Fault fault) {
    return switch (fault) {
      case Fault.IoError(double done) -> done == 0 ? "EIO" : "EIO after a part";
      case Fault.OutOfSpace(double done) -> done == 0 ? "ENOSPC" : "ENOSPC after a part";
      case Fault.LostPages() -> "EIO, pages lost";
      case Fault.LyingSync() -> "lie";
      case Fault.Delay(long nanos) -> "delay of " + nanos;
      case Fault.ShortReads s -> "short reads";
      case Fault.WrongBytes w -> "wrong bytes";
      case Fault.OutOfMemory() -> "no memory";
      case Fault.Interrupt() -> "interrupt";
      case Fault.NoDescriptors() -> "no descriptors";
    };
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
    } catch (OutOfMemoryError e) {
      if (files.fired() == 0) {
        throw e;
      }
      world.closeCursors();
    }
  }

  /** The fault is over: the store takes writes again, or says that it has stopped. */
  private static void goOn(World world, Figures figures) {
    if (!world.isOpen()) {
      return;
    }
    try {
      new StoreOps.Pass(5000).run(world);
      new WriteOps.Put(Bytes.EMPTY, new WriteOps.Value(1, 10)).run(world);
    } catch (StoreFailedException e) {
      figures.stopped++;
    }
  }

  private static void closeQuietly(World world) {
    try {
      world.close();
    } catch (AtllException | OutOfMemoryError e) {
      // It has failed before; what counts is what opens again.
    }
  }
}
