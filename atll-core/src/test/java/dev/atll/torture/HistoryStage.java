package dev.atll.torture;

import dev.atll.env.sim.SimEnv;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One history, many ways to set up the store: each must answer as the model does. */
final class HistoryStage implements Stage {
  private static final Integer OPERATIONS = Integer.getInteger("operations");

  /** How often each kind of event was seen. */
  final Map<String, Integer> events = new TreeMap<>();

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      runSome(seed, campaign.figures);
    }
    return false;
  }

  /** Another set for each history, and now and then one history under all of them. */
  void runSome(long seed, Figures figures) {
    List<OptionSet> sets = OptionSet.all();
    if (seed % 50 == 0) {
      runAll(seed, null, figures);
    } else if (seed % 5 == 0) {
      check(seed, OptionSet.any(new SplittableRandom(seed)), figures);
    } else {
      check(seed, sets.get(Math.floorMod(seed, sets.size())), figures);
    }
  }

  /** One history under the set of this name, or all. */
  void runAll(long seed, String only, Figures figures) {
    for (OptionSet set : OptionSet.all()) {
      if (only == null || only.equals(set.name())) {
        check(seed, set, figures);
      }
    }
    if (only == null || only.equals("any")) {
      check(seed, OptionSet.any(new SplittableRandom(seed)), figures);
    }
  }

  private void check(long seed, OptionSet set, Figures figures) {
    // Short ones are many, long ones go deep.
    int length = OPERATIONS != null ? OPERATIONS : 100 << Math.floorMod(seed, 5);
    List<Op> ops = OpMix.history(seed, length);
    try {
      run(seed, set, ops);
    } catch (Exception | AssertionError e) {
      figures.wrong++;
      throw Failures.report(
          e,
          "MetamorphicTest",
          "-Dseed=" + seed + " -Doptions=" + set.name(),
          ops,
          shorter -> run(seed, set, shorter));
    }
    figures.histories++;
    figures.operations += ops.size();
  }

  private void run(long seed, OptionSet set, List<Op> ops) {
    World world = new World(new SimEnv(seed), set);
    world.open();
    ops.forEach(world::run);
    world.finish();
    world.watch.events().forEach((kind, count) -> events.merge(kind, count, Integer::sum));
  }
}
