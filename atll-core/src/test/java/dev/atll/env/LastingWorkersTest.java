package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Workers.Worker;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimWorkers;
import dev.atll.env.sim.SimulatedCrash;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that is thrown ends a loop, and no wake-up is lost for good. */
@Timeout(30)
class LastingWorkersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long FOREVER = Long.MAX_VALUE;

  private final SystemWorkers system = new SystemWorkers(WorkerErrorHandler.REMEMBER);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicBoolean deaf = new AtomicBoolean();

  @AfterEach
  void close() {
    system.close();
  }

  /** Workers that cannot wake a loop, or let others run, while they are deaf. */
  private Workers hardOfHearing(Workers below) {
    return new Workers() {
      @Override
      public Worker start(String name, WorkUnit unit) {
        Worker worker = below.start(name, unit);
        return new Worker() {
          @Override
          public void signal() {
            fail();
            worker.signal();
          }

          @Override
          public void close() {
            fail();
            worker.close();
          }

          @Override
          public boolean isAlive() {
            return worker.isAlive();
          }

          @Override
          public Throwable failure() {
            return worker.failure();
          }
        };
      }

      private void fail() {
        if (deaf.get()) {
          throw new NoClassDefFoundError("deaf");
        }
      }

      @Override
      public void progress() {
        fail();
        below.progress();
      }

      @Override
      public boolean awaitUntil(BooleanSupplier condition, long timeoutNanos) {
        return below.awaitUntil(condition, timeoutNanos);
      }

      @Override
      public boolean deterministic() {
        return below.deterministic();
      }

      @Override
      public void yieldPoint() {
        fail();
        below.yieldPoint();
      }

      @Override
      public void close() {
        below.close();
      }
    };
  }

  private LastingWorkers over(Workers workers) {
    return new LastingWorkers(
        workers, (name, e) -> told.add(name + ": " + e.getMessage()), SECOND / 20);
  }

  private static Throwable thrown(String kind) {
    return switch (kind) {
      case "exception" -> new IllegalStateException(kind);
      case "checked" -> new Exception(kind);
      case "linkage" -> new NoClassDefFoundError(kind);
      case "memory" -> new OutOfMemoryError(kind);
      case "stack" -> new StackOverflowError(kind);
      default -> new AssertionError(kind, null);
    };
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "checked", "linkage", "memory", "stack", "assertion"})
  void whatARunThrowsIsToldAndTheLoopRunsAgain(String kind) {
    AtomicInteger runs = new AtomicInteger();
    Worker worker =
        over(system)
            .start(
                "loop",
                () -> {
                  if (runs.incrementAndGet() <= 1) {
                    LastingWorkersTest.<RuntimeException>sneak(thrown(kind));
                  }
                  return FOREVER;
                });
    assertTrue(system.awaitUntil(() -> runs.get() == 2, 20 * SECOND), "it died");
    assertEquals(List.of("loop: " + kind), told);
    worker.signal();
    assertTrue(system.awaitUntil(() -> runs.get() == 3, 20 * SECOND));
    assertTrue(worker.isAlive());
    worker.close();
    assertFalse(worker.isAlive());
  }

  @Test
  void whoIsToldMayThrowToo() {
    AtomicInteger runs = new AtomicInteger();
    LastingWorkers workers =
        new LastingWorkers(
            system,
            (name, e) -> {
              throw new IllegalStateException("no room to say");
            },
            SECOND / 20);
    workers.start(
        "loop",
        () -> {
          if (runs.incrementAndGet() == 1) {
            throw new IllegalStateException("first");
          }
          return FOREVER;
        });
    assertTrue(system.awaitUntil(() -> runs.get() == 2, 20 * SECOND));
  }

  @Test
  void aLoopThatCannotBeWokenLooksByItself() {
    AtomicInteger runs = new AtomicInteger();
    Workers workers = over(hardOfHearing(system));
    Worker worker =
        workers.start(
            "loop",
            () -> {
              runs.incrementAndGet();
              return FOREVER;
            });
    assertTrue(system.awaitUntil(() -> runs.get() == 1, 20 * SECOND));
    assertFalse(system.awaitUntil(() -> runs.get() > 1, SECOND / 4), "nobody asked");
    deaf.set(true);
    worker.signal();
    worker.signal();
    workers.yieldPoint();
    workers.progress();
    assertTrue(system.awaitUntil(() -> runs.get() == 2, 20 * SECOND), "the wake-up is lost");
    assertFalse(system.awaitUntil(() -> runs.get() > 2, SECOND / 4), "it goes in circles");
    assertEquals(List.of("loop: deaf"), told, "told once");
  }

  @Test
  void aWakeUpThatWasLostIsHandedOnWhenAnotherLoopRuns() {
    AtomicInteger runs = new AtomicInteger();
    SimWorkers sim = new SimEnv(1).workers();
    Workers workers = over(hardOfHearing(sim));
    Worker worker =
        workers.start(
            "loop",
            () -> {
              runs.incrementAndGet();
              return FOREVER;
            });
    workers.start("clock", () -> SECOND);
    sim.runUntilIdle();
    deaf.set(true);
    worker.signal();
    sim.advance(5 * SECOND);
    assertEquals(1, runs.get());
    deaf.set(false);
    sim.advance(5 * SECOND);
    assertEquals(2, runs.get());
  }

  @Test
  void aLoopThatCannotBeClosedRunsNoMore() {
    AtomicInteger runs = new AtomicInteger();
    Worker worker =
        over(hardOfHearing(system))
            .start(
                "loop",
                () -> {
                  runs.incrementAndGet();
                  return SECOND / 100;
                });
    assertTrue(system.awaitUntil(() -> runs.get() > 0, 20 * SECOND));
    deaf.set(true);
    worker.close();
    assertEquals(List.of("loop: deaf"), told);
    deaf.set(false);
    system.awaitUntil(() -> false, SECOND / 20); // a run that had begun may end
    int before = runs.get();
    assertFalse(system.awaitUntil(() -> runs.get() > before, SECOND / 5), "it ran");
    worker.close();
  }

  /** A simulation has one thread: its crash, or a check that failed, is the test's. */
  @Test
  void aSimulatedCrashReachesWhoeverRunsTheLoop() {
    for (Error error : List.of(new SimulatedCrash("power"), new AssertionError("check"))) {
      SimWorkers sim = new SimEnv(1).workers();
      over(sim)
          .start(
              "loop",
              () -> {
                throw error;
              });
      assertSame(error, assertThrows(Error.class, sim::runUntilIdle));
    }
    assertTrue(told.isEmpty());
  }
}
