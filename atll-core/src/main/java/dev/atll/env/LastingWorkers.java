package dev.atll.env;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers whose loops nothing ends but their owner. Whatever a run throws, a {@link WorkUnit} of
 * foreign or of own code, is told, and a second later the loop runs again: a loop that died would
 * leave its work undone for as long as the store is open, and those who wait for it waiting. A wake-up
 * that could not be handed on is kept: it is tried again whenever another loop runs or somebody waits,
 * and a loop on a thread of its own looks for one: a second after its last run, then less and less
 * often, but every ten seconds; every second once it has lost one. Thread-safe.
 */
public final class LastingWorkers implements Workers {
  private static final long AGAIN_NANOS = 1_000_000_000L;

  /** So many times that pause lie between two looks of a loop that has been at rest for long. */
  private static final int LOOK_PAUSES_MAX = 10;

  private final Workers workers;
  private final boolean simulated;
  private final BiConsumer<String, Throwable> failed;
  private final long againNanos;
  private final List<Lasting> loops = new CopyOnWriteArrayList<>();
  // Whether some loop was not woken; looked at wherever others are woken, or run.
  private volatile boolean wakeLost;

  /**
   * Wraps workers.
   *
   * @param failed told the name of a loop and what its run, or waking it, threw; may throw
   */
  public LastingWorkers(Workers workers, BiConsumer<String, Throwable> failed) {
    this(workers, failed, AGAIN_NANOS);
  }

  LastingWorkers(Workers workers, BiConsumer<String, Throwable> failed, long againNanos) {
    this.againNanos = againNanos;
    this.workers = workers;
    this.simulated = workers.deterministic();
    this.failed = failed;
  }

  @Override
  public Worker start(String name, WorkUnit unit) {
    Lasting loop = new Lasting(name, unit);
    Worker started = workers.start(name, loop);
    loop.worker = started;
    loops.removeIf(ended -> !ended.isAlive());
    loops.add(loop);
    return loop;
  }

  @Override
  public void progress() {
    wakeAgain();
    try {
      workers.progress();
    } catch (Throwable e) {
      // Who waits looks again by itself.
      passOn(e);
    }
  }

  @Override
  public boolean awaitUntil(BooleanSupplier condition, long timeoutNanos) {
    wakeAgain();
    return workers.awaitUntil(condition, timeoutNanos);
  }

  @Override
  public boolean deterministic() {
    return simulated;
  }

  @Override
  public void yieldPoint() {
    try {
      workers.yieldPoint();
    } catch (Throwable e) {
      // The caller's own work is done, and others have only not had their turn.
      passOn(e);
    }
  }

  @Override
  public void close() {
    workers.close();
  }

  private void wakeAgain() {
    if (wakeLost) {
      wakeLost = false;
      for (Lasting loop : loops) {
        if (loop.wakeLost) {
          loop.signal();
        }
      }
    }
  }

  private void tell(String name, Throwable e) {
    try {
      failed.accept(name, e);
    } catch (Throwable noRoomToSay) {
      // No memory to say it with, say: that the loop goes on matters more.
      passOn(noRoomToSay);
    }
  }

  /**
   * Whether what was thrown may be over at another try: any exception, and what comes of too little
   * memory or stack, or of a class that is missing. Other errors are checks of the code's own that
   * failed, or a simulated crash.
   */
  public static boolean mayPass(Throwable e) {
    return !(e instanceof Error) || e instanceof VirtualMachineError || e instanceof LinkageError;
  }

  /** In a simulation, one thread in all, such an error has to reach whoever runs it. */
  private void passOn(Throwable e) {
    if (simulated && !mayPass(e) && e instanceof Error error) {
      throw error;
    }
  }

  private final class Lasting implements Worker, WorkUnit {
    private final String name;
    private final WorkUnit unit;
    private volatile @Nullable Worker worker;
    private volatile boolean wakeLost;
    private volatile boolean asked;
    private volatile boolean closed;
    private volatile boolean hasLost;
    // Of the loop's own thread.
    private long leftNanos;
    private long lookNanos = againNanos;

    Lasting(String name, WorkUnit unit) {
      this.name = name;
      this.unit = unit;
    }

    @Override
    public long runOnce() {
      if (closed) {
        return Long.MAX_VALUE;
      }
      // In a simulation each look would be a turn of its own; there a wake-up is lost only on purpose.
      if (!simulated && !asked && leftNanos > 0) {
        return nextLook();
      }
      asked = false;
      wakeLost = false;
      lookNanos = againNanos;
      try {
        wakeAgain();
        leftNanos = unit.runOnce();
      } catch (Throwable e) {
        passOn(e);
        tell(name, e);
        leftNanos = againNanos;
      }
      return simulated ? leftNanos : asked ? 0 : nextLook();
    }

    /** Nobody woke the loop before the time it named last is over, so it need not ask a clock. */
    private long nextLook() {
      long pause = Math.min(leftNanos, lookNanos);
      lookNanos = hasLost ? againNanos : Math.min(2 * lookNanos, LOOK_PAUSES_MAX * againNanos);
      if (leftNanos != Long.MAX_VALUE) {
        leftNanos -= pause;
      }
      return pause;
    }

    @Override
    public void signal() {
      asked = true;
      Worker started = worker;
      if (started == null) {
        return; // it is about to run for the first time
      }
      try {
        started.signal();
        wakeLost = false;
      } catch (Throwable e) {
        boolean first = !wakeLost;
        wakeLost = true;
        LastingWorkers.this.wakeLost = true;
        hasLost = true;
        passOn(e);
        if (first) {
          tell(name, e);
        }
      }
    }

    @Override
    public void close() {
      closed = true;
      loops.remove(this);
      Worker started = worker;
      if (started == null) {
        return;
      }
      try {
        started.close();
      } catch (Throwable e) {
        // Others are closed after this one. Its thread may live on; it finds nothing to run.
        passOn(e);
        tell(name, e);
      }
    }

    @Override
    public boolean isAlive() {
      Worker started = worker;
      return started == null || started.isAlive();
    }

    @Override
    public @Nullable Throwable failure() {
      Worker started = worker;
      return started == null ? null : started.failure();
    }

    @Override
    public String toString() {
      return String.valueOf(worker);
    }
  }
}
