package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.env.OpKind;
import dev.atll.env.fault.FileEvent;
import dev.atll.env.sim.SimEnv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Counts the bytes that each background loop appends to each kind of file: handing a table down, or
 * cutting a slot, writes an edit to the manifest and nothing else, and the store's own figures are
 * what went to disk.
 */
final class BytesWrittenTest {
  private static final int SEEDS = 6;

  /** Bytes by loop and kind of file, such as "flush sst". */
  private static final class Appended {
    private final Map<String, Long> bytes = new HashMap<>();
    private Watch watch;

    void take(FileEvent event) {
      if (event.kind() == OpKind.APPEND) {
        bytes.merge(watch.runningLoop() + " " + kind(event.name()), event.bytes(), Long::sum);
      }
    }

    private static String kind(String name) {
      return name.startsWith("MANIFEST") ? "manifest" : name.substring(name.lastIndexOf('.') + 1);
    }

    long of(String loop, String kind) {
      return bytes.getOrDefault(loop + " " + kind, 0L);
    }

    long ofAll(String kind) {
      return bytes.entrySet().stream()
          .filter(e -> e.getKey().endsWith(" " + kind))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  @Test
  void admissionsMovesAndSplitsWriteNoTableBytes() {
    long admissions = 0;
    long moves = 0;
    long splits = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      OptionSet set = OptionSet.named(List.of("small", "fanout-2", "tiered").get((int) seed % 3));
      // All numbers reserved at once, so that nothing but trees is written to the manifest.
      Options options = set.options().toBuilder().revisionReserve(1 << 20).build();
      Appended appended = new Appended();
      Watch watch = new Watch(new SimEnv(seed), appended::take);
      appended.watch = watch;
      World world = new World(watch, set, options, new Model());
      world.open();
      long opened = appended.ofAll("manifest");
      List<String> wrong = new ArrayList<>();
      long[] before = new long[2];
      watch.afterEachRun(
          loop -> {
            if (loop.equals("compact-0")) {
              long moved = world.db().stats().moves();
              long tables = appended.of("compact-0", "sst");
              if (moved > before[0] && tables > before[1]) {
                wrong.add("a move wrote " + (tables - before[1]) + " bytes");
              }
              before[0] = moved;
              before[1] = tables;
            }
          });
      fill(world, seed);
      Stats stats = world.db().stats();
      assertEquals(List.of(), wrong, "seed " + seed);
      assertEquals(0, appended.of("admit", "sst"), "seed " + seed);
      assertTrue(appended.of("admit", "manifest") > 0, "seed " + seed);
      // Nobody but flushes and compactions writes tables, and what they say they wrote they did.
      assertEquals(stats.flushBytesWritten(), appended.of("flush", "sst"), "seed " + seed);
      assertEquals(stats.compactionBytesWritten(), appended.of("compact-0", "sst"), "seed " + seed);
      assertEquals(
          stats.flushBytesWritten() + stats.compactionBytesWritten(),
          appended.ofAll("sst"),
          "seed " + seed);
      assertEquals(stats.manifestBytesWritten(), appended.ofAll("manifest"), "seed " + seed);
      assertEquals(stats.logBytesWritten(), appended.ofAll("wal"), "seed " + seed);
      assertTrue(appended.ofAll("manifest") > opened, "seed " + seed);
      admissions += stats.admissions();
      moves += stats.moves();
      splits += watch.events().getOrDefault("GuardEvent$Split", 0);
      world.close();
    }
    System.out.printf("%d admissions, %d moves, %d splits%n", admissions, moves, splits);
    assertTrue(admissions > SEEDS, admissions + " admissions");
    assertTrue(moves > splits, moves + " moves, of which " + splits + " splits");
    assertTrue(splits > 0, splits + " splits");
  }

  private static void fill(World world, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      // In order in some ranges, all over the place in others.
      Bytes key =
          Bytes.of("%c%06d".formatted('a' + random.nextInt(2), i % 3 == 0 ? i : random.nextInt(4000))
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      new WriteOps.Put(key, new WriteOps.Value(i, 60 + random.nextInt(60))).run(world);
      world.watch.check();
    }
    new StoreOps.Settle().run(world);
    new ReadOps.Scan(0, Range.ALL, false).run(world);
  }
}
