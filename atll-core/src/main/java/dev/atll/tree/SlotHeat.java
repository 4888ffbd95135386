package dev.atll.tree;

import dev.atll.base.Keys;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Visits of one slot since the store opened: measured reads by any thread, bytes that came in by
 * jobs. Lives as long as its slot, over many versions; decaying is left to who reads it.
 */
public final class SlotHeat {
  // Reads are sampled, so that threads rarely meet here: one word each, no striped counters.
  private static final AtomicLongFieldUpdater<SlotHeat> GETS =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "gets");
  private static final AtomicLongFieldUpdater<SlotHeat> SEEKS =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "seeks");
  private static final AtomicLongFieldUpdater<SlotHeat> MISSES =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "misses");
  private static final AtomicLongFieldUpdater<SlotHeat> BYTES_IN =
      AtomicLongFieldUpdater.newUpdater(SlotHeat.class, "bytesIn");

  private static final AtomicIntegerFieldUpdater<SlotHeat> TOUCHED =
      AtomicIntegerFieldUpdater.newUpdater(SlotHeat.class, "touched");

  private final int level;
  private final byte[] low;
  private final TouchedSlots slots;
  private volatile long gets;
  private volatile long seeks;
  private volatile long misses;
  private volatile long bytesIn;
  // 1 while it is among those touched; its link there, written by who put it there or takes it.
  private volatile int touched;
  @Nullable SlotHeat below;

  /**
   * Of a slot that nobody has visited.
   *
   * @param level of the slot
   * @param low its first key, by which it goes as long as it lives
   * @param slots where it is put when something is counted
   */
  SlotHeat(int level, byte[] low, TouchedSlots slots) {
    this.level = level;
    this.low = low;
    this.slots = slots;
  }

  /** Of a slot of no tree, for tests. */
  public SlotHeat() {
    this(1, Keys.EMPTY, new TouchedSlots());
  }

  /** Level of the slot. */
  public int level() {
    return level;
  }

  /** First key of the slot; not to be written to. */
  public byte[] low() {
    return low;
  }

  /** Counts gets, already multiplied by the sampling period; after what they paid was counted. */
  public void addGets(long count) {
    GETS.getAndAdd(this, count);
    touch();
  }

  /** Counts cursor seeks, already multiplied by the sampling period; likewise. */
  public void addSeeks(long count) {
    SEEKS.getAndAdd(this, count);
    touch();
  }

  /** Counts gets that asked the slot last and found nothing anywhere, multiplied likewise. */
  public void addMisses(long count) {
    MISSES.getAndAdd(this, count);
  }

  /** Counts bytes that entered the slot. */
  public void addBytesIn(long bytes) {
    BYTES_IN.getAndAdd(this, bytes);
    touch();
  }

  private void touch() {
    if (touched == 0 && TOUCHED.compareAndSet(this, 0, 1)) {
      slots.add(this);
    }
  }

  /** It is among the touched no more; what is counted from here on puts it there again. */
  void taken() {
    touched = 0;
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
