package dev.atll.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Holds the current {@link ReadState}, lends it to readers, and tells when one that was replaced is
 * no longer held. Pinning takes no lock and allocates nothing.
 */
public final class StateHolder {
  private volatile ReadState current;
  private final Object retiredLock = new Object();
  private final Deque<ReadState> retired = new ArrayDeque<>();

  /** Starts with a state. */
  public StateHolder(ReadState first) {
    this.current = first;
  }

  /** The current state, unpinned: its memtables and version may be read, its tables must not. */
  public ReadState peek() {
    return current;
  }

  /**
   * Pins the current state for a stripe; give both back to {@link #unpin}.
   *
   * @param stripe what {@link #stripe()} returned to this thread
   */
  public ReadState pin(int stripe) {
    while (true) {
      ReadState state = current;
      state.pins.increment(stripe);
      if (state == current) {
        return state;
      }
      state.pins.decrement(stripe);
    }
  }

  /** Gives a pinned state back, from any thread, with the stripe it was pinned for. */
  public void unpin(ReadState state, int stripe) {
    state.pins.decrement(stripe);
  }

  /** The stripe for the calling thread. */
  public static int stripe() {
    return PinCounts.stripeOfCurrentThread();
  }

  /** Makes a state current. Callers take turns (the engine's state lock). */
  public void publish(ReadState next) {
    // As one step for drain(): a state that is neither current nor retired would look unused.
    synchronized (retiredLock) {
      retired.addLast(current);
      current = next;
    }
  }

  /**
   * Removes and returns the retired states that nobody holds any more.
   *
   * @param stillHeld receives all others as they are at one moment: the retired states that are
   *     held, and as the last one the current state
   */
  public List<ReadState> drain(List<ReadState> stillHeld) {
    List<ReadState> free = new ArrayList<>();
    synchronized (retiredLock) {
      for (Iterator<ReadState> it = retired.iterator(); it.hasNext(); ) {
        ReadState state = it.next();
        if (state != current && state.pins.allZero()) {
          it.remove();
          free.add(state);
        } else {
          stillHeld.add(state);
        }
      }
      stillHeld.add(current);
    }
    return free;
  }

  /** How many replaced states are waiting for their readers. */
  public int retiredCount() {
    synchronized (retiredLock) {
      return retired.size();
    }
  }
}
