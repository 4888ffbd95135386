package dev.atll.env.sim;

import dev.atll.env.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Background loops that run on the caller's thread, when it yields or waits, in an order the seed
 * chooses.
 *
 * <p>A loop may yield or wait in its turn: then others run inside it, never itself. So a loop that
 * waits for the code that yielded to it counts as a deadlock here, though two threads could go on.
 *
 * <p>For one thread, that of the first call.
 */
public final class SimWorkers implements Workers {
  private static final long RUN_NANOS = 1_000;
  // A history that runs so many loops while one caller waits is going in circles.
  private static final int RUNS_MAX = 1_000_000;

  private final SimClock clock;
  private final RandomGenerator random;
  private final List<Unit> units = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final int yieldOneIn;
  private @Nullable Thread owner;
  private @Nullable Unit innermost;
  private boolean closed;
  private long runs;
  private long traceHash;

  SimWorkers(SimClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    // Some worlds have eager background work, some have it lag behind.
    this.yieldOneIn = 1 << (2 * random.nextInt(4));
  }

  @Override
  public Worker start(String name, WorkUnit unit) {
    checkThread();
    if (closed) {
      throw new IllegalStateException("workers are closed");
    }
    Unit started = new Unit(name, unit);
    units.add(started);
    return started;
  }

  @Override
  public void progress() {
    // Nobody is blocked: conditions are looked at again after every run.
  }

  @Override
  public boolean deterministic() {
    return true;
  }

  @Override
  public void yieldPoint() {
    checkThread();
    if (!units.isEmpty() && random.nextInt(yieldOneIn) == 0) {
      Unit next = choose();
      if (next != null) {
        run(next);
      }
    }
  }

  @Override
  public boolean awaitUntil(BooleanSupplier condition, long timeoutNanos) {
    checkThread();
    long start = clock.elapsedNanos();
    for (int turn = 0; ; turn++) {
      if (condition.getAsBoolean()) {
        return true;
      }
      long left = timeoutNanos;
      if (timeoutNanos != Long.MAX_VALUE) {
        left = timeoutNanos - (clock.elapsedNanos() - start);
        if (left <= 0) {
          return false;
        }
      }
      if (turn == RUNS_MAX) {
        throw new AssertionError("still waiting after " + turn + " turns: " + describe());
      }
      // Background work may be slower than the caller's patience: let time pass now and then.
      if (left != Long.MAX_VALUE && random.nextInt(16) == 0) {
        clock.advance(random.nextLong(left) + 1);
        continue;
      }
      Unit next = choose();
      if (next != null) {
        run(next);
        continue;
      }
      long pause = Math.min(left, nanosUntilNextDue());
      if (pause == Long.MAX_VALUE) {
        throw new AssertionError("deadlock: " + describe());
      }
      clock.advance(pause);
    }
  }

  /**
   * Runs background work until none is due now.
   *
   * @throws AssertionError if it never ends
   */
  public void runUntilIdle() {
    checkThread();
    int turns = 0;
    for (Unit next = choose(); next != null; next = choose()) {
      run(next);
      if (++turns == RUNS_MAX) {
        throw new AssertionError("not idle after " + turns + " turns: " + describe());
      }
    }
  }

  /**
   * Lets time pass, running background work as it falls due.
   *
   * @param nanos at least 0
   */
  public void advance(long nanos) {
    checkThread();
    long start = clock.elapsedNanos();
    for (long left = nanos; left > 0; left = nanos - (clock.elapsedNanos() - start)) {
      Unit next = choose();
      if (next != null) {
        run(next);
      } else {
        clock.advance(Math.min(left, nanosUntilNextDue()));
      }
    }
  }

  /** The errors that ended loops, oldest first. */
  public List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /** How many runs of loops there were. */
  public long runs() {
    return runs;
  }

  /** A hash of which loops ran, in their order. */
  public long traceHash() {
    return traceHash;
  }

  @Override
  public void close() {
    checkThread();
    closed = true;
    for (Unit unit : List.copyOf(units)) {
      unit.close();
    }
  }

  private @Nullable Unit choose() {
    long now = clock.elapsedNanos();
    int runnable = 0;
    for (Unit unit : units) {
      runnable += unit.isRunnable(now) ? 1 : 0;
    }
    if (runnable == 0) {
      return null;
    }
    int chosen = random.nextInt(runnable);
    for (Unit unit : units) {
      if (unit.isRunnable(now) && chosen-- == 0) {
        return unit;
      }
    }
    throw new AssertionError("chose none of " + runnable);
  }

  private long nanosUntilNextDue() {
    long now = clock.elapsedNanos();
    long nearest = Long.MAX_VALUE;
    for (Unit unit : units) {
      if (unit.mayRun() && unit.dueNanos != Long.MAX_VALUE) {
        nearest = Math.min(nearest, Math.max(0, unit.dueNanos - now));
      }
    }
    return nearest;
  }

  private void run(Unit unit) {
    runs++;
    traceHash = (traceHash * 31 + unit.name.hashCode()) * 31 + clock.elapsedNanos();
    clock.advance(RUN_NANOS);
    unit.signalled = false;
    unit.running = true;
    Unit outer = innermost;
    innermost = unit;
    try {
      long pause = unit.unit.runOnce();
      unit.dueNanos = dueAfter(pause);
    } catch (Exception e) {
      unit.fail(e);
    } catch (Error e) {
      // A simulated crash or a failed assertion must reach the test, not die in the background.
      unit.fail(e);
      throw e;
    } finally {
      innermost = outer;
      unit.running = false;
      if (unit.ended) {
        units.remove(unit);
      }
    }
  }

  private long dueAfter(long pauseNanos) {
    long due = clock.elapsedNanos() + Math.max(0, pauseNanos);
    return due < 0 ? Long.MAX_VALUE : due;
  }

  private void checkThread() {
    Thread current = Thread.currentThread();
    if (owner == null) {
      owner = current;
    } else if (!owner.equals(current)) {
      throw new AssertionError("a simulation of " + owner + " was used by " + current);
    }
  }

  private String describe() {
    return units.isEmpty() ? "there are no background loops" : units.toString();
  }

  private final class Unit implements Worker {
    private final String name;
    private final WorkUnit unit;
    private boolean signalled = true;
    private boolean running;
    private boolean ended;
    private long dueNanos = Long.MAX_VALUE;
    private @Nullable Throwable failure;

    Unit(String name, WorkUnit unit) {
      this.name = name;
      this.unit = unit;
    }

    boolean mayRun() {
      return !ended && !running;
    }

    boolean isRunnable(long now) {
      return mayRun() && (signalled || dueNanos <= now);
    }

    void fail(Throwable error) {
      failure = error;
      failures.add(error);
      ended = true;
    }

    @Override
    public void signal() {
      signalled = true;
    }

    @Override
    public void close() {
      checkThread();
      if (running && this != innermost) {
        throw new AssertionError("deadlock: a loop inside it waits for the end of " + this);
      }
      ended = true;
      if (!running) {
        units.remove(this);
      }
    }

    @Override
    public boolean isAlive() {
      return !ended || running;
    }

    @Override
    public @Nullable Throwable failure() {
      return failure;
    }

    @Override
    public String toString() {
      String state =
          running ? "running" : ended ? "ended" : signalled ? "signalled" : "waiting for a signal";
      boolean timed = mayRun() && !signalled && dueNanos != Long.MAX_VALUE;
      return name + " (" + (timed ? "due at " + dueNanos + " ns" : state) + ")";
    }
  }
}
