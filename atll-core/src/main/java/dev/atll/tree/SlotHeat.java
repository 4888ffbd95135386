package dev.atll.tree;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Visits of one slot since the store opened: measured reads by any thread, bytes that came in by
 * jobs. Lives as long as its slot, over many versions; decaying is left to who reads it.
 */
public final class SlotHeat {
  // Reads are sampled, so that threads rarely meet here; and each look reads all slots, which with a
  // striped counter of its own for each of the four was 2 % of a compaction thread's time.
  private static final AtomicLongFieldUpdater<SlotHeat> GETS =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "gets");
  private static final AtomicLongFieldUpdater<SlotHeat> SEEKS =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "seeks");
  private static final AtomicLongFieldUpdater<SlotHeat> MISSES =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "misses");
  private static final AtomicLongFieldUpdater<SlotHeat> BYTES_IN =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "bytesIn");

  private volatile long gets;
  private volatile long seeks;
  private volatile long misses;
  private volatile long bytesIn;

  /** Counts gets, already multiplied by the sampling period. */
  public void addGets(long count) {
    GETS.getAndAdd(this, count);
  }

  /** Counts cursor seeks, already multiplied by the sampling period. */
  public void addSeeks(long count) {
    SEEKS.getAndAdd(this, count);
  }

  /** Counts gets that asked the slot last and found nothing anywhere, multiplied likewise. */
  public void addMisses(long count) {
    MISSES.getAndAdd(this, count);
  }

  /** Counts bytes that entered the slot. */
  public void addBytesIn(long bytes) {
    BYTES_IN.getAndAdd(this, bytes);
  }

  /** Gets so far. */
  public long gets() {
    return gets;
  }

  /** Cursor seeks so far. */
  public long seeks() {
    return seeks;
  }

  /** Gets so far that ended here without an answer. */
  public long misses() {
    return misses;
  }

  /** Bytes so far. */
  public long bytesIn() {
    return bytesIn;
  }
}
