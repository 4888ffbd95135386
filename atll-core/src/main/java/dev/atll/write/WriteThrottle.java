package dev.atll.write;

import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.tree.Health;
import dev.atll.env.Clock;
import dev.atll.env.Workers;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Holds writers back before they reach the log: smoothly, by a delay for each byte that grows with
 * the debt of compactions, and hard only where memory for memtables ends. Thread-safe.
 */
public final class WriteThrottle {
  // Debt up to eight memtables is how leveled and tiered policies breathe; from there on writers
  // are slowed until, at three times that, they go as fast as one compaction job merges.
  private static final int FREE_DEBT_MEMTABLES = 8;
  // Shorter sleeps cost more than they give: owed delay is collected first.
  private static final long SLEEP_NANOS_MIN = 1_000_000L;
  private static final long SLEEP_NANOS_MAX = 100_000_000L;

  private final Options options;
  private final StateHolder states;
  private final Workers workers;
  private final Clock clock;
  private final EventSink events;
  private final Health health;
  private final LongSupplier debtBytes;
  private final DoubleSupplier compactionBytesPerSecond;
  private final AtomicLong owedNanos = new AtomicLong();
  private final LongAdder stallNanos = new LongAdder();
  private volatile PressureZone zone = PressureZone.GREEN;
  private volatile double nanosPerByte;

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
  }

  /** Time that writers were held back. */
  public long stallNanos() {
    return stallNanos.sum();
  }

  /** How much pressure there is. */
  public PressureZone zone() {
    return zone;
  }

  /** Waits as long as a write of so many bytes has to. Called before any lock is taken. */
  void admit(long bytes) {
    if (isFull()) {
      stall();
    }
    double delay = nanosPerByte;
    if (delay > 0) {
      long owed = owedNanos.addAndGet((long) (delay * bytes));
      if (owed >= SLEEP_NANOS_MIN && owedNanos.compareAndSet(owed, 0)) {
        long nanos = Math.min(owed, SLEEP_NANOS_MAX);
        stallNanos.add(nanos);
        workers.awaitUntil(health::isOver, nanos);
      }
    }
  }

  private boolean isFull() {
    ReadState state = states.peek();
    return state.memtables().length >= options.memtablesMax()
        && state.active().bytes() >= options.memtableBytes();
  }

  private void stall() {
    long began = clock.nanoTime();
    ReadState state = states.peek();
    events.emit(
        new PressureEvent.StallStarted(
            began,
            PressureCause.MEMTABLES,
            state.version().levelZero().size(),
            state.memtables().length - 1,
            debtBytes.getAsLong()));
    workers.awaitUntil(
        () -> !isFull() || health.isOver() || health.isSpaceExhausted(), Long.MAX_VALUE);
    if (isFull() && health.isSpaceExhausted()) {
      throw new StorageFullException(
          "memtables are full and the disk has no room to flush them: the write was refused");
    }
    long nanos = clock.nanoTime() - began;
    stallNanos.add(nanos);
    events.emit(
        new PressureEvent.StallEnded(clock.nanoTime(), PressureCause.MEMTABLES, nanos, 1));
  }

  /** Looks at the debt again; called by background loops when something changed. */
  public void update() {
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
    PressureZone next;
    if (isFull()) {
      next = PressureZone.RED;
      cause = PressureCause.MEMTABLES;
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
