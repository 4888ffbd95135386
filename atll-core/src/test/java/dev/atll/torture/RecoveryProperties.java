package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Storage;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for the recovery of every store, in many short scenarios; the long ones are stages. */
final class RecoveryProperties {
  private static World open(long seed, OptionSet set) {
    World world = new World(new SimEnv(seed), set);
    world.open();
    return world;
  }

  private static void run(World world, long seed, int operations) {
    OpMix mix = new OpMix(seed);
    for (int i = 0; i < operations; i++) {
      world.run(mix.next());
    }
  }

  /** The state that a store on these files holds, or -1 if it is none of the model's. */
  private static int recovered(SimFileSystem files, World before) {
    World after =
        new World(
            new Watch(new SimEnv(1, files), null), before.set, before.options(), new Model());
    after.open();
    int state = before.model.find(after.digest(), 0, before.model.steps());
    after.db().close();
    return state;
  }

  /** Whatever a power cut leaves is a prefix of the writes that has all that was promised. */
  @Property(tries = 1000)
  void prefixValidRecovery(@ForAll long seed, @ForAll @IntRange(max = 12) int operations) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = open(seed, OptionSet.any(random));
    run(world, seed, operations);
    new PowerCuts(world, random, new Figures(), 1, 1, 0).cutNow();
  }

  /** Once a flush has returned, its version of the tree is there, even if nothing unsynced is. */
  @Property(tries = 1000)
  void lastCommittedVersionPreserved(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int operations) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = open(seed, OptionSet.named("small"));
    run(world, seed, operations);
    new StoreOps.Flush().run(world);
    int state =
        recovered(world.watch.sim().files().crash(random, CrashMode.SYNCED_ONLY), world);
    assertTrue(state >= 0, "a state that never was");
    // Another state that holds the same is as good.
    assertEquals(world.model.at(world.model.steps()), world.model.at(state));
  }

  /** Log segments go while writes, flushes and time go on; a cut at any operation loses nothing. */
  @Property(tries = 1000)
  void concurrentLogCollectionLosesNothing(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = open(seed, OptionSet.named("small-log"));
    PowerCuts cuts = new PowerCuts(world, random, new Figures(), 16, 1, 0);
    cuts.start();
    for (int i = 0; i < 8; i++) {
      Bytes key = Bytes.random(random, random.nextInt(3));
      world.run(new WriteOps.Put(key, new WriteOps.Value(i, random.nextInt(900))));
      if (random.nextInt(3) == 0) {
        world.run(new StoreOps.Flush());
      }
      world.run(new StoreOps.Pass(random.nextInt(20)));
      cuts.check();
    }
    cuts.stop();
    cuts.cutNow();
  }

  /** However much of the end of an open log is missing, what is left is a state that was. */
  @Property(tries = 1000)
  void incompleteTail(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 10) int writes,
      @ForAll @IntRange(max = 400) int missing)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    World world = open(seed, OptionSet.named("small"));
    for (int i = 0; i < writes; i++) {
      Bytes key = Bytes.random(random, random.nextInt(3));
      world.run(new WriteOps.Put(key, new WriteOps.Value(i, random.nextInt(80))));
    }
    SimFileSystem files = world.watch.sim().files().crash(random, CrashMode.EVERYTHING);
    try (Storage storage = files.open(World.DIRECTORY, false)) {
      List<String> logs = storage.list().stream().filter(n -> n.endsWith(".wal")).toList();
      String name = logs.getLast();
      long length = storage.length(name);
      files.truncate(SmallStore.path(name), Math.max(0, length - missing));
    }
    int state = recovered(files, world);
    assertTrue(state >= 0, "a state that never was");
    assertTrue(missing > 0 || state == world.model.steps(), "nothing was missing");
  }

  /** Any options, any operations, cuts anywhere, also inside recovery and again after it. */
  @Property(tries = 1000)
  void recoveryInvariantOverRandomScenarios(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = open(seed, OptionSet.any(random));
    PowerCuts cuts = new PowerCuts(world, random, new Figures(), 40, 1, 1);
    cuts.start();
    OpMix mix = new OpMix(seed);
    for (int i = 0; i < 6; i++) {
      world.run(mix.next());
      cuts.check();
    }
    cuts.stop();
    cuts.cutNow();
  }
}
