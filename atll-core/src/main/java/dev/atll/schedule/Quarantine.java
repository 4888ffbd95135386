package dev.atll.schedule;

import dev.atll.observe.event.FailureCause;
import dev.atll.version.Guards;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slots whose jobs failed, put aside for a time that doubles with each failure in a row, so that one
 * damaged block does not take the turns of all others. Policies see such a slot as leased. It is
 * let go when a job over it succeeds; a repair happens on a closed store, which forgets it too.
 * Guarded by the decider's lock.
 */
final class Quarantine {
  static final long FIRST_NANOS = 1_000_000_000L;
  static final long MAX_NANOS = 600_000_000_000L;

  /** One slot that was put aside. */
  static final class Line {
    private final FailureCause cause;
    private final int failures;
    private final long fromNanos;
    private final long nanos;

    private Line(FailureCause cause, int failures, long fromNanos, long nanos) {
      this.cause = cause;
      this.failures = failures;
      this.fromNanos = fromNanos;
      this.nanos = nanos;
    }

    FailureCause cause() {
      return cause;
    }

    int failures() {
      return failures;
    }

    long nanos() {
      return nanos;
    }

    private boolean holds(long nowNanos) {
      return nowNanos - fromNanos < nanos;
    }
  }

  private final Map<Leases.SlotKey, Line> lines = new HashMap<>();
  private volatile int count;

  /** Puts a slot aside after a failure. */
  Line add(Leases.SlotKey slot, FailureCause cause, long nowNanos) {
    forgetOld(nowNanos);
    Line before = lines.get(slot);
    int failures = before == null ? 1 : before.failures + 1;
    long nanos =
        before == null ? FIRST_NANOS : Math.min(MAX_NANOS, 2 * Math.max(FIRST_NANOS, before.nanos));
    Line line = new Line(cause, failures, nowNanos, nanos);
    lines.put(slot, line);
    count = lines.size();
    return line;
  }

  /** A job over the slot succeeded; returns what was known of it, or null. */
  @Nullable Line release(Leases.SlotKey slot) {
    Line line = lines.remove(slot);
    count = lines.size();
    return line;
  }

  /** Whether one of these slots is put aside now. */
  boolean holdsAny(Collection<Leases.SlotKey> slots, long nowNanos) {
    if (lines.isEmpty()) {
      return false;
    }
    for (Leases.SlotKey slot : slots) {
      Line line = lines.get(slot);
      if (line != null && line.holds(nowNanos)) {
        return true;
      }
    }
    return false;
  }

  /** Marks the ranks of a level's slots that are put aside now. */
  void mark(int level, Guards guards, BitSet ranks, long nowNanos) {
    for (Map.Entry<Leases.SlotKey, Line> entry : lines.entrySet()) {
      if (entry.getValue().holds(nowNanos)) {
        int rank = entry.getKey().rankAt(level, guards);
        if (rank >= 0) {
          ranks.set(rank);
        }
      }
    }
  }

  /** Nanoseconds until the next slot may be tried again; {@link Long#MAX_VALUE} if none waits. */
  long nanosUntilNext(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (Line line : lines.values()) {
      if (line.holds(nowNanos)) {
        least = Math.min(least, line.nanos - (nowNanos - line.fromNanos));
      }
    }
    return least;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** How many slots failed and have not succeeded since; may be asked by any thread. */
  int count() {
    return count;
  }

  /** What nobody has tried for as long as the longest wait is gone, or no longer wanted. */
  private void forgetOld(long nowNanos) {
    for (Iterator<Line> i = lines.values().iterator(); i.hasNext(); ) {
      Line line = i.next();
      if (nowNanos - line.fromNanos - line.nanos > MAX_NANOS) {
        i.remove();
      }
    }
  }
}
