package dev.atll.api;

import java.util.List;

/**
 * Counts and sizes of a store at one moment. Byte counts are since the store was opened unless they
 * name a size.
 *
 * @param puts values written
 * @param deletes deletions written
 * @param gets point reads
 * @param seeks cursor positionings
 * @param userBytesWritten key and value bytes of all writes
 * @param logBytesWritten bytes appended to the log
 * @param flushBytesWritten bytes of tables written by flushes
 * @param compactionBytesRead bytes read by compactions
 * @param compactionBytesWritten bytes of tables written by compactions
 * @param manifestBytesWritten bytes appended to manifests
 * @param flushes flushes done
 * @param compactions compactions done
 * @param admissions level-0 tables, or parts of them, handed to level 1
 * @param moves runs handed down without a byte written
 * @param probesPerGet runs whose filter was asked, a get (sampled)
 * @param blocksPerGet data blocks searched, a get (sampled)
 * @param runsPerSeek runs positioned, a seek
 * @param memtableBytes size of all memtables
 * @param pinnedMemtableBytes bytes of memtables that are flushed and that only cursors, or reads
 *     under way, keep in memory
 * @param logBytes size of the log segments kept
 * @param tableBytes size of all table files
 * @param liveBytes size of what live runs show, an estimate
 * @param debtBytes bytes that compactions are behind, an estimate
 * @param stallNanos time that writers were held back
 * @param cacheHits blocks found in the caches of decompressed blocks and of blocks not mapped
 * @param cacheMisses blocks not found there
 * @param filterProbes probes of filters for keys that their runs lack, by measured gets
 * @param falsePositiveRate share of {@code filterProbes} that were admitted, so that a block was
 *     read in vain; 0 before the first
 * @param expectedFalsePositiveRate what that share should be, by the rates that the filters asked
 *     were built for
 * @param snapshots snapshots open
 * @param quarantinedSlots slots whose last compaction failed; they are left alone for a while
 * @param adviserFailures how often a policy, picker or learner threw or made no sense
 * @param lostReports reports that were dropped because a sink, meter or logger threw
 * @param cache what the caches of blocks hold, and for which slots they help
 * @param levels levels from 0 down
 */
public record Stats(
    long puts,
    long deletes,
    long gets,
    long seeks,
    long userBytesWritten,
    long logBytesWritten,
    long flushBytesWritten,
    long compactionBytesRead,
    long compactionBytesWritten,
    long manifestBytesWritten,
    long flushes,
    long compactions,
    long admissions,
    long moves,
    double probesPerGet,
    double blocksPerGet,
    double runsPerSeek,
    long memtableBytes,
    long pinnedMemtableBytes,
    long logBytes,
    long tableBytes,
    long liveBytes,
    long debtBytes,
    long stallNanos,
    long cacheHits,
    long cacheMisses,
    long filterProbes,
    double falsePositiveRate,
    double expectedFalsePositiveRate,
    int snapshots,
    int quarantinedSlots,
    long adviserFailures,
    long lostReports,
    CacheStats cache,
    List<LevelStats> levels) {

  /** Copies the list. */
  public Stats {
    levels = List.copyOf(levels);
  }

  /**
   * One level.
   *
   * @param level its number; 0 is the queue of flushed tables
   * @param bytes data bytes its runs show
   * @param entries entries its runs show
   * @param filterBytes bytes of the filters of its runs
   * @param falsePositiveRate share of absent keys that the filters of its runs are expected to
   *     admit, over the runs by their entries; 1 without filters
   * @param slotRuns number of runs of each slot, in key order; for level 0 one number
   */
  public record LevelStats(
      int level,
      long bytes,
      long entries,
      long filterBytes,
      double falsePositiveRate,
      List<Integer> slotRuns) {
    /** Copies the list. */
    public LevelStats {
      slotRuns = List.copyOf(slotRuns);
    }
  }

  /** Bytes of the filters of all runs. */
  public long filterBytes() {
    return levels.stream().mapToLong(LevelStats::filterBytes).sum();
  }

  /** All bytes written to disk ÷ bytes the user wrote; 0 before the first write. */
  public double writeAmplification() {
    long all =
        logBytesWritten + flushBytesWritten + compactionBytesWritten + manifestBytesWritten;
    return userBytesWritten == 0 ? 0 : (double) all / userBytesWritten;
  }

  /** Table bytes written by flushes and compactions ÷ table bytes written by flushes. */
  public double compactionWriteAmplification() {
    return flushBytesWritten == 0
        ? 0
        : (double) (flushBytesWritten + compactionBytesWritten) / flushBytesWritten;
  }
}
