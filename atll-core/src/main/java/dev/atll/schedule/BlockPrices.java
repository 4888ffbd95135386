package dev.atll.schedule;

import dev.atll.sstable.BlockTraffic;
import dev.atll.sstable.PartitionRange;
import dev.atll.sstable.TableReader;
import dev.atll.tree.ReadRun;

/**
 * What a block of a run costs a read beyond one in memory: the share of its blocks that caches did not
 * have × what a read of its file takes. Both are counted while the store works, so that a price is
 * that of the device, of what the system's page cache holds, and of the run's own heat. Where tables are
 * mapped it is 0. A simulation prices its runs by the same rule. Not thread-safe: in the engine guarded
 * by the scheduler's lock.
 */
public final class BlockPrices {
  // The store's mean counts as much as so many blocks of a run: a new one has no counts of its own.
  private static final double PRIOR_BLOCKS = 32;

  // A run weighs in the store's mean by the blocks asked of it, up to this many, over so many runs.
  private static final double BLOCKS_MAX = 256;
  private static final double RUNS = 32;

  private double missNanos;
  private double readNanos;
  private long missesBilled;
  private double billedNanos;

  /** Creates prices of a store of which nothing was read yet. */
  public BlockPrices() {}

  /** The price for a run, in nanoseconds, in steps of a fifth at most: what is new each look is noise. */
  long missNanos(ReadRun run) {
    TableReader table = run.table();
    if (table.isMapped()) {
      return 0;
    }
    long hits = 0;
    long misses = 0;
    PartitionRange range = run.partitions();
    for (int p = range.from(); p < range.to(); p++) {
      BlockTraffic traffic = table.traffic(p);
      if (traffic != null) {
        hits += traffic.hits();
        misses += traffic.misses();
      }
    }
    return price(hits + misses, misses, table.blockReadNanos());
  }

  /**
   * The price of a run, in nanoseconds, in the same steps.
   *
   * @param asked blocks of it that were asked of a cache, 0 or more
   * @param misses those that were not there, at most as many
   * @param nanosEach what reading one of these took, in nanoseconds, 0 or more
   */
  public long price(long asked, long misses, long nanosEach) {
    double own = (double) misses * nanosEach;
    double nanos = (own + PRIOR_BLOCKS * missNanos) / (asked + PRIOR_BLOCKS);
    if (asked > 0) {
      double weight = Math.min(1, asked / BLOCKS_MAX) / RUNS;
      missNanos += (own / asked - missNanos) * weight;
      if (misses > 0) {
        readNanos = readNanos == 0 ? nanosEach : readNanos + (nanosEach - readNanos) * weight;
      }
    }
    return step(nanos);
  }

  /** The nearest of 4, 5, 6 and 7 times a power of two. */
  private static long step(double nanos) {
    long whole = Math.round(nanos);
    int shift = Math.max(0, Long.SIZE - 3 - Long.numberOfLeadingZeros(whole));
    return whole + (1L << shift >> 1) >> shift << shift;
  }

  /**
   * What all reads of blocks cost so far, beyond blocks in memory; grows only.
   *
   * @param misses blocks that had to be read, since the store was opened
   */
  double billed(long misses) {
    billedNanos += Math.max(0, misses - missesBilled) * readNanos;
    missesBilled = misses;
    return billedNanos;
  }
}
