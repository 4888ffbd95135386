package dev.atll.torture;

import dev.atll.api.Options;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The ends of the documented ranges of options. Left out is what a simulation cannot have: memory for
 * a block cache of a tebibyte, a disk of a pebibyte to be kept free, a merge of a byte a second.
 */
final class Extremes {
  private static final List<UnaryOperator<Options.Builder>> ALL =
      List.of(
          o -> o.memtableBytes(16 << 10),
          o -> o.memtableBytes(1L << 30),
          o -> o.memtableAge(Duration.ofSeconds(Long.MAX_VALUE)),
          o -> o.memtableAge(Duration.ofMillis(1)),
          o -> o.memtableAge(Options.OFF),
          o -> o.memtablesMax(16),
          o -> o.walSegmentBytes(4096),
          o -> o.walSegmentBytes(1L << 30),
          o -> o.walCollectInterval(Duration.ofSeconds(Long.MAX_VALUE)),
          o -> o.walCollectInterval(Options.OFF),
          o -> o.syncInterval(Options.OFF),
          o -> o.fanout(2),
          o -> o.fanout(100),
          o -> o.levelCount(1),
          o -> o.levelCount(16),
          o -> o.slotBytes(0),
          o -> o.slotBytes(1L << 30),
          o -> o.runsCap(2),
          o -> o.runsCap(64),
          o -> o.runsPerReadMax(2),
          o -> o.runsPerReadMax(1_000_000),
          o -> o.spaceAmplificationMax(1.05),
          o -> o.spaceAmplificationMax(10),
          o -> o.tombstonePermille(1),
          o -> o.tombstonePermille(1000),
          o -> o.deleteDeadline(Duration.ofDays(365_000)),
          o -> o.levelZeroSlow(1).levelZeroMax(1),
          o -> o.levelZeroSlow(1000).levelZeroMax(1000),
          o -> o.blockBytes(1),
          o -> o.blockBytes(1 << 20),
          o -> o.partitionBytes(64L << 20),
          o -> o.filterBitsPerKey(32),
          o -> o.filterBytesMax(0),
          o -> o.filterBytesMax(1L << 50),
          o -> o.tableMemoryBytes(1),
          o -> o.tableMemoryBytes(1L << 50),
          o -> o.bloomLevels(17),
          o -> o.compactionJobs(64),
          o -> o.compactionSliceBytes(1024),
          o -> o.compactionSliceBytes(1L << 30),
          o -> o.compactionBytesPerSecond(1L << 50),
          o -> o.retainedRevisions(1L << 62),
          o -> o.revisionReserve(1),
          o -> o.revisionReserve(1L << 40),
          o -> o.heatHalfLifeOps(1),
          o -> o.heatHalfLifeOps(1L << 40),
          o -> o.readSamplePeriod(1 << 16),
          o -> o.burdenThreshold(0.01),
          o -> o.burdenThreshold(100));

  private Extremes() {}

  /** Takes a few options to an end of their range, for two stores in three none. */
  static Options.Builder some(Options.Builder builder, RandomGenerator random) {
    Options.Builder changed = builder;
    if (random.nextInt(3) == 0) {
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        changed = ALL.get(random.nextInt(ALL.size())).apply(changed);
      }
    }
    return changed;
  }
}
