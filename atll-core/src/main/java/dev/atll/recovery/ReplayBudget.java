package dev.atll.recovery;

import dev.atll.api.Options;

/**
 * How much of a log replay may hold in memory. Bounded by the options of whoever opens the store and
 * by the heap there is, since another process with larger memtables and more memory may have written
 * the log.
 *
 * @param memtableBytes size from which a memtable takes no further batch
 * @param totalBytes what all memtables together may hold before the oldest is written to a table
 * @param emergencyBytes what they may hold when the disk has no room for tables
 */
record ReplayBudget(long memtableBytes, long totalBytes, long emergencyBytes) {
  // Besides memtables a store needs its block cache (an eighth by default), the index of each table,
  // and buffers of the log: a 500 MiB log opens in 128 MiB with these parts.
  private static final int HEAP_PARTS_PER_MEMTABLE = 16;
  private static final int HEAP_PARTS_IN_ALL = 8;
  private static final int HEAP_PARTS_IN_EMERGENCY = 2;

  static ReplayBudget of(Options options, long heapBytesMax) {
    long memtable = Math.min(options.memtableBytes(), heapBytesMax / HEAP_PARTS_PER_MEMTABLE);
    long allowed = options.memtableBytes() * options.memtablesMax();
    long total = Math.max(memtable, Math.min(allowed, heapBytesMax / HEAP_PARTS_IN_ALL));
    return new ReplayBudget(memtable, total, Math.max(total, heapBytesMax / HEAP_PARTS_IN_EMERGENCY));
  }
}
