package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.env.sim.SimEnv;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A seed replays a whole history: each file operation, each background run, each decision. */
final class ReplayTest {
  private static final int SEEDS = 8;

  /** What happened, in order, and a hash that has more. */
  private record Trace(List<String> operations, long hash) {}

  private static Trace run(long seed) {
    List<String> operations = new ArrayList<>();
    Watch watch = new Watch(new SimEnv(seed), event -> operations.add(event.toString()));
    OptionSet set = OptionSet.any(new SplittableRandom(seed));
    World world = new World(watch, set, set.options(), new Model());
    world.open();
    OpMix.history(seed, 200).forEach(world::run);
    world.finish();
    operations.add("at " + watch.sim().clock().elapsedNanos());
    return new Trace(operations, watch.traceHash());
  }

  @Test
  void aSeedReplaysFilesBackgroundWorkAndDecisions() {
    Set<Long> hashes = new HashSet<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Trace first = run(seed);
      Trace second = run(seed);
      assertEquals(first.operations(), second.operations(), "seed " + seed);
      assertEquals(first.hash(), second.hash(), "seed " + seed);
      hashes.add(first.hash());
    }
    assertEquals(SEEDS, hashes.size());
  }
}
