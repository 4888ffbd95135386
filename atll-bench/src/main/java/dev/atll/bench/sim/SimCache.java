package dev.atll.bench.sim;

import dev.atll.tree.TableCache;

/**
 * What of the blocks that simulated reads ask for is in memory. A block is a stretch of entries of one
 * table, so each has the heat of its own keys; what is written replaces the tables it comes from, and
 * their blocks. Every read must be followed: of one in many, too few would meet the blocks of a table
 * while it exists.
 */
final class SimCache {
  // A block in the system's page cache costs a read of the file all the same.
  private static final double PAGE_NANOS = 1_200;
  // A block is a table's number and its place there.
  private static final int PLACE_BITS = 32;

  private final SimMemory memory;
  private final double tableBytesPerEntry;
  private final double entriesPerBlock;
  private final SimFrames frames;
  private final SimPages pages;
  private boolean mapped = true;
  private long lastFile;

  SimCache(SimSettings settings) {
    memory = settings.memory();
    tableBytesPerEntry = settings.entry().table();
    entriesPerBlock =
        Math.max(
            1,
            SimFrames.BLOCK_BYTES
                / (settings.entry().table() - settings.filterBitsPerKey() / 8));
    frames = new SimFrames(memory.isBounded() ? memory.tableBytes() / TableCache.FRAMES_PART : 0);
    pages =
        new SimPages(
            memory.isBounded() && memory.pages()
                ? (memory.tableBytes() - frames.bytes()) / SimFrames.BLOCK_BYTES
                : 0);
  }

  /** Whether tables are read in place, which costs no more than unit prices say. */
  boolean isMapped() {
    return mapped;
  }

  /** Entries of tables came or went. */
  void fit(double storedEntries) {
    if (memory.isBounded()) {
      double bytes = storedEntries * tableBytesPerEntry;
      mapped = bytes <= memory.tableBytes() * (mapped ? TableCache.FULL : TableCache.AGAIN);
    }
  }

  /** A table was written: its blocks are in the page cache. */
  void written(SimFile file) {
    if (memory.isBounded()) {
      file.number = ++lastFile;
      if (memory.pages()) {
        for (long b = firstBlock(file); b <= lastBlock(file); b++) {
          pages.ask(block(file, b));
        }
      }
    }
  }

  /** A table was deleted. */
  void gone(SimFile file) {
    if (memory.isBounded() && memory.pages()) {
      for (long b = firstBlock(file); b <= lastBlock(file); b++) {
        pages.forget(block(file, b));
      }
    }
  }

  private long firstBlock(SimFile file) {
    return (long) (file.from / entriesPerBlock);
  }

  private long lastBlock(SimFile file) {
    return (long) ((file.from + file.entries()) / entriesPerBlock);
  }

  private static long block(SimFile file, long place) {
    return file.number << PLACE_BITS | place;
  }

  /**
   * A get reads a block of a run.
   *
   * @return nanoseconds that it waits, beyond a block in memory
   */
  double get(SimRun run, SimKey key, SimTotals.Blocks counts) {
    return mapped ? 0 : read(run, (long) (position(run, key) / entriesPerBlock), false, counts);
  }

  /**
   * A cursor is positioned in a run and passes over entries of it: the block it begins in is read with the
   * next, so that only a third would be waited for.
   *
   * @param buckets how much of the key space it passes, in buckets
   * @return nanoseconds that it waits, beyond blocks in memory
   */
  double seek(SimRun run, SimKey key, double buckets, SimTotals.Blocks counts) {
    if (mapped || key.bucket >= run.high) {
      return 0;
    }
    boolean before = key.bucket < run.low;
    double from = before ? run.content.entries(run.content.low, run.low) : position(run, key);
    double passed =
        before ? 0 : buckets * run.content.entries(key.bucket, key.bucket + 1);
    // It stands on the first entry at or behind the key, and at the end behind the last it passed.
    long first = (long) (Math.ceil(from) / entriesPerBlock);
    long last =
        (long) (Math.ceil(Math.min(from + passed, lastEntry(run))) / entriesPerBlock);
    double nanos = 0;
    boolean ahead = false;
    for (long b = first; b <= Math.max(first, last); b++) {
      double waited = read(run, b, ahead, counts);
      ahead = waited > 0 && !ahead;
      nanos += waited;
    }
    return nanos;
  }

  private static double lastEntry(SimRun run) {
    return run.content.entries(run.content.low, run.high) - 1;
  }

  private static double position(SimRun run, SimKey key) {
    return run.content.entries(run.content.low, key.bucket)
        + key.inBucket * run.content.entries(key.bucket, key.bucket + 1);
  }

  private double read(SimRun run, long place, boolean ahead, SimTotals.Blocks counts) {
    long block = block(run.file, place);
    run.blocksAsked++;
    counts.asked++;
    if (frames.ask(block)) {
      return 0;
    }
    run.blocksMissed++;
    counts.missed++;
    boolean there = memory.pages() && pages.ask(block);
    if (ahead) {
      return 0;
    }
    double nanos = there ? PAGE_NANOS : memory.blockNanos();
    counts.fromDevice += there ? 0 : 1;
    run.reads++;
    run.waitNanos += nanos;
    return nanos;
  }
}
