package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.env.sim.SimEnv;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A window of keys that moves on, as time series do: slots of ranges that were deleted are joined, so
 * that the ranges written now can have theirs, and every read stays right across it.
 */
final class JoinTest {
  private static final int SEEDS = 4;
  private static final int WINDOW = 400;

  @Test
  void slotsOfDeletedRangesAreJoinedAndNothingIsLost() {
    int splits = 0;
    int joins = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      OptionSet set = OptionSet.named("small");
      Options options =
          set.options().toBuilder().policy("atll").fanout(3).levelCount(3).slotBytes(4096).build();
      Watch watch = new Watch(new SimEnv(seed), event -> {});
      World world = new World(watch, set, options, new Model());
      world.open();
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 4000; i++) {
        int at = i + random.nextInt(50);
        new WriteOps.Put(key(at), new WriteOps.Value(i, 60 + random.nextInt(60))).run(world);
        if (at >= WINDOW) {
          new WriteOps.Delete(key(at - WINDOW)).run(world);
        }
        if (i % 500 == 0) {
          new ReadOps.Scan(0, Range.ALL, random.nextBoolean()).run(world);
        }
        world.watch.check();
      }
      new StoreOps.Settle().run(world);
      new ReadOps.Scan(0, Range.ALL, false).run(world);
      splits += watch.events().getOrDefault("GuardEvent$Split", 0);
      joins += watch.events().getOrDefault("GuardEvent$Merged", 0);
      world.close();
      world.open();
      new ReadOps.Scan(0, Range.ALL, true).run(world);
      world.close();
    }
    System.out.printf("%d splits, %d joins%n", splits, joins);
    assertTrue(joins > SEEDS, joins + " joins of " + splits + " splits");
  }

  private static Bytes key(int n) {
    return Bytes.of("t%08d".formatted(n).getBytes(StandardCharsets.US_ASCII));
  }
}
