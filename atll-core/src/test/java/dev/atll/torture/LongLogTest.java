package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A log that holds several times what the memtables of its reader may: it goes to tables while read. */
final class LongLogTest {
  private static World written(long seed) {
    World world = new World(new SimEnv(seed), OptionSet.named(OptionSet.SMALL_READER));
    world.open();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 30; i++) {
      Bytes key = Bytes.of(new byte[] {(byte) random.nextInt(12)});
      // One value in ten is larger than a whole memtable of the reader, and than all of them.
      int length = i % 10 == 5 ? 40_000 : random.nextInt(8000);
      world.run(new WriteOps.Put(key, new WriteOps.Value(i, length)));
      if (i % 7 == 3) {
        world.run(new WriteOps.Delete(key));
      }
    }
    return world;
  }

  /** What a reader finds that has all its calls, and how many tables it wrote before it was open. */
  private static int flushes(SimFileSystem files, World before) {
    Watch watch = new Watch(new SimEnv(1, files), null);
    World after = new World(watch, before.set, before.set.reopened(1), before.model);
    after.open();
    int flushes = watch.events().getOrDefault("FlushEvent$Completed", 0);
    after.run(new ReadOps.Scan(0, Range.ALL, false));
    after.run(new ReadOps.ReadAt(10, 0, Bytes.EMPTY, false));
    after.finish();
    return flushes;
  }

  @Test
  void goesToTablesWhileItIsRead() {
    World world = written(1);
    int flushes = flushes(world.watch.sim().files().kill(), world);
    assertTrue(flushes > 3, () -> flushes + " of " + world.watch.events());
    world.finish();
  }

  @Test
  void powerMayGoAnywhereMeanwhile() {
    World world = written(2);
    SplittableRandom random = new SplittableRandom(2);
    PowerCuts cuts = new PowerCuts(world, random, new Figures(), 1, 1, 0);
    Campaign campaign = new Campaign(2, 60, f -> {});
    assertTrue(
        cuts.sweepRecovery(
            CrashMode.EVERYTHING,
            List.of(CrashMode.SYNCED_ONLY, CrashMode.any(random)),
            campaign));
    assertEquals(0, campaign.figures.failures());
    world.finish();
  }
}
