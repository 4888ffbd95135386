package dev.atll.tree;

import java.util.concurrent.atomic.LongAdder;

/**
 * Visits of one slot since the store opened: measured reads by any thread, bytes that came in by
 * jobs. Lives as long as its slot, over many versions; decaying is left to who reads it.
 */
public final class SlotHeat {
  private final LongAdder gets = new LongAdder();
  private final LongAdder seeks = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /** Counts gets, already multiplied by the sampling period. */
  public void addGets(long count) {
    gets.add(count);
  }

  /** Counts cursor seeks, already multiplied by the sampling period. */
  public void addSeeks(long count) {
    seeks.add(count);
  }

  /** Counts gets that asked the slot last and found nothing anywhere, multiplied likewise. */
  public void addMisses(long count) {
    misses.add(count);
  }

  /** Counts bytes that entered the slot. */
  public void addBytesIn(long bytes) {
    bytesIn.add(bytes);
  }

  /** Gets so far. */
  public long gets() {
    return gets.sum();
  }

  /** Cursor seeks so far. */
  public long seeks() {
    return seeks.sum();
  }

  /** Gets so far that ended here without an answer. */
  public long misses() {
    return misses.sum();
  }

  /** Bytes so far. */
  public long bytesIn() {
    return bytesIn.sum();
  }
}
