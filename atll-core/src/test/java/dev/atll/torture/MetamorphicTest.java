package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.sim.SimEnv;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * One history, many ways to set up the store: each must answer as the model does. {@code -Dseconds=}
 * says how long; {@code -Dseed=} replays one history, {@code -Doptions=} under one option set.
 */
final class MetamorphicTest {
  private static final int SECONDS = Integer.getInteger("seconds", 20);

  // A build runs the same histories on every machine; with -Dseconds= the time alone decides.
  private static final long HISTORIES =
      System.getProperty("seconds") == null ? 100 : Long.MAX_VALUE / 2;
  private static final Integer OPERATIONS = Integer.getInteger("operations");

  private final Map<String, Integer> events = new TreeMap<>();
  private long histories;
  private long operations;

  @Test
  void optionsDoNotChangeAnswers() {
    Long given = Long.getLong("seed");
    String set = System.getProperty("options");
    if (given != null) {
      runAll(given, set);
      return;
    }
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    long seed = Long.getLong("firstSeed", 1);
    long last = seed + HISTORIES;
    List<OptionSet> sets = OptionSet.all();
    do {
      // Another set for each history, and now and then one history under all of them.
      if (set != null || seed % 50 == 0) {
        runAll(seed, set);
      } else if (seed % 5 == 0) {
        check(seed, OptionSet.any(new SplittableRandom(seed)));
      } else {
        check(seed, sets.get(Math.floorMod(seed, sets.size())));
      }
      seed++;
    } while (seed < last && System.nanoTime() - end < 0);
    System.out.printf(
        "%d histories, %d operations, events %s%n", histories, operations, events);
    if (set == null && SECONDS >= 20) {
      // The histories went where they should.
      for (String kind :
          List.of(
              "FlushEvent$Completed",
              "AdmissionEvent$Completed",
              "CompactionEvent$Finished",
              "DecisionEvent$Made",
              "GuardEvent$Split")) {
        assertTrue(events.getOrDefault(kind, 0) > 10, kind + " in " + events);
      }
    }
  }

  private void runAll(long seed, String only) {
    for (OptionSet set : OptionSet.all()) {
      if (only == null || only.equals(set.name())) {
        check(seed, set);
      }
    }
    if (only == null || only.equals("any")) {
      check(seed, OptionSet.any(new SplittableRandom(seed)));
    }
  }

  private void check(long seed, OptionSet set) {
    // Short ones are many, long ones go deep.
    int length = OPERATIONS != null ? OPERATIONS : 100 << Math.floorMod(seed, 5);
    List<Op> ops = OpMix.history(seed, length);
    try {
      run(seed, set, ops);
    } catch (Exception | AssertionError e) {
      throw Failures.report(
          e,
          MetamorphicTest.class,
          "-Dseed=" + seed + " -Doptions=" + set.name(),
          ops,
          shorter -> run(seed, set, shorter));
    }
  }

  private void run(long seed, OptionSet set, List<Op> ops) {
    World world = new World(new SimEnv(seed), set);
    world.open();
    ops.forEach(world::run);
    world.finish();
    world.watch.events().forEach((kind, count) -> events.merge(kind, count, Integer::sum));
    histories++;
    operations += ops.size();
  }
}
