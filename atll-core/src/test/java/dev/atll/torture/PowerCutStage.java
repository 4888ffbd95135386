package dev.atll.torture;

import dev.atll.env.sim.SimEnv;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Histories cut by power failures at any file operation, under options drawn for each.
 *
 * @param imagesFactor how many times more images are taken at each cut than a build takes
 */
record PowerCutStage(int imagesFactor) implements Stage {
  private static final int OPERATIONS = Integer.getInteger("operations", 60);

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, campaign.figures);
    }
    return false;
  }

  void check(long seed, Figures figures) {
    List<Op> ops = OpMix.history(seed, OPERATIONS);
    int oneIn = 2 << Math.floorMod(seed, 5);
    try {
      run(seed, ops, figures, oneIn, imagesFactor * (1 + Math.floorMod(seed, 3)));
    } catch (Exception | AssertionError e) {
      // Denser while shrinking: with other operations the same cut falls elsewhere.
      throw Failures.report(
          e,
          "PowerCutTest",
          "-Dseed=%d -Dimages=%d".formatted(seed, imagesFactor),
          ops,
          o -> run(seed, o, new Figures(), 2, 2));
    }
  }

  private static void run(long seed, List<Op> ops, Figures figures, int oneIn, int imagesEach) {
    SplittableRandom random = new SplittableRandom(seed);
    List<OptionSet> sets = OptionSet.all();
    OptionSet set =
        random.nextBoolean() ? OptionSet.any(random) : sets.get(random.nextInt(sets.size()));
    World world = new World(new SimEnv(seed), set);
    PowerCuts cuts = new PowerCuts(world, random, figures, oneIn, imagesEach, 2);
    cuts.start();
    world.open();
    for (Op op : ops) {
      world.run(op);
      cuts.check();
    }
    cuts.cutNow();
    world.finish();
    cuts.check();
    figures.histories++;
    figures.operations += ops.size();
  }
}
