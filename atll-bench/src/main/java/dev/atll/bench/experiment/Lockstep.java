package dev.atll.bench.experiment;

import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.Stores;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.sim.SimEnv;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A world in which a store of ours keeps step with its load: files are real, but flushes and
 * compactions run between the operations, on the thread of the load, and a simulated clock goes on
 * by what the operations should take. So the counts of a run (bytes written, runs per read, space)
 * follow from load, policy, options and seed, and not from how busy the machine is; its times mean
 * nothing. For one thread.
 */
final class Lockstep {
  // As in an experiment's engine runs: so many operations between two looks at background work.
  private static final int STEP = 64;
  private static final int STEPS_PER_LOOK = 64;
  private static final double OPS_PER_SECOND = 100_000;

  private final SimEnv world;
  private final Env env;
  private final Path directory;
  private final double nanosPerOp;
  private long bytesMax;
  private int steps;

  /**
   * A world.
   *
   * @param seed of all chance in it
   * @param opsPerSecond the pace of the load by its clock; 0 for 100,000
   * @param directory where the store will be
   */
  Lockstep(long seed, double opsPerSecond, Path directory) {
    this.world = new SimEnv(seed);
    this.env = new EnvWithFiles(world, new UnsyncedFiles(Env.system().files()));
    this.directory = directory;
    this.nanosPerOp = 1e9 / (opsPerSecond > 0 ? opsPerSecond : OPS_PER_SECOND);
  }

  /** Opens a store of ours in this world: a {@link StoreOpener}. */
  Store open(String engine, Path place, Map<String, String> settings) {
    if (!engine.equals("atll")) {
      throw new IllegalArgumentException("engine " + engine + " cannot keep step with its load");
    }
    return Stores.openOwn(place, settings, env);
  }

  /**
   * Lets workers take turns until all have ended or done what they may.
   *
   * @param opsPerWorker operations each does at most
   * @param done counts what all have done
   */
  void drive(List<? extends Worker> workers, long opsPerWorker, StopSignal stop, AtomicLong done) {
    List<Worker> left = new ArrayList<>(workers);
    for (long each = 0; each < opsPerWorker && !left.isEmpty() && !stop.requested(); each += STEP) {
      int count = (int) Math.min(STEP, opsPerWorker - each);
      left.removeIf(worker -> !step(worker, count, done));
    }
    look();
  }

  private boolean step(Worker worker, int count, AtomicLong done) {
    final boolean more = worker.step(count);
    done.addAndGet(count);
    world.workers().advance((long) (count * nanosPerOp));
    steps++;
    if (steps % STEPS_PER_LOOK == 0) {
      look();
    }
    return more;
  }

  private void look() {
    try {
      bytesMax = Math.max(bytesMax, DiskUsage.bytes(directory));
    } catch (UncheckedIOException e) {
      // Nothing comes and goes between two operations; what cannot be read now can be at the end.
      return;
    }
  }

  /** The most bytes seen in the directory. */
  long bytesMax() {
    return bytesMax;
  }
}
