package dev.atll.bench.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs workers side by side, one thread each, until they end, reach a limit or are stopped. */
final class Phase {
  private static final long STEP_NANOS = 2_000_000;
  private static final int STEP_FIRST = 1;

  private final List<? extends Worker> workers;
  private final Limits limits;
  private final StopSignal stop;
  private final @Nullable Lockstep lockstep;
  private final AtomicLong done = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile long beganNanos;

  Phase(List<? extends Worker> workers, Limits limits, StopSignal stop) {
    this(workers, limits, stop, null);
  }

  /** With a world to keep step with, workers take turns on one thread, and only operations limit. */
  Phase(
      List<? extends Worker> workers,
      Limits limits,
      StopSignal stop,
      @Nullable Lockstep lockstep) {
    this.workers = workers;
    this.limits = limits;
    this.stop = stop;
    this.lockstep = lockstep;
  }

  /** Steps' operations done so far by all workers; readable while it runs. */
  long done() {
    return done.get();
  }

  /** How much of a limit is used up, 0 to 1, given the most operations there can be. */
  double fraction(long opsAtMost) {
    double byOps = opsAtMost <= 0 ? 0 : (double) done.get() / opsAtMost;
    long nanos = limits.nanos();
    double byTime = nanos == Long.MAX_VALUE ? 0 : (double) (System.nanoTime() - beganNanos) / nanos;
    return opsAtMost <= 0 && nanos == Long.MAX_VALUE ? Double.NaN : Math.max(byOps, byTime);
  }

  /**
   * Runs all workers and waits for them.
   *
   * @return how long it took, in seconds
   */
  double run() {
    beganNanos = System.nanoTime();
    if (lockstep != null) {
      lockstep.drive(workers, limits.opsPerWorker(), stop, done);
    } else if (workers.size() == 1) {
      drive(workers.getFirst());
    } else {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < workers.size(); i++) {
        Worker worker = workers.get(i);
        threads.add(Thread.ofPlatform().name("atll-worker-" + i).start(() -> guarded(worker)));
      }
      for (Thread thread : threads) {
        join(thread);
      }
      Throwable failed = failure.get();
      if (failed != null) {
        throw new IllegalStateException("a worker failed: " + failed.getMessage(), failed);
      }
    }
    return (System.nanoTime() - beganNanos) / 1e9;
  }

  private void guarded(Worker worker) {
    try {
      drive(worker);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Takes steps of about two milliseconds, so that limits are met closely at any speed. */
  private void drive(Worker worker) {
    long left = limits.opsPerWorker();
    int step = STEP_FIRST;
    boolean more = true;
    while (more && left > 0 && !stop.requested() && failure.get() == null) {
      long began = System.nanoTime();
      if (began - beganNanos >= limits.nanos()) {
        return;
      }
      int count = (int) Math.min(step, left);
      more = worker.step(count);
      left -= count;
      done.addAndGet(count);
      long took = System.nanoTime() - began;
      if (took < STEP_NANOS / 2) {
        step = Math.min(step * 2, WorkloadWorker.STEP_MAX);
      } else if (took > STEP_NANOS * 2) {
        step = Math.max(1, step / 2);
      }
    }
  }

  private void join(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        stop.request();
      }
    }
  }
}
