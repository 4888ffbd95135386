package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.VizEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A log that holds several times what the memtables of its reader may: it goes to tables while read. */
final class LongLogTest {
  private static final Path DIRECTORY = Path.of("/db");

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

  private static final class Flushed implements EventSink {
    final AtomicLong bytes = new AtomicLong();

    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public void emit(VizEvent event) {
      if (event instanceof FlushEvent.Completed flush) {
        bytes.addAndGet(flush.bytesIn());
      }
    }
  }

  /** What is in no table when the store is open is what its memtables may hold, however many. */
  @Test
  void holdsNoMoreThanMemtablesMay() {
    for (int memtables = 2; memtables <= 6; memtables++) {
      SimEnv env = new SimEnv(memtables);
      SplittableRandom random = new SplittableRandom(memtables);
      Options.Builder options =
          Options.builder().memtableBytes(1 << 20).flushOnClose(false).spaceReserveBytes(0);
      long content = 0;
      try (AtllDb db = Atll.open(DIRECTORY, options.build(), Observer.none(), env)) {
        while (content < 600_000) {
          byte[] value = new byte[random.nextInt(6000)];
          random.nextBytes(value);
          db.put(new byte[] {(byte) random.nextInt(100)}, value);
          content += 1 + value.length;
        }
      }
      options.memtableBytes(16 << 10).memtablesMax(memtables);
      Flushed flushed = new Flushed();
      Observer observer = Observer.none().withEvents(flushed);
      try (AtllDb db = Atll.open(DIRECTORY, options.build(), observer, env)) {
        long held = content - flushed.bytes.get(); // at least: memtables take more than what is put in
        assertTrue(held <= memtables * (16L << 10), held + " bytes in " + memtables + " memtables");
        assertTrue(db.count(KeyRange.all()) > 50);
      }
    }
  }

  @Test
  void powerMayGoAnywhereMeanwhile() {
    World world = written(2);
    SplittableRandom random = new SplittableRandom(2);
    PowerCuts cuts = new PowerCuts(world, random, new Figures(), 1, 1, 0);
    Campaign campaign = new Campaign(2, 600, f -> {});
    assertTrue(
        cuts.sweepRecovery(
            CrashMode.EVERYTHING,
            List.of(CrashMode.SYNCED_ONLY, CrashMode.any(random)),
            campaign));
    assertEquals(0, campaign.figures.failures());
    world.finish();
  }
}
