package dev.atll.torture;

import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.Workers;
import dev.atll.env.fault.FileEvent;
import dev.atll.env.fault.TraceFileSystem;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.VizEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A simulated environment under watch: which background loop is running, waits that go on without
 * end, and the events that tell of failures nobody asks for.
 */
final class Watch implements Env, EventSink {
  // Each wait of a simulation lets time pass or work be done: so many in one operation is a circle.
  private static final int WAITS_MAX = 200_000;

  static {
    // A simulation opens thousands of stores; a line for each would take longer than the stores do.
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setFilter(line -> !String.valueOf(line.getMessage()).contains(" /db"));
    }
  }

  private final SimEnv env;
  private final FileSystem files;
  private final boolean faulty;
  private final WatchedWorkers workers = new WatchedWorkers();
  private final Clock clock = new TrapClock();
  private final Deque<String> running = new ArrayDeque<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Integer> events = new TreeMap<>();
  private Consumer<String> afterRun = loop -> {};
  private int waits;
  private int waitsMax = WAITS_MAX;
  private long eventHash;

  /**
   * Watches an environment.
   *
   * @param trace told of every file operation, or null
   */
  Watch(SimEnv env, @Nullable Consumer<FileEvent> trace) {
    this(env, trace == null ? env.files() : new TraceFileSystem(env.files(), trace), false);
  }

  /**
   * Watches an environment whose calls may go wrong.
   *
   * @param files the environment's, wrapped
   * @param faulty whether failures in the background are no surprise
   */
  Watch(SimEnv env, FileSystem files, boolean faulty) {
    this.env = env;
    this.files = files;
    this.faulty = faulty;
  }

  SimEnv sim() {
    return env;
  }

  /** Whether calls may go wrong here. */
  boolean isFaulty() {
    return faulty;
  }

  /** Takes fewer waits in one operation for a circle. */
  void waitAtMost(int times) {
    waitsMax = times;
  }

  /** The background loop that is running, or "" if none is. */
  String runningLoop() {
    String innermost = running.peek();
    return innermost == null ? "" : innermost;
  }

  /** Sets what is told the name of a background loop after each of its runs. */
  void afterEachRun(Consumer<String> listener) {
    afterRun = listener;
  }

  /** How often each kind of event was seen. */
  Map<String, Integer> events() {
    return events;
  }

  /** Equal for equal histories of files, background work and decisions. */
  long traceHash() {
    return env.traceHash() * 31 + eventHash;
  }

  /** Begins a new operation: fails if the one before left something behind. */
  void check() {
    waits = 0;
    if (!failures.isEmpty() && !faulty) {
      throw new AssertionError("failed in the background: " + failures);
    }
    for (Throwable failure : env.workers().failures()) {
      throw new AssertionError("a loop died", failure);
    }
  }

  /** What counts for the store: nothing, unless a trap wants to be passed. */
  Meter meter() {
    return Trap.isSet() ? new TrapMeter() : Meter.none();
  }

  @Override
  public boolean enabled() {
    Trap.pass(Trap.Point.ENABLED);
    return true;
  }

  @Override
  public void emit(VizEvent event) {
    eventHash = eventHash * 31 + event.toString().hashCode();
    String name = event.getClass().getName();
    events.merge(name.substring(name.lastIndexOf('.') + 1), 1, Integer::sum);
    if (event instanceof CompactionEvent.Finished finished
        && finished.outcome() == Outcome.FAILED) {
      failures.add(event.toString());
    } else if (event instanceof CorruptionEvent.Detected
        || (event instanceof CorruptionEvent.Scrubbed looked && looked.faults() > 0)
        || (event instanceof DecisionEvent.AdviserFailed && !Trap.isSet())) {
      failures.add(event.toString());
    }
    Trap.pass(Trap.Point.EVENT);
  }

  @Override
  public FileSystem files() {
    return files;
  }

  @Override
  public Clock clock() {
    return Trap.isSet() ? clock : env.clock();
  }

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public RandomGenerator random(String stream) {
    Trap.pass(Trap.Point.RANDOM);
    return env.random(stream);
  }

  private final class TrapClock implements Clock {
    @Override
    public long nanoTime() {
      Trap.pass(Trap.Point.CLOCK);
      return env.clock().nanoTime();
    }

    @Override
    public long currentTimeMillis() {
      Trap.pass(Trap.Point.CLOCK);
      return env.clock().currentTimeMillis();
    }
  }

  private final class WatchedWorkers implements Workers {
    @Override
    public Worker start(String name, WorkUnit unit) {
      Trap.pass(Trap.Point.START);
      Worker worker =
          env.workers()
              .start(
                  name,
                  () -> {
                    running.push(name);
                    try {
                      return unit.runOnce();
                    } catch (Error e) {
                      // On a thread of its own it would not reach whoever happens to wait here.
                      if (Trap.isBehind(e)) {
                        throw new IllegalStateException(e);
                      }
                      throw e;
                    } finally {
                      running.pop();
                      afterRun.accept(name);
                    }
                  });
      return new WatchedWorker(worker);
    }

    @Override
    public void progress() {
      env.workers().progress();
    }

    @Override
    public boolean awaitUntil(BooleanSupplier condition, long timeoutNanos) {
      Trap.pass(Trap.Point.AWAIT);
      if (++waits > waitsMax) {
        List<Throwable> dead = env.workers().failures();
        throw new AssertionError(
            "still waiting after " + waits + " waits" + (dead.isEmpty() ? "" : "; a loop died"),
            dead.isEmpty() ? null : dead.getFirst());
      }
      return env.workers().awaitUntil(condition, timeoutNanos);
    }

    @Override
    public boolean deterministic() {
      return env.workers().deterministic();
    }

    @Override
    public void yieldPoint() {
      Trap.pass(Trap.Point.YIELD);
      env.workers().yieldPoint();
    }

    @Override
    public void close() {
      env.workers().close();
    }
  }
  private record WatchedWorker(Workers.Worker worker) implements Workers.Worker {
    @Override
    public void signal() {
      Trap.pass(Trap.Point.SIGNAL);
      worker.signal();
    }

    @Override
    public void close() {
      worker.close();
      Trap.pass(Trap.Point.CLOSE);
    }

    @Override
    public boolean isAlive() {
      return worker.isAlive();
    }

    @Override
    public @Nullable Throwable failure() {
      return worker.failure();
    }
  }
}
