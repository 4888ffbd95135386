package dev.atll.write;

import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.api.WriteRefusedException;
import dev.atll.tree.Health;
import dev.atll.env.Clock;
import dev.atll.env.Workers;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.version.Version;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Holds writers back before they reach the log. Smoothly, by a pace that all writers keep together,
 * which slows as compactions fall behind; and hard, where memory for memtables ends, where level 0 is
 * full, and where cursors keep memory that nobody counts. A hard wait ends typed when nothing can end
 * it: on a full disk, after a failure, when the store closes, or after a time without progress.
 *
 * <p>Thread-safe. An interrupt ends no wait; the flag is restored when the wait is over.
 */
public final class WriteThrottle {
  // Debt up to eight memtables is how leveled and tiered policies breathe; from there on writers
  // are slowed until, at three times that, they go as fast as one compaction job merges.
  private static final int FREE_DEBT_MEMTABLES = 8;
  // Shorter sleeps cost more than they give: the clock is that far ahead at most.
  private static final long SLEEP_NANOS_MIN = 1_000_000L;

  /** A large batch books its time in parts of so much: others come in between, the pace may change. */
  private static final long BOOKING_NANOS_MAX = 50_000_000L;

  /** Conditions of hard waits depend on time too. */
  private static final long STALL_LOOK_NANOS = 500_000_000L;

  /** Level 0 that no change of the tree has relieved for so long will not be relieved. */
  static final long NO_PROGRESS_NANOS = 60_000_000_000L;

  /** How long writers wait for cursors to be closed; who holds them may be the writer itself. */
  static final long PINNED_WAIT_NANOS = 5_000_000_000L;

  /** Memory that cursors may keep whatever the memtables are: small ones rotate often. */
  private static final long PINNED_BYTES_FREE = 64L << 20;

  private final Options options;
  private final StateHolder states;
  private final Workers workers;
  private final Clock clock;
  private final EventSink events;
  private final Health health;
  private final LongSupplier debtBytes;
  private final DoubleSupplier compactionBytesPerSecond;
  private final WritePace pace = new WritePace();
  private final long originNanos;
  private final long pinnedBytesMax;
  private final LongAdder stallNanos = new LongAdder();
  private final AtomicInteger stalled = new AtomicInteger();
  private final AtomicInteger delayed = new AtomicInteger();
  private volatile long stalledSinceNanos;
  private volatile PressureZone zone = PressureZone.GREEN;
  private volatile double nanosPerByte;
  private volatile StateHolder.Pinned pinned = StateHolder.Pinned.NONE;
  private volatile long pinnedSinceNanos;
  private volatile Version lastVersion;
  private volatile long progressNanos;

  /** Creates it, with where to learn how far compactions are behind and how fast they are. */
  public WriteThrottle(
      Options options,
      StateHolder states,
      Workers workers,
      Clock clock,
      EventSink events,
      Health health,
      LongSupplier debtBytes,
      DoubleSupplier compactionBytesPerSecond) {
    this.options = options;
    this.states = states;
    this.workers = workers;
    this.clock = clock;
    this.events = events;
    this.health = health;
    this.debtBytes = debtBytes;
    this.compactionBytesPerSecond = compactionBytesPerSecond;
    this.originNanos = clock.nanoTime();
    this.progressNanos = originNanos;
    this.lastVersion = states.peek().version();
    this.pinnedBytesMax = pinnedBytesMax(options, Runtime.getRuntime().maxMemory());
  }

  /** As much as memtables in use may take, but no more than a quarter of the heap. */
  static long pinnedBytesMax(Options options, long heapBytes) {
    long free = Math.min(PINNED_BYTES_FREE, heapBytes / 8);
    long wanted = Math.max(options.memtablesMax() * options.memtableBytes(), free);
    return Math.min(wanted, Math.max(options.memtableBytes(), heapBytes / 4));
  }

  /** Bytes of memtables that only cursors and reads under way keep, at the last look. */
  public long pinnedBytes() {
    return pinned.bytes();
  }

  /** Time that writers were held back. */
  public long stallNanos() {
    return stallNanos.sum();
  }

  /** How much pressure there is. */
  public PressureZone zone() {
    return zone;
  }

  /**
   * Waits as long as a write of so many bytes has to. Called before any lock is taken.
   *
   * @throws StorageFullException if the disk has no room for what would end the wait
   * @throws WriteRefusedException if nothing has ended it in time; the message names the cause
   */
  void admit(long bytes) {
    if (blocker() != PressureCause.NONE) {
      stall();
    }
    if (nanosPerByte > 0) {
      keepPace(bytes);
    }
  }

  private void keepPace(long bytes) {
    long left = bytes;
    double price = nanosPerByte;
    while (left > 0 && price > 0 && !health.isOver()) {
      long part = Math.min(left, Math.max(1, (long) (BOOKING_NANOS_MAX / price)));
      long now = clock.nanoTime();
      long wait = pace.book(now - originNanos, part, price);
      left -= part;
      if (wait >= SLEEP_NANOS_MIN) {
        workers.awaitUntil(() -> health.isOver() || nanosPerByte == 0, wait);
        stallNanos.add(clock.nanoTime() - now);
      }
      price = nanosPerByte;
    }
  }

  /** What no write may go on with, at this moment; for each write, so it only looks at numbers. */
  private PressureCause blocker() {
    ReadState state = states.peek();
    if (state.memtables().length >= options.memtablesMax()
        && state.active().bytes() >= options.memtableBytes()) {
      return PressureCause.MEMTABLES;
    }
    if (state.version().levelZero().size() >= options.levelZeroMax()) {
      return PressureCause.L0_FILES;
    }
    return pinned.bytes() > pinnedBytesMax ? PressureCause.MEMORY : PressureCause.NONE;
  }

