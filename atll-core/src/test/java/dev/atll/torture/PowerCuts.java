package dev.atll.torture;

import dev.atll.api.AtllException;
import dev.atll.api.Cursor;
import dev.atll.api.Options;
import dev.atll.env.OpKind;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.OperationHook;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.env.sim.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the power of a running history, again and again, without disturbing it: at chosen file
 * operations it takes images of what may be left, opens a store on each, and holds it against the
 * model.
 *
 * <p>What must hold: the store opens; it holds exactly one state of the model, at or after the last
 * one promised and at most the one under way; it takes more writes, under revisions never used
 * before; and all this holds again when the power goes during recovery, or soon after.
 */
final class PowerCuts implements OperationHook {
  private final World world;
  private final SimFileSystem files;
  private final SplittableRandom random;
  private final Figures figures;
  private final int oneIn;
  private final int imagesEach;
  private final int depth;
  private @Nullable Throwable failure;
  // The least that any opening since the cut was told to retain.
  private long retained;

  /**
   * Makes it; {@link #start} begins.
   *
   * @param oneIn how many file operations pass for each that is cut, on average
   * @param imagesEach images taken at each cut
   * @param depth how often a survivor may be cut again
   */
  PowerCuts(
      World world,
      SplittableRandom random,
      Figures figures,
      int oneIn,
      int imagesEach,
      int depth) {
    this.world = world;
    this.files = world.watch.sim().files();
    this.random = random;
    this.figures = figures;
    this.oneIn = oneIn;
    this.imagesEach = imagesEach;
    this.depth = depth;
  }

  void start() {
    files.setHook(this);
  }

  void stop() {
    files.setHook(null);
  }

  /** Throws what was found. The engine might have swallowed it, had the hook thrown it. */
  void check() {
    Throwable found = failure;
    if (found != null) {
      throw new AssertionError("after a crash: " + found.getMessage(), found);
    }
  }

  @Override
  public void before(OpKind kind, String name) {
    if (failure != null || random.nextInt(oneIn) != 0) {
      return;
    }
    figures.crashPoints++;
    for (int i = 0; i < imagesEach && failure == null; i++) {
      boolean kill = random.nextInt(8) == 0;
      CrashMode mode = CrashMode.any(random);
      guarded(kind + " " + name, kill ? null : mode);
    }
  }

  /** Cuts now, whatever the operation: nothing unsynced kept, all, some; and ends the process. */
  void cutNow() {
    guarded("the end", CrashMode.SYNCED_ONLY);
    guarded("the end", CrashMode.EVERYTHING);
    guarded("the end", CrashMode.any(random));
    guarded("the end", null);
    check();
  }

  private void guarded(String place, @Nullable CrashMode mode) {
    try {
      cut(mode);
    } catch (RuntimeException | Error e) {
      failure =
          new AssertionError(
              "before %s, %s: %s"
                  .formatted(place, mode == null ? "kill" : mode, e.getMessage()),
              e);
    }
  }

  private void cut(@Nullable CrashMode mode) {
    retained = Long.MAX_VALUE;
    int durable = world.durableState();
    int from = mode == null ? Math.max(durable, world.ackedState()) : durable;
    SimFileSystem image = mode == null ? files.kill() : files.crash(random, mode);
    if (mode == null) {
      figures.kills++;
    } else if (random.nextInt(4) == 0) {
      image = cutRecovery(image);
    }
    World survivor = recover(image, from, mode == null ? durable : -1);
    examine(survivor);
    if (depth > 0 && random.nextInt(3) == 0) {
      goOn(survivor);
    }
  }

  /**
   * Cuts the power at every operation of the recovery of what this moment may leave, with each of
   * the given modes, and recovers what that leaves.
   *
   * @return whether all of it was done
   */
  boolean sweepRecovery(CrashMode first, List<CrashMode> second, Campaign campaign) {
    int from = world.durableState();
    SimFileSystem image = files.crash(random, first);
    SimFileSystem whole = image.kill();
    World undisturbed = newWorld(whole);
    undisturbed.open();
    long operations = whole.mutations();
    for (int at = 1; at <= operations; at++) {
      for (CrashMode mode : second) {
        if (!campaign.goesOn()) {
          return false;
        }
        retained = Long.MAX_VALUE;
        SimFileSystem left = cutRecovery(image.kill(), at, mode);
        figures.crashPoints++;
        try {
          examine(recover(left, from, -1));
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(
              "%s, then at operation %d of recovery %s: %s"
                  .formatted(first, at, mode, e.getMessage()),
              e);
        }
      }
    }
    return true;
  }

  /** Cuts the power again while the store is being opened. */
  private SimFileSystem cutRecovery(SimFileSystem image) {
    return cutRecovery(image, 1 + random.nextInt(12), CrashMode.any(random));
  }

