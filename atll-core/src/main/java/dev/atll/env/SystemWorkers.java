package dev.atll.env;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One daemon thread for each loop. */
final class SystemWorkers implements Workers {
  // A condition may depend on time, or on a change nobody announced: look again now and then, so
  // that a forgotten progress() costs a delay and not a hang.
  private static final long LOOK_AGAIN_MILLIS = 100;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final WorkerErrorHandler errors;
  private final List<Loop> loops = new ArrayList<>(); // guarded by itself
  private boolean closed; // guarded by loops

  private final AtomicInteger waiters = new AtomicInteger();
  private final Object progressLock = new Object();
  private long progressCount; // guarded by progressLock

  SystemWorkers(WorkerErrorHandler errors) {
    this.errors = errors;
  }

  @Override
  public Worker start(String name, WorkUnit unit) {
    Loop loop = new Loop(name, unit);
    synchronized (loops) {
      if (closed) {
        throw new IllegalStateException("workers are closed");
      }
      loops.removeIf(ended -> !ended.isAlive());
      // Started under the lock, so that close() finds only loops that run.
      loop.thread.start();
      loops.add(loop);
    }
    return loop;
  }

  @Override
  public void progress() {
    // The caller's change must be visible before the count of waiters is read; a waiter counts
    // itself before it looks. So one of the two sees the other.
    VarHandle.fullFence();
    if (waiters.get() != 0) {
      synchronized (progressLock) {
        progressCount++;
        progressLock.notifyAll();
      }
    }
  }

  @Override
  public boolean awaitUntil(BooleanSupplier condition, long timeoutNanos) {
    if (condition.getAsBoolean()) {
      return true;
    }
    if (timeoutNanos <= 0) {
      return false;
    }
    boolean interrupted = false;
    long start = System.nanoTime();
    waiters.getAndIncrement();
    try {
      while (true) {
        long seen;
        synchronized (progressLock) {
          seen = progressCount;
        }
        // Evaluated outside the lock: it may take locks whose holders call progress().
        if (condition.getAsBoolean()) {
          return true;
        }
        long leftNanos = timeoutNanos - (System.nanoTime() - start);
        if (leftNanos <= 0) {
          return false;
        }
        long millis = Math.min(LOOK_AGAIN_MILLIS, leftNanos / NANOS_PER_MILLI + 1);
        synchronized (progressLock) {
          if (progressCount == seen) {
            try {
              progressLock.wait(millis);
            } catch (InterruptedException e) {
              interrupted = true;
            }
          }
        }
      }
    } finally {
      waiters.getAndDecrement();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean deterministic() {
    return false;
  }

  @Override
  public void yieldPoint() {}

  @Override
  public void close() {
    List<Loop> running;
    synchronized (loops) {
      closed = true;
      running = List.copyOf(loops);
      loops.clear();
    }
    running.forEach(Loop::askToEnd);
    running.forEach(Loop::close);
  }

  /** A loop and its thread. */
  private final class Loop implements Worker, Runnable {
    private final String name;
    private final WorkUnit unit;
    private final Thread thread;
    // At first set: a loop runs once at once.
    private volatile boolean signalled = true;
    private volatile boolean ending;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    Loop(String name, WorkUnit unit) {
      this.name = name;
      this.unit = unit;
      this.thread = Thread.ofPlatform().daemon().name("atll-" + name).unstarted(this);
    }

    @Override
    public void run() {
      try {
        while (!ending) {
          signalled = false;
          long pauseNanos = unit.runOnce();
          progress();
          pause(pauseNanos);
        }
      } catch (Throwable e) {
        failure = e;
        ended = true;
        errors.onError(name, e);
      } finally {
        ended = true;
        // Whoever waits for work of this loop must look again, and find it dead.
        progress();
      }
    }

    private void pause(long nanos) {
      if (nanos <= 0) {
        return;
      }
      long start = System.nanoTime();
      while (!signalled && !ending) {
        // A set flag would make parking return at once; nobody has reason to interrupt this thread.
        Thread.interrupted();
        if (nanos == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          long left = nanos - (System.nanoTime() - start);
          if (left <= 0) {
            return;
          }
          LockSupport.parkNanos(this, left);
        }
      }
    }

    @Override
    public void signal() {
      if (!signalled) {
        signalled = true;
        LockSupport.unpark(thread);
      }
    }

    void askToEnd() {
      ending = true;
      LockSupport.unpark(thread);
    }

    @Override
    public void close() {
      askToEnd();
      if (Thread.currentThread().equals(thread)) {
        return;
      }
      boolean interrupted = false;
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public boolean isAlive() {
      return !ended;
    }

    @Override
    public @Nullable Throwable failure() {
      return failure;
    }

    @Override
    public String toString() {
      return "Worker[" + name + (ended ? ", ended]" : "]");
    }
  }
}