  private PressureCause lookAgain() {
    lookAtMemory();
    return blocker();
  }

  /** Counts what cursors keep; after each change of memtables, and by the clock. */
  void lookAtMemory() {
    boolean before = pinned.bytes() > pinnedBytesMax;
    long now = clock.nanoTime();
    StateHolder.Pinned next = states.pinned(now);
    if (!before && next.bytes() > pinnedBytesMax) {
      pinnedSinceNanos = now;
    }
    pinned = next;
  }

  private void stall() {
    PressureCause cause = lookAgain();
    if (cause == PressureCause.NONE) {
      return;
    }
    PressureCause first = cause;
    long began = clock.nanoTime();
    long failures = health.spaceFailures();
    // Writers wait together: one event when the first begins, one when the last has ended.
    if (stalled.getAndIncrement() == 0) {
      stalledSinceNanos = began;
      delayed.set(0);
      reportStart(first, began);
    }
    delayed.incrementAndGet();
    try {
      while (cause != PressureCause.NONE && !health.isOver()) {
        refuseIfHopeless(cause, began, failures);
        PressureCause now = cause;
        workers.awaitUntil(
            () ->
                lookAgain() != now
                    || health.isOver()
                    || health.isSpaceExhausted()
                    || health.spaceFailures() > failures + 1,
            STALL_LOOK_NANOS);
        cause = lookAgain();
      }
    } finally {
      long ended = clock.nanoTime();
      stallNanos.add(ended - began);
      if (stalled.decrementAndGet() == 0) {
        reportEnd(first, ended);
      }
    }
  }

  private void refuseIfHopeless(PressureCause cause, long began, long failures) {
    long now = clock.nanoTime();
    switch (cause) {
      case MEMTABLES -> {
        if (health.isSpaceExhausted()) {
          throw health.noRoom("memtables are full and cannot be flushed: the write was refused");
        }
      }
      case L0_FILES -> {
        int runs = states.peek().version().levelZero().size();
        if (health.isSpaceExhausted() || health.spaceFailures() > failures + 1) {
          throw health.noRoom(
              "level 0 has " + runs + " runs and what is below cannot be merged: the write was"
                  + " refused");
        }
        noteProgress(now);
        if (now - progressNanos >= NO_PROGRESS_NANOS && now - began >= STALL_LOOK_NANOS) {
          throw new WriteRefusedException(
              "level 0 has " + runs + " runs, Options.levelZeroMax is " + options.levelZeroMax()
                  + ", and the tree has not changed for " + seconds(now - progressNanos)
                  + " s: the write was refused (compactions fail or have stopped; see the events)");
        }
      }
      case MEMORY -> {
        StateHolder.Pinned held = pinned;
        if (now - pinnedSinceNanos >= PINNED_WAIT_NANOS && held.bytes() > pinnedBytesMax) {
          throw new WriteRefusedException(
              held.holders() + " cursors (or reads under way) pin " + held.bytes()
                  + " bytes of memtables that are flushed already, the oldest opened more than "
                  + seconds(held.oldestNanos()) + " s ago; " + pinnedBytesMax
                  + " are allowed: the write was refused (close cursors, or open them again)");
        }
      }
      default -> {
        // Nothing holds the writer back any more.
      }
    }
  }

  private static long seconds(long nanos) {
    return nanos / 1_000_000_000L;
  }

  @SuppressWarnings("ReferenceEquality") // versions are told apart by identity
  private void noteProgress(long now) {
    Version version = states.peek().version();
    if (version != lastVersion) {
      lastVersion = version;
      progressNanos = now;
    }
  }

  private void reportStart(PressureCause cause, long now) {
    ReadState state = states.peek();
    events.emit(
        new PressureEvent.StallStarted(
            now,
            cause,
            state.version().levelZero().size(),
            state.memtables().length - 1,
            debtBytes.getAsLong()));
  }

  private void reportEnd(PressureCause cause, long now) {
    events.emit(new PressureEvent.StallEnded(now, cause, now - stalledSinceNanos, delayed.get()));
  }

  /** Looks at the debt again; called by background loops when something changed. */
  public void update() {
    noteProgress(clock.nanoTime());
    PressureCause blocker = lookAgain();
    ReadState state = states.peek();
    int sealed = state.memtables().length - 1;
    int zero = state.version().levelZero().size();
    double free = (double) FREE_DEBT_MEMTABLES * options.memtableBytes();
    double overDebt = (debtBytes.getAsLong() - free) / (2 * free);
    double overZero =
        (double) (zero - options.levelZeroSlow())
            / Math.max(1, options.levelZeroMax() - options.levelZeroSlow());
    double over = Math.max(overDebt, overZero);
    PressureCause cause =
        over <= 0
            ? (sealed > 1 ? PressureCause.MEMTABLES : PressureCause.NONE)
            : (overDebt >= overZero ? PressureCause.DEBT : PressureCause.L0_FILES);
    double rate = Math.max(1e6, compactionBytesPerSecond.getAsDouble());
    nanosPerByte = over <= 0 ? 0 : Math.min(4, over) * 1e9 / rate;
    if (over <= 0) {
      pace.forget();
    }
    PressureZone next;
    if (blocker != PressureCause.NONE) {
      next = PressureZone.RED;
      cause = blocker;
    } else if (over >= 1) {
      next = PressureZone.ORANGE;
    } else if (over > 0 || sealed > 1) {
      next = PressureZone.YELLOW;
    } else {
      next = PressureZone.GREEN;
    }
    PressureZone before = zone;
    if (next != before) {
      zone = next;
      if (events.enabled()) {
        events.emit(new PressureEvent.ZoneChanged(clock.nanoTime(), before, next, cause));
      }
    }
  }
}
