package dev.atll.torture;

import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The power goes at the end of a history, in each of the sixteen ways, and then again at every single
 * operation of the recovery.
 *
 * @param histories how many
 * @param every one in so many of the first cuts is tried; 1 for all
 */
record RecoverySweep(int histories, int every) implements Stage {
  private static final int OPERATIONS = 40;
  private static final List<String> SETS =
      List.of(
          OptionSet.SMALL_READER,
          "small-log",
          "synced",
          "reopened",
          "one-revision-reserved",
          "split-keys");

  @Override
  public boolean run(Campaign campaign) {
    for (int i = 0; i < histories; i++) {
      long seed = campaign.firstSeed + i;
      List<Op> ops = history(seed);
      try {
        if (!run(seed, ops, campaign)) {
          return false;
        }
      } catch (Exception | AssertionError e) {
        throw Failures.report(
            e,
            "SweepTest",
            "-Dsweep=recovery -Dseed=" + seed,
            ops,
            o -> run(seed, o, new Campaign(seed, 10, f -> {})));
      }
    }
    return true;
  }

  private static List<Op> history(long seed) {
    List<Op> ops = OpMix.history(seed, OPERATIONS);
    return set(seed).name().equals(OptionSet.SMALL_READER) ? withLongLog(seed, ops) : ops;
  }

  private static OptionSet set(long seed) {
    return OptionSet.named(SETS.get(Math.floorMod(seed, SETS.size())));
  }

  /** Adds enough at the end that recovery has to write several tables while it reads the log. */
  private static List<Op> withLongLog(long seed, List<Op> ops) {
    SplittableRandom random = new SplittableRandom(seed);
    KeySpace keys = new KeySpace(random);
    List<Op> longer = new ArrayList<>(ops);
    for (int i = 0; i < 20; i++) {
      WriteOps.Value value = new WriteOps.Value(OPERATIONS + i, 1 + random.nextInt(8000));
      longer.add(new WriteOps.Put(keys.key(), value));
      if (random.nextInt(3) == 0) {
        longer.add(new WriteOps.Delete(keys.key()));
      }
    }
    return longer;
  }

  private boolean run(long seed, List<Op> ops, Campaign campaign) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World(new SimEnv(seed), set(seed));
    world.open();
    ops.forEach(world::run);
    PowerCuts cuts = new PowerCuts(world, random, campaign.figures, 1, 1, 0);
    int number = 0;
    for (CrashMode first : CrashMode.all()) {
      if (number++ % every == 0
          && !cuts.sweepRecovery(
              first,
              List.of(
                  CrashMode.SYNCED_ONLY,
                  CrashMode.EVERYTHING,
                  CrashMode.any(random),
                  CrashMode.any(random)),
              campaign)) {
        return false;
      }
    }
    world.finish();
    campaign.figures.histories++;
    campaign.figures.operations += ops.size();
    return true;
  }
}
