package dev.atll.tree;

import java.util.concurrent.atomic.LongAdder;

/**
 * Visits of one slot since the store opened: measured reads by any thread, bytes that came in by
 * jobs. Lives as long as its slot, over many versions; decaying is left to who reads it.
 */
public final class SlotHeat {
  private final LongAdder reads = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();

  /** Counts reads, already multiplied by the sampling period. */
  public void addReads(long count) {
    reads.add(count);
  }

  /** Counts bytes that entered the slot. */
  public void addBytesIn(long bytes) {
    bytesIn.add(bytes);
  }

  /** Reads so far. */
  public long reads() {
    return reads.sum();
  }

  /** Bytes so far. */
  public long bytesIn() {
    return bytesIn.sum();
  }
}
