package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.sim.SimEnv;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Histories cut by power failures at any file operation. {@code -Dseconds=} says how long; {@code
 * -Dseed=} replays one history.
 */
final class PowerCutTest {
  private static final int SECONDS = Integer.getInteger("seconds", 20);

  // A build runs the same histories on every machine; with -Dseconds= the time alone decides.
  private static final long HISTORIES =
      System.getProperty("seconds") == null ? 40 : Long.MAX_VALUE / 2;
  private static final int OPERATIONS = Integer.getInteger("operations", 60);

  private final Figures figures = new Figures();

  @Test
  void whatWasPromisedSurvives() {
    Long given = Long.getLong("seed");
    if (given != null) {
      check(given);
      return;
    }
    long began = System.nanoTime();
    long seed = Long.getLong("firstSeed", 1);
    long last = seed + HISTORIES;
    long nanos;
    do {
      check(seed++);
      nanos = System.nanoTime() - began;
    } while (seed < last && nanos < SECONDS * 1_000_000_000L);
    System.out.printf("%s; %,.0f images/s%n", figures, figures.images * 1e9 / nanos);
    assertEquals(0, figures.failures());
    if (SECONDS >= 20) {
      // Cuts that lose nothing and keep nothing extra would prove nothing.
      assertTrue(figures.images > 300, figures::toString);
      assertTrue(figures.unpromisedKept > figures.images / 20, figures::toString);
      assertTrue(figures.unpromisedLost > figures.images / 20, figures::toString);
      assertTrue(figures.recoveryCrashes > figures.images / 20, figures::toString);
      assertTrue(figures.secondCrashes > figures.images / 50, figures::toString);
    }
  }

  private void check(long seed) {
    List<Op> ops = OpMix.history(seed, OPERATIONS);
    try {
      run(seed, ops, figures, 2 << Math.floorMod(seed, 5), 1 + Math.floorMod(seed, 3));
    } catch (Exception | AssertionError e) {
      // Denser while shrinking: with other operations the same cut falls elsewhere.
      throw Failures.report(
          e, PowerCutTest.class, "-Dseed=" + seed, ops, o -> run(seed, o, new Figures(), 2, 2));
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
