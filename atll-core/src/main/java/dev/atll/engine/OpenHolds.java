package dev.atll.engine;

import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.mvcc.SnapshotRegistry;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What readers hold: tells of snapshots that come and go, and of those, and of cursors, that are
 * forgotten, it seems. Each is told when it is older than {@link #OVERDUE_NANOS}, and again whenever
 * its age has doubled. {@link #look} is for one thread; the rest is thread-safe.
 */
final class OpenHolds {
  /** Ten minutes: ten times the longest scan of a store of this size, and still the same day. */
  static final long OVERDUE_NANOS = 600_000_000_000L;

  private static final long LOOK_NANOS = 1_000_000_000L;

  private final SnapshotRegistry registry;
  private final StateHolder states;
  private final Clock clock;
  private final Reports events;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Held> snapshots = new ConcurrentHashMap<>();
  private final Held oldState;
  private @Nullable ReadState oldest;
  private long floorTold;
  private long lookAtNanos;

  private static final class Held {
    final long revision;
    long sinceNanos;
    // Read by others to count what is overdue.
    volatile long tellAtAgeNanos = OVERDUE_NANOS;

    Held(long revision, long sinceNanos) {
      this.revision = revision;
      this.sinceNanos = sinceNanos;
    }

    /** The age, if it is time to tell it; else -1. */
    long due(long nowNanos) {
      long age = nowNanos - sinceNanos;
      if (age < tellAtAgeNanos) {
        return -1;
      }
      tellAtAgeNanos = age > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * age;
      return age;
    }
  }

  OpenHolds(SnapshotRegistry registry, StateHolder states, Clock clock, Reports events) {
    this.registry = registry;
    this.states = states;
    this.clock = clock;
    this.events = events;
    this.oldState = new Held(0, clock.nanoTime());
    this.floorTold = registry.floor();
    this.lookAtNanos = clock.nanoTime();
  }

  /** A snapshot was taken; returns its number, for {@link #closed}. */
  long opened(long revision) {
    long id = ids.incrementAndGet();
    long now = clock.nanoTime();
    snapshots.put(id, new Held(revision, now));
    if (events.enabled()) {
      events.emit(new SnapshotEvent.Opened(now, id, revision, snapshots.size()));
    }
    return id;
  }

  /** A snapshot was released. */
  void closed(long id) {
    Held held = snapshots.remove(id);
    if (held != null && events.enabled()) {
      long now = clock.nanoTime();
      events.emit(
          new SnapshotEvent.Closed(
              now, id, held.revision, now - held.sinceNanos, snapshots.size()));
    }
  }

  /** How many snapshots are overdue. */
  int overdue() {
    return (int)
        snapshots.values().stream().filter(h -> h.tellAtAgeNanos > OVERDUE_NANOS).count();
  }

  /** Age of the oldest open snapshot; 0 without one. */
  long oldestNanos() {
    long now = clock.nanoTime();
    return snapshots.values().stream().mapToLong(h -> now - h.sinceNanos).max().orElse(0);
  }

  /** Looks for what is overdue, and at the floor; called often. */
  void look(long nowNanos) {
    if (nowNanos - lookAtNanos < 0) {
      return;
    }
    lookAtNanos = nowNanos + LOOK_NANOS;
    snapshots.forEach(
        (id, held) -> {
          long age = held.due(nowNanos);
          if (age >= 0) {
            events.emit(new SnapshotEvent.Overdue(nowNanos, id, held.revision, age));
          }
        });
    lookAtStates(nowNanos);
    long floor = registry.floor();
    if (floor > floorTold) {
      if (events.enabled()) {
        events.emit(new SnapshotEvent.FloorRaised(nowNanos, floorTold, floor));
      }
      floorTold = floor;
    }
  }

  /** States go in their order, so who holds the oldest one is who has held one for longest. */
  @SuppressWarnings("ReferenceEquality") // states are told apart by identity
  private void lookAtStates(long nowNanos) {
    List<ReadState> held = new ArrayList<>();
    states.held(held);
    ReadState now = held.isEmpty() ? null : held.getFirst();
    if (now != oldest) {
      oldest = now;
      oldState.sinceNanos = nowNanos;
      oldState.tellAtAgeNanos = OVERDUE_NANOS;
    }
    long age = now == null ? -1 : oldState.due(nowNanos);
    if (now != null && age >= 0) {
      List<Long> files = new ArrayList<>();
      now.version().files().forEachMissingFrom(states.peek().version().files(), files::add);
      events.emit(new SnapshotEvent.CursorOverdue(nowNanos, age, held.size(), files.size()));
    }
  }
}
