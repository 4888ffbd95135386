package dev.atll.tree;

import dev.atll.memtable.Memtable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Holds the current {@link ReadState}, lends it to readers, and tells when one that was replaced is
 * no longer held. Pinning takes no lock and allocates nothing.
 */
public final class StateHolder {
  private volatile ReadState current;
  private final DeadRanges deadRanges = new DeadRanges();
  private final Object retiredLock = new Object();
  private final Deque<ReadState> retired = new ArrayDeque<>();

  /** Starts with a state. */
  public StateHolder(ReadState first) {
    this.current = first;
  }

  /** Where scans of these states found nothing alive. */
  public DeadRanges deadRanges() {
    return deadRanges;
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

  /**
   * What replaced states that are still held keep in memory, and the present one does not.
   *
   * @param bytes of memtables
   * @param holders cursors, and reads under way
   * @param oldestNanos how long the oldest of them has been held at least: from the first look that
   *     found it replaced
   */
  public record Pinned(long bytes, long holders, long oldestNanos) {
    /** Nothing is held. */
    public static final Pinned NONE = new Pinned(0, 0, 0);
  }

  /** Looks at what replaced states keep in memory; {@code now} is the time of any one clock. */
  public Pinned pinned(long now) {
    synchronized (retiredLock) {
      if (retired.isEmpty()) {
        return Pinned.NONE;
      }
      List<Memtable> present = List.of(current.memtables());
      Set<Memtable> counted = Collections.newSetFromMap(new IdentityHashMap<>());
      long bytes = 0;
      long holders = 0;
      long oldest = 0;
      for (ReadState state : retired) {
        long pins = state.pins.sum();
        if (pins <= 0) {
          continue;
        }
        boolean pinning = false;
        for (Memtable memtable : state.memtables()) {
          if (!present.contains(memtable)) {
            pinning = true;
            bytes += counted.add(memtable) ? memtable.bytes() : 0;
          }
        }
        if (!pinning) {
          continue;
        }
        holders += pins;
        oldest = Math.max(oldest, state.heldNanos(now));
      }
      return bytes == 0 ? Pinned.NONE : new Pinned(bytes, holders, oldest);
    }
  }

  /** Adds the replaced states that somebody holds, oldest first; removes none. */
  public void held(List<ReadState> into) {
    synchronized (retiredLock) {
      for (ReadState state : retired) {
        if (!state.pins.allZero()) {
          into.add(state);
        }
      }
    }
  }

  /** How many replaced states are waiting for their readers. */
  public int retiredCount() {
    synchronized (retiredLock) {
      return retired.size();
    }
  }
}
