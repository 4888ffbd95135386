package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import dev.atll.sstable.filter.FilterKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters in a whole store: nothing is denied that is there, and the rates are what they should be. */
class FiltersTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int KEYS = 20_000;

  private static byte[] key(int i, String ending) {
    return "%06d%s".formatted(i, ending).getBytes(StandardCharsets.US_ASCII);
  }

  private static Options.Builder options() {
    return Options.builder()
        .memtableBytes(64 << 10)
        .slotBytes(64 << 10)
        .fanout(4)
        .levelCount(4)
        .blockBytes(512)
        .readSamplePeriod(1)
        .heatHalfLifeOps(20_000)
        .spaceReserveBytes(0)
        .compactionJobs(1)
        .durability(Durability.OS);
  }

  private static AtllDb open(SimEnv env, Options options) {
    return Atll.open(DIRECTORY, options, new Observer(Meter.none(), EventSink.none()), env);
  }

  private static void put(AtllDb db, int i) {
    db.put(key(i, ""), new byte[20]);
  }

  private static void settle(AtllDb db) {
    assertTrue(db.settle(Duration.ofMinutes(5)));
  }

  private static void load(AtllDb db, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < KEYS; i++) {
      put(db, random.nextInt(KEYS));
      put(db, i);
    }
    settle(db);
  }

  private static void expectAll(AtllDb db) {
    for (int i = 0; i < KEYS; i++) {
      assertNotNull(db.get(key(i, "")), "key " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, BY_NEED", "1, BY_NEED", "17, BY_NEED", "0, UNIFORM", "2, UNIFORM"})
  void nothingIsDeniedAndRatesAreAsPredicted(int bloomLevels, Options.FilterAllocation allocation) {
    SimEnv env = new SimEnv(1);
    Options options =
        options().bloomLevels(bloomLevels).filterAllocation(allocation).filterBitsPerKey(6).build();
    try (AtllDb db = open(env, options)) {
      load(db, 1);
      expectAll(db);
    }
    try (AtllDb db = open(env, options)) {
      expectAll(db);
      for (int i = 0; i < KEYS; i++) {
        assertNull(db.get(key(i, "x")));
      }
      Stats stats = db.stats();
      double ratio = stats.falsePositiveRate() / stats.expectedFalsePositiveRate();
      assertEquals(1, ratio, 0.15, ratio + " of " + stats.expectedFalsePositiveRate());
      assertTrue(stats.filterProbes() > KEYS / 2, stats.filterProbes() + " probes");
      long entries = stats.levels().stream().mapToLong(Stats.LevelStats::entries).sum();
      double bits = 8.0 * stats.filterBytes() / entries;
      // What was written while the tree was fuller keeps the share it had then.
      assertEquals(6, bits, 1.5, bits + " bits a key");
      Stats.LevelStats deepest = stats.levels().get(0);
      for (Stats.LevelStats level : stats.levels()) {
        deepest = level.entries() > 0 ? level : deepest;
      }
      double deepestBits = 8.0 * deepest.filterBytes() / deepest.entries();
      double bloom = FilterKind.BLOCKED_BLOOM.falsePositiveRate(5000, deepestBits);
      if (bloomLevels < 3) {
        assertTrue(deepest.falsePositiveRate() < 0.85 * bloom, "no ribbons in " + deepest);
      } else {
        assertTrue(deepest.falsePositiveRate() > 0.9 * bloom, deepest.toString());
      }
      db.compact(KeyRange.all());
      expectAll(db);
      db.verify();
    }
  }

  /** Reads that ask in vain in a tenth of the keys: that tenth's filters become the better ones. */
  @Test
  void byNeedReadsFewerBlocksInVainForTheSameMemory() {
    double[] rate = new double[2];
    double[] bits = new double[2];
    for (Options.FilterAllocation allocation : Options.FilterAllocation.values()) {
      Options options = options().filterAllocation(allocation).filterBitsPerKey(5).build();
      SimEnv env = new SimEnv(2);
      try (AtllDb db = open(env, options)) {
        SplittableRandom random = new SplittableRandom(2);
        load(db, 2);
        for (int i = 0; i < 4 * KEYS; i++) {
          boolean hot = random.nextInt(10) > 0;
          db.get(key(random.nextInt(hot ? KEYS / 10 : KEYS), "x"));
          if (i % 2 == 0) {
            put(db, random.nextInt(KEYS));
          }
        }
        settle(db);
        db.compact(KeyRange.all());
      }
      try (AtllDb db = open(env, options)) {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2 * KEYS; i++) {
          boolean hot = random.nextInt(10) > 0;
          db.get(key(random.nextInt(hot ? KEYS / 10 : KEYS), "x"));
        }
        Stats stats = db.stats();
        rate[allocation.ordinal()] = stats.falsePositiveRate();
        long entries = stats.levels().stream().mapToLong(Stats.LevelStats::entries).sum();
        bits[allocation.ordinal()] = 8.0 * stats.filterBytes() / entries;
      }
    }
    int uniform = Options.FilterAllocation.UNIFORM.ordinal();
    int byNeed = Options.FilterAllocation.BY_NEED.ordinal();
    String what =
        "uniform %.4f at %.2f bits, by need %.4f at %.2f bits"
            .formatted(rate[uniform], bits[uniform], rate[byNeed], bits[byNeed]);
    assertTrue(rate[byNeed] < 0.5 * rate[uniform], what);
    assertTrue(bits[byNeed] < 1.1 * bits[uniform], what);
  }

  @Test
  void bytesOfAllFiltersAreBounded() {
    Options options = options().filterBytesMax(8 << 10).build();
    try (AtllDb db = open(new SimEnv(3), options)) {
      load(db, 3);
      expectAll(db);
      Stats stats = db.stats();
      // Blocks of 64 bytes round up in each of many small partitions.
      assertTrue(stats.filterBytes() < 2 * (8 << 10), stats.filterBytes() + " bytes");
      assertTrue(stats.filterBytes() > 2 << 10, stats.filterBytes() + " bytes");
    }
  }
}
