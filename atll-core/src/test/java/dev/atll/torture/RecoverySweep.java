package dev.atll.torture;

import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
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
      List.of("small-log", "synced", "reopened", "one-revision-reserved", "split-keys");

  @Override
  public boolean run(Campaign campaign) {
    for (int i = 0; i < histories; i++) {
      long seed = campaign.firstSeed + i;
      List<Op> ops = OpMix.history(seed, OPERATIONS);
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

  private boolean run(long seed, List<Op> ops, Campaign campaign) {
    SplittableRandom random = new SplittableRandom(seed);
    OptionSet set = OptionSet.named(SETS.get(Math.floorMod(seed, SETS.size())));
    World world = new World(new SimEnv(seed), set);
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
