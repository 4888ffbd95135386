package dev.atll.torture;

import dev.atll.torture.Trap.Kind;
import dev.atll.torture.Trap.Plan;
import dev.atll.torture.Trap.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What runs inside the engine and is not its own throws, and so does what may run out of memory: a
 * small history for each seed, in which each place throws each time it is passed, or as often as
 * {@code each} says, with all kinds of error.
 *
 * @param each so many of the times that a place is passed are tried
 */
record ThrowStage(int each) implements Stage {
  private static final int OPERATIONS = Integer.getInteger("operations", 40);

  /** The places to throw at. */
  static final Set<Point> POINTS = points();

  private static Set<Point> points() {
    String given = System.getProperty("points");
    if (given == null) {
      return EnumSet.allOf(Point.class);
    }
    Set<Point> points = EnumSet.noneOf(Point.class);
    for (String name : given.split(",")) {
      points.add(Point.valueOf(name));
    }
    return points;
  }

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, campaign);
    }
    return false;
  }

  void check(long seed, Campaign campaign) {
    SplittableRandom random = new SplittableRandom(seed);
    OptionSet set = ThrowRuns.trapped(OptionSet.any(random), options -> options);
    ThrowRuns runs = new ThrowRuns(seed, set, OpMix.history(seed, OPERATIONS));
    List<Plan> plans = plans(runs.passed(), random);
    Collections.shuffle(plans, new Random(seed));
    for (Plan plan : plans) {
      if (!campaign.goesOn()) {
        return;
      }
      attempt(runs, plan, seed + plan.nth(), campaign.figures);
    }
  }

  private List<Plan> plans(Map<Point, Long> passed, SplittableRandom random) {
    List<Plan> plans = new ArrayList<>();
    passed.forEach(
        (point, times) -> {
          if (!POINTS.contains(point)) {
            return;
          }
          for (int i = 1; i <= Math.min(times, each); i++) {
            long nth = times <= each ? i : 1 + random.nextLong(times);
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            // Loops of a simulation that cannot be woken at all would never run again.
            boolean sticky = random.nextInt(3) == 0 && point != Point.SIGNAL;
            plans.add(new Plan(point, nth, sticky, kind));
          }
        });
    return plans;
  }

  private static void attempt(ThrowRuns runs, Plan plan, long cutSeed, Figures figures) {
    try {
      runs.run(plan, cutSeed, figures);
    } catch (Throwable e) {
      if (figures.failures() == 0) {
        figures.wrong++;
      }
      throw Failures.report(
          new AssertionError("with " + plan + ": " + e, e),
          "ThrowTest",
          "-Dseed=" + runs.seed(),
          runs.ops(),
          shorter -> runs.with(shorter).runAround(plan, cutSeed));
    }
  }
}
