package dev.atll.torture;

import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.policy.learn.Learners;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a store is set up and treated: its answers must not depend on it.
 *
 * @param name for the command that replays a failure
 * @param options of the first opening
 * @param changing whether other options are drawn for later openings
 * @param compactEvery after how many operations everything is compacted, 0 for never
 * @param reopenEvery after how many operations the store is closed and opened, 0 for never
 * @param later options of every later opening; null for those of the first
 */
record OptionSet(
    String name,
    Options options,
    boolean changing,
    int compactEvery,
    int reopenEvery,
    @Nullable Options later) {
  /** A log under these holds several times what the reader's memtables may. */
  static final String SMALL_READER = "small-reader";

  private static final String[] POLICIES = Policies.names().toArray(new String[0]);
  private static final List<OptionSet> ALL = makeAll();

  OptionSet(
      String name, Options options, boolean changing, int compactEvery, int reopenEvery) {
    this(name, options, changing, compactEvery, reopenEvery, null);
  }

  static List<OptionSet> all() {
    return ALL;
  }

  static OptionSet named(String name) {
    return ALL.stream().filter(set -> set.name.equals(name)).findFirst().orElseThrow();
  }

  /** A set drawn at random, options and treatment. */
  static OptionSet any(RandomGenerator random) {
    return new OptionSet("any", draw(random), true, 0, 0);
  }

  /** Options for a later opening. */
  Options reopened(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    if (changing && random.nextBoolean()) {
      return draw(random);
    }
    return later == null ? options : later;
  }

  /** Small in everything, so that a few hundred operations fill several levels. */
  private static Options.Builder small() {
    return Options.builder()
        .memtableBytes(16 << 10)
        .slotBytes(4 << 10)
        .partitionBytes(1024)
        .blockBytes(256)
        .fanout(3)
        .levelCount(3)
        .spaceReserveBytes(0)
        .revisionReserve(50)
        .blockCacheBytes(64 << 10)
        .compactionJobs(1)
        .compactionSliceBytes(4 << 10)
        .readSamplePeriod(2)
        .durability(Durability.OS);
  }

  private static Options draw(RandomGenerator random) {
    int slow = 1 + random.nextInt(6);
    Options.Builder drawn =
        small()
            .durability(Durability.values()[random.nextInt(3)])
            .syncInterval(Duration.ofMillis(1 + random.nextInt(2000)))
            .flushOnClose(random.nextBoolean())
            .memtableBytes(16 << 10 << random.nextInt(3))
            .memtableAge(Duration.ofMillis(random.nextInt(4) == 0 ? 5 : 30_000))
            .memtablesMax(2 + random.nextInt(4))
            .walSegmentBytes(4096 << random.nextInt(6))
            .walCollectInterval(Duration.ofMillis(random.nextInt(3) == 0 ? 1 : 60_000))
            .policy(POLICIES[random.nextInt(POLICIES.length)])
            .fanout(2 + random.nextInt(4))
            .levelCount(1 + random.nextInt(5))
            .slotBytes(4096 << random.nextInt(3))
            .runsCap(random.nextInt(3) == 0 ? 2 : 2 + random.nextInt(16))
            .runsPerReadMax(random.nextInt(3) == 0 ? 2 + random.nextInt(10) : 0)
            .spaceAmplificationMax(1.05 + random.nextDouble())
            .tombstonePermille(1 + random.nextInt(1000))
            .levelZeroSlow(slow)
            .levelZeroMax(slow + random.nextInt(6))
            .blockBytes(random.nextInt(3) == 0 ? 1 : 64 << random.nextInt(7))
            .partitionBytes(1024 << random.nextInt(4))
            .filterBitsPerKey(random.nextInt(3) * 5)
            .filterAllocation(
                Options.FilterAllocation.values()[
                    random.nextInt(Options.FilterAllocation.values().length)])
            .filterBytesMax(random.nextInt(4) == 0 ? random.nextInt(8 << 10) : 1 << 20)
            .bloomLevels(random.nextInt(4))
            .compression(
                Options.Compression.values()[
                    random.nextInt(Options.Compression.values().length)])
            .blockCacheBytes(random.nextBoolean() ? 0 : 4096L << random.nextInt(6))
            .compactionJobs(1 + random.nextInt(3))
            .compactionSliceBytes(1024 << random.nextInt(5))
            .compactionBytesPerSecond(random.nextInt(4) == 0 ? 1 << 20 : 0)
            .retainedRevisions(random.nextBoolean() ? 0 : random.nextInt(100))
            .revisionReserve(1 + random.nextInt(100))
            .heatHalfLifeOps(1 + random.nextInt(1000))
            .readSamplePeriod(1 << random.nextInt(3))
            .burdenThreshold(0.01 + random.nextDouble())
            .deleteDeadline(Duration.ofMillis(random.nextInt(3) == 0 ? 1 : 1_000_000_000L))
            .staticFallback(random.nextBoolean())
            .scheduler(Pickers.names().get(random.nextInt(Pickers.names().size())))
            .learner(Learners.names().get(random.nextInt(Learners.names().size())))
            .decisionSeed(random.nextLong())
            .tableMemoryBytes(random.nextInt(3) == 0 ? 0 : 1L << random.nextInt(20));
    return Extremes.some(drawn, random).build();
  }

  private static List<OptionSet> makeAll() {
    List<OptionSet> sets = new ArrayList<>();
    add(sets, "small", o -> o);
    add(sets, "one-entry-blocks", o -> o.blockBytes(1));
    add(sets, "large-blocks", o -> o.blockBytes(64 << 10).partitionBytes(1 << 20));
    add(sets, "fanout-2", o -> o.fanout(2).levelCount(4));
    add(sets, "one-level", o -> o.levelCount(1));
    add(sets, "five-levels", o -> o.levelCount(5).fanout(2));
    for (String policy : POLICIES) {
      add(sets, policy, o -> o.policy(policy));
      add(sets, policy + "-cap-2", o -> o.policy(policy).runsCap(2).fanout(4));
    }
    // Tables beyond their memory: blocks come one by one, from a cache that holds few, or change to
    // and fro with the size of the store.
    add(sets, "unmapped", o -> o.tableMemoryBytes(1));
    add(sets, "sometimes-mapped", o -> o.tableMemoryBytes(32 << 10));
    add(sets, "unmapped-lz4",
        o -> o.tableMemoryBytes(1).compression(Options.Compression.LZ4).blockBytes(1024));
    add(sets, "no-filters", o -> o.filterBitsPerKey(0));
    add(sets, "uniform-filters",
        o -> o.filterAllocation(Options.FilterAllocation.UNIFORM));
    // Partitions of enough keys for a ribbon, which a handful of keys would not get.
    add(sets, "ribbons",
        o -> o.bloomLevels(0).memtableBytes(64 << 10).slotBytes(64 << 10).partitionBytes(1 << 20));
    add(sets, "few-filter-bytes", o -> o.filterBytesMax(2 << 10).bloomLevels(1));
    add(sets, "deflate", o -> o.compression(Options.Compression.DEFLATE).blockBytes(1024));
    add(sets, "lz4", o -> o.compression(Options.Compression.LZ4).blockBytes(1024));
    add(sets, "deflate-uncached",
        o -> o.compression(Options.Compression.DEFLATE).blockCacheBytes(0));
    add(sets, "three-jobs", o -> o.compactionJobs(3).compactionSliceBytes(1024));
    add(sets, "paced", o -> o.compactionBytesPerSecond(1 << 20).compactionJobs(2));
    add(sets, "retained", o -> o.retainedRevisions(60));
    add(sets, "split-keys",
        o ->
            o.splitKey(new byte[] {0})
                .splitKey(new byte[] {0, 0})
                .splitKey(new byte[] {(byte) 0x80})
                .splitKey(new byte[] {'k', '0', '1'})
                .splitKey(new byte[] {(byte) 0xFF, (byte) 0xFF}));
    add(sets, "two-memtables", o -> o.memtablesMax(2));
    add(sets, "small-log", o -> o.walSegmentBytes(4096).walCollectInterval(Duration.ofMillis(1)));
    add(sets, "synced", o -> o.durability(Durability.SYNC));
    add(sets, "interval",
        o -> o.durability(Durability.INTERVAL).syncInterval(Duration.ofMillis(1)));
    add(sets, "young-memtables", o -> o.memtableAge(Duration.ofMillis(1)));
    add(sets, "one-revision-reserved", o -> o.revisionReserve(1));
    sets.add(new OptionSet("defaults", Options.defaults(), false, 0, 0));
    sets.add(new OptionSet("compacted", small().build(), false, 1, 0));
    sets.add(new OptionSet("reopened", small().flushOnClose(false).build(), false, 0, 5));
    sets.add(new OptionSet("flushed", small().memtableAge(Duration.ofMillis(1)).build(), false, 7, 11));
    sets.add(new OptionSet("changing", small().build(), true, 0, 9));
    Options.Builder reader = small().memtablesMax(2).retainedRevisions(20);
    sets.add(
        new OptionSet(
            SMALL_READER,
            reader.build().toBuilder().memtableBytes(512 << 10).flushOnClose(false).build(),
            false,
            0,
            0,
            reader.build()));
    return List.copyOf(sets);
  }

  private static void add(
      List<OptionSet> sets, String name, UnaryOperator<Options.Builder> change) {
    sets.add(new OptionSet(name, change.apply(small()).build(), false, 0, 0));
  }
}
