package dev.atll.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between any number of threads that offer and one that polls. Nobody ever waits to
 * offer: what finds the queue full is refused. What one thread offers comes out in its order.
 *
 * @param <T> the elements, never null
 */
public final class BoundedQueue<T> {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final VarHandle INDEX = MethodHandles.arrayElementVarHandle(long[].class);

  // Places in the array of indexes, two cache lines of 64 bytes apart: what one side writes must not
  // take the line from under the other.
  private static final int LIMIT = 16;
  private static final int TAIL = 32;
  private static final int HEAD = 48;
  private static final int INDEXES = 64;

  private final @Nullable Object[] slots;
  private final int mask;
  // TAIL: where the next offer goes; HEAD: where the next poll looks; LIMIT: up to where offers need
  // not look at HEAD.
  private final long[] indexes = new long[INDEXES];

  /**
   * An empty queue.
   *
   * @param capacity elements that may wait, 2 to 2^30; rounded up to a power of two
   */
  public BoundedQueue(int capacity) {
    if (capacity < 2 || capacity > 1 << 30) {
      throw new IllegalArgumentException("capacity " + capacity + " is not 2 to 2^30");
    }
    int slotCount = Integer.highestOneBit(capacity - 1) << 1;
    this.slots = new Object[slotCount];
    this.mask = slotCount - 1;
    INDEX.setVolatile(indexes, LIMIT, (long) slotCount);
  }

  /**
   * Appends an element unless the queue is full. Any thread.
   *
   * @return whether there was room
   */
  public boolean offer(T element) {
    if (element == null) {
      throw new NullPointerException("element");
    }
    long limit = (long) INDEX.getVolatile(indexes, LIMIT);
    long index = (long) INDEX.getVolatile(indexes, TAIL);
    while (true) {
      if (index >= limit) {
        limit = (long) INDEX.getVolatile(indexes, HEAD) + slots.length;
        if (index >= limit) {
          return false;
        }
        // A race may set it back, which only makes somebody look once more.
        INDEX.setRelease(indexes, LIMIT, limit);
      }
      long seen = (long) INDEX.compareAndExchange(indexes, TAIL, index, index + 1);
      if (seen == index) {
        SLOT.setRelease(slots, (int) index & mask, element);
        return true;
      }
      index = seen;
    }
  }

  /**
   * The oldest element, waiting for one whose offer has begun. One thread at a time.
   *
   * @return the element, or null if the queue is empty
   */
  public @Nullable T poll() {
    T element = pollReady();
    long head = indexes[HEAD];
    while (element == null && (long) INDEX.getVolatile(indexes, TAIL) != head) {
      Thread.onSpinWait();
      element = pollReady();
    }
    return element;
  }

  /**
   * The oldest element, if its offer has ended. One thread at a time.
   *
   * @return the element, or null if the queue is empty or the oldest is still being offered
   */
  @SuppressWarnings("unchecked") // only offer puts elements in
  public @Nullable T pollReady() {
    long head = indexes[HEAD];
    int at = (int) head & mask;
    Object element = SLOT.getAcquire(slots, at);
    if (element != null) {
      // Emptied before the head moves on: who sees the new head may fill the slot again.
      slots[at] = null;
      INDEX.setRelease(indexes, HEAD, head + 1);
    }
    return (T) element;
  }
}