  private SimFileSystem cutRecovery(SimFileSystem image, int operations, CrashMode mode) {
    image.setHook(new After(operations));
    World interrupted = newWorld(image);
    try {
      interrupted.open();
    } catch (SimulatedCrash | AtllException e) {
      // Opening ends in one way or another; what counts is what it leaves.
    }
    if (image.mutations() < operations) {
      // Recovery was over sooner: an open store that has done nothing yet is cut.
      image.halt();
    }
    figures.recoveryCrashes++;
    return image.crash(random, mode);
  }

  /** Stops everything at the n-th operation. */
  private static final class After implements OperationHook {
    private int left;

    After(int operations) {
      this.left = operations;
    }

    @Override
    public void before(OpKind kind, String name) {
      if (--left == 0) {
        throw new SimulatedCrash("inside recovery");
      }
    }
  }

  private World newWorld(SimFileSystem image) {
    OptionSet set = world.set;
    Watch watch = new Watch(new SimEnv(random.nextLong(), image), null);
    Options options = set.reopened(random.nextLong());
    retained = Math.min(retained, options.retainedRevisions());
    return new World(watch, set, options, new Model());
  }

  /**
   * Opens what is left and finds out which state it has.
   *
   * @param from the state it must have at least
   * @param durable how much of it is on the device; -1 for all that is found
   */
  private World recover(SimFileSystem image, int from, int durable) {
    figures.images++;
    World survivor = newWorld(image);
    try {
      survivor.open();
    } catch (RuntimeException | Error e) {
      figures.refused++;
      throw new AssertionError("the store does not open: " + e, e);
    }
    Model model = world.model;
    long digest = survivor.digest();
    // A batch under way that changes nothing cannot be told from none: then it does not count.
    int acked = Math.max(from, world.ackedState());
    int state = model.find(digest, from, acked);
    if (state < 0) {
      state = model.find(digest, acked, model.steps());
    }
    if (state < 0) {
      int older = model.find(digest, 0, from - 1);
      if (older >= 0) {
        figures.lost++;
      } else {
        figures.holes++;
      }
      throw new AssertionError(
          older >= 0
              ? "recovered state %d of %d, promised was %d".formatted(older, model.steps(), from)
              : "recovered no state from %d to %d: %s"
                  .formatted(from, model.steps(), differences(survivor, model, from)));
    }
    figures.unpromisedKept += state > from ? 1 : 0;
    figures.unpromisedLost += state < model.steps() ? 1 : 0;
    // A batch that changes nothing, or back, leaves a state that was there before.
    // So may the batch under way: then it is not known whether what it undid was there.
    int newest = model.find(digest, state, model.steps());
    boolean twice = newest > state || model.find(digest, 0, state - 1) >= 0;
    survivor.succeed(
        model.upTo(state),
        durable < 0 ? state : durable,
        twice ? model.revision(newest) : 0,
        world,
        retained);
    return survivor;
  }

  private static String differences(World survivor, Model model, int state) {
    TreeMap<Bytes, Model.Live> missing = new TreeMap<>(model.at(state));
    StringBuilder text = new StringBuilder();
    try (Cursor cursor = survivor.db().cursor(Range.ALL.forStore())) {
      while (cursor.next()) {
        Model.Live found =
            new Model.Live(cursor.revision(), Bytes.of(cursor.valueBytes()));
        Bytes key = Bytes.of(cursor.keyBytes());
        Model.Live expected = missing.remove(key);
        if (!found.equals(expected)) {
          text.append("%n    %s is %s, was %s".formatted(key, found, expected));
        }
      }
    }
    missing.forEach((key, live) -> text.append("%n    %s is gone, was %s".formatted(key, live)));
    return text.toString();
  }

  private void examine(World survivor) {
    try {
      if (random.nextInt(8) == 0) {
        survivor.db().verify();
        new ReadOps.Scan(0, Range.ALL, true).run(survivor);
      }
      if (random.nextInt(4) == 0) {
        new ReadOps.ReadAt(random.nextInt(20), random.nextInt(2), Bytes.EMPTY, false)
            .run(survivor);
      }
      if (random.nextInt(32) == 0) {
        survivor.reopen(random.nextLong());
        new ReadOps.Scan(0, Range.ALL, false).run(survivor);
      }
    } catch (RuntimeException | Error e) {
      figures.wrong++;
      throw new AssertionError("the recovered store is wrong: " + e.getMessage(), e);
    }
  }

  /** The survivor does a little more, and the power goes again. */
  private void goOn(World survivor) {
    figures.secondCrashes++;
    PowerCuts again = new PowerCuts(survivor, random, figures, 4, 1, depth - 1);
    OpMix mix = new OpMix(random.nextLong());
    List<Op> ops = new ArrayList<>();
    again.start();
    try {
      for (int i = random.nextInt(8); i >= 0; i--) {
        ops.add(mix.next());
        survivor.run(ops.getLast());
        again.check();
      }
      again.stop();
      again.cutNow();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "then %s: %s".formatted(ops, e.getMessage()), e);
    }
  }
}
