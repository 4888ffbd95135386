package dev.atll.tree;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a tree, through all its versions, that were read or written since somebody last asked: a
 * stack whose links are the slots' own, so that a read that is measured neither allocates nor waits. Threads
 * add at any time; one at a time takes.
 */
public final class TouchedSlots {
  private static final AtomicReferenceFieldUpdater<TouchedSlots, @Nullable SlotHeat> TOP =
      AtomicReferenceFieldUpdater.newUpdater(TouchedSlots.class, SlotHeat.class, "top");

  private volatile @Nullable SlotHeat top;

  /** Begins with none. */
  TouchedSlots() {}

  /** Adds a slot that is not among them. */
  void add(SlotHeat slot) {
    SlotHeat below;
    do {
      below = top;
      slot.below = below;
    } while (!TOP.compareAndSet(this, below, slot));
  }

  /**
   * Takes all. What is counted of a slot after it was handed over leads to its being handed over again.
   *
   * @param action must not throw
   */
  public void drain(Consumer<SlotHeat> action) {
    SlotHeat slot = TOP.getAndSet(this, null);
    while (slot != null) {
      SlotHeat below = slot.below;
      slot.below = null;
      slot.taken();
      action.accept(slot);
      slot = below;
    }
  }
}
