package dev.atll.env.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Workers.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SimWorkersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long FOREVER = Long.MAX_VALUE;

  private final SimEnv env = new SimEnv(1);
  private final SimWorkers workers = env.workers();

  @Test
  void nothingRunsUnlessTheCallerYieldsOrWaits() {
    int[] runs = {0};
    Worker worker = workers.start("w", () -> ++runs[0] < 0 ? 0 : FOREVER);
    assertEquals(0, runs[0]);
    assertTrue(workers.awaitUntil(() -> runs[0] == 1, FOREVER));
    worker.signal();
    worker.signal();
    workers.runUntilIdle();
    assertEquals(2, runs[0]);
    worker.signal();
    worker.close();
    workers.runUntilIdle();
    assertEquals(2, runs[0]);
    assertFalse(worker.isAlive());
  }

  @Test
  void yieldingRunsSomethingSooner_orLater() {
    for (int seed = 0; seed < 50; seed++) {
      SimWorkers some = new SimEnv(seed).workers();
      int[] runs = {0};
      some.start("w", () -> ++runs[0] < 0 ? 0 : FOREVER);
      int yields = 0;
      while (runs[0] == 0) {
        some.yieldPoint();
        assertTrue(++yields < 10_000, "seed " + seed);
      }
    }
  }

  @Test
  void timeJumpsToTheNextDeadline() {
    List<Long> at = new ArrayList<>();
    long start = env.clock().elapsedNanos();
    workers.start(
        "hourly",
        () -> {
          at.add((env.clock().elapsedNanos() - start) / SECOND);
          return 3600 * SECOND;
        });
    assertTrue(workers.awaitUntil(() -> at.size() == 4, FOREVER));
    assertEquals(List.of(0L, 3600L, 7200L, 10800L), at);
    workers.advance(7201 * SECOND);
    assertEquals(6, at.size());
    assertFalse(workers.awaitUntil(() -> false, 1800 * SECOND));
    long passed = (env.clock().elapsedNanos() - start) / SECOND;
    assertTrue(passed >= 5 * 3600 + 1800 && passed < 5 * 3600 + 3600, "" + passed);
  }

  @Test
  void aDeadlockNamesTheLoops() {
    workers.start("flush", () -> FOREVER);
    AssertionError error =
        assertThrows(AssertionError.class, () -> workers.awaitUntil(() -> false, FOREVER));
    assertTrue(error.getMessage().contains("deadlock"), error.getMessage());
    assertTrue(error.getMessage().contains("flush (waiting for a signal)"), error.getMessage());
  }

  @Test
  void aLoopThatSpinsIsFound() {
    workers.start("spin", () -> 0);
    AssertionError error =
        assertThrows(AssertionError.class, () -> workers.awaitUntil(() -> false, FOREVER));
    assertTrue(error.getMessage().contains("spin"), error.getMessage());
    assertFalse(workers.awaitUntil(() -> false, SECOND / 100), "time must pass all the same");
  }

  @Test
  void aLoopMayWaitForAnother() {
    boolean[] done = {false, false};
    AtomicReference<Worker> second = new AtomicReference<>();
    workers.start(
        "first",
        () -> {
          Worker other = second.get();
          other.signal();
          workers.awaitUntil(() -> done[1], FOREVER);
          done[0] = true;
          return FOREVER;
        });
    second.set(
        workers.start(
            "second",
            () -> {
              done[1] = true;
              return FOREVER;
            }));
    assertTrue(workers.awaitUntil(() -> done[0], FOREVER));
  }

  @Test
  void twoLoopsThatWaitForEachOtherAreADeadlock() {
    boolean[] done = {false, false};
    workers.start("a", () -> workers.awaitUntil(() -> done[1], FOREVER) ? FOREVER : 0);
    workers.start("b", () -> workers.awaitUntil(() -> done[0], FOREVER) ? FOREVER : 0);
    AssertionError error =
        assertThrows(AssertionError.class, () -> workers.awaitUntil(() -> done[0], FOREVER));
    assertTrue(error.getMessage().contains("a (running)"), error.getMessage());
    assertTrue(error.getMessage().contains("b (running)"), error.getMessage());
  }

  @Test
  void anExceptionEndsALoopAndAnErrorReachesTheCaller() {
    Worker bad =
        workers.start(
            "bad",
            () -> {
              throw new IOException("disk");
            });
    workers.runUntilIdle();
    assertFalse(bad.isAlive());
    assertEquals("disk", workers.failures().getFirst().getMessage());
    Worker crash =
        workers.start(
            "crash",
            () -> {
              throw new SimulatedCrash("here");
            });
    assertThrows(SimulatedCrash.class, workers::runUntilIdle);
    assertFalse(crash.isAlive());
    assertEquals(2, workers.failures().size());
  }

  @Test
  void aLoopMayCloseItselfButNotOneItRunsInside() {
    // The seed decides whether the inner loop runs by itself or inside the outer one.
    Set<Boolean> inside = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      SimWorkers some = new SimEnv(seed).workers();
      AtomicReference<Worker> inner = new AtomicReference<>();
      boolean[] outerRuns = {false};
      Worker outer =
          some.start(
              "outer",
              () -> {
                outerRuns[0] = true;
                some.runUntilIdle();
                outerRuns[0] = false;
                return FOREVER;
              });
      inner.set(
          some.start(
              "inner",
              () -> {
                inside.add(outerRuns[0]);
                (outerRuns[0] ? outer : inner.get()).close();
                return FOREVER;
              }));
      try {
        some.runUntilIdle();
        assertFalse(inner.get().isAlive());
      } catch (AssertionError e) {
        assertTrue(outerRuns[0]);
        assertTrue(e.getMessage().contains("waits for the end of outer"), e.getMessage());
      }
    }
    assertEquals(Set.of(true, false), inside);
  }

  @Test
  void theOrderIsTheSeedsAndTheSeedsAlone() {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      List<String> order = order(seed);
      assertEquals(order, order(seed));
      orders.add(order);
    }
    // Each of the six orders of three loops.
    assertEquals(6, orders.size());
  }

  private static List<String> order(long seed) {
    List<String> order = new ArrayList<>();
    SimEnv env = new SimEnv(seed);
    for (String name : List.of("a", "b", "c")) {
      env.workers()
          .start(
              name,
              () -> {
                order.add(name);
                return FOREVER;
              });
    }
    env.workers().runUntilIdle();
    return order;
  }

  @Test
  void anotherThreadIsRefused() throws Exception {
    workers.yieldPoint();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    workers.yieldPoint();
                  } catch (AssertionError e) {
                    seen.set(e);
                  }
                });
    other.join();
    assertTrue(String.valueOf(seen.get()).contains("simulation"));
  }

  @Test
  void clockAndChanceComeFromTheSeed() {
    assertEquals(new SimEnv(5).clock().nanoTime(), new SimEnv(5).clock().nanoTime());
    assertNotEquals(new SimEnv(5).clock().nanoTime(), new SimEnv(6).clock().nanoTime());
    assertEquals(new SimEnv(5).random("x").nextLong(), new SimEnv(5).random("x").nextLong());
    assertNotEquals(new SimEnv(5).random("x").nextLong(), new SimEnv(5).random("y").nextLong());
    SimClock clock = env.clock();
    long before = clock.currentTimeMillis();
    clock.jumpWallClock(-60_000);
    assertTrue(clock.currentTimeMillis() <= before - 59_999);
    long nanos = clock.nanoTime();
    assertTrue(clock.nanoTime() - nanos > 0, "a loop that waits for the time must end");
    assertThrows(IllegalArgumentException.class, () -> clock.advance(-1));
  }
}
