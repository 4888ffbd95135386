package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Workers.Worker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SystemWorkersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long FOREVER = Long.MAX_VALUE;

  private final AtomicReference<String> heard = new AtomicReference<>();
  private final SystemWorkers workers =
      new SystemWorkers((name, error) -> heard.set(name + ": " + error.getMessage()));

  @AfterEach
  void close() {
    Thread.interrupted();
    workers.close();
  }

  @Test
  void aLoopRunsOnceAtOnceAndThenOnSignals() {
    AtomicInteger runs = new AtomicInteger();
    AtomicReference<Thread> thread = new AtomicReference<>();
    Worker worker =
        workers.start(
            "flush",
            () -> {
              thread.set(Thread.currentThread());
              runs.incrementAndGet();
              return FOREVER;
            });
    assertTrue(workers.awaitUntil(() -> runs.get() == 1, FOREVER));
    assertFalse(workers.awaitUntil(() -> runs.get() > 1, SECOND / 20), "it ran without a signal");
    for (int i = 2; i < 200; i++) {
      int want = i;
      worker.signal();
      assertTrue(workers.awaitUntil(() -> runs.get() >= want, 5 * SECOND));
    }
    assertEquals("atll-flush", thread.get().getName());
    assertTrue(thread.get().isDaemon() && !thread.get().isVirtual());
    assertTrue(worker.isAlive());
    worker.close();
    assertFalse(worker.isAlive());
    assertNull(worker.failure());
    worker.close();
    worker.signal();
  }

  @Test
  void aSignalDuringARunLeadsToAnother() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    Worker worker =
        workers.start(
            "w",
            () -> {
              if (runs.incrementAndGet() == 1) {
                inside.countDown();
                goOn.await();
              }
              return FOREVER;
            });
    inside.await();
    worker.signal();
    goOn.countDown();
    assertTrue(workers.awaitUntil(() -> runs.get() == 2, 5 * SECOND));
  }

  @Test
  void aPauseIsKept() {
    AtomicInteger runs = new AtomicInteger();
    long start = System.nanoTime();
    workers.start(
        "tick",
        () -> {
          runs.incrementAndGet();
          return SECOND / 50;
        });
    assertTrue(workers.awaitUntil(() -> runs.get() == 4, FOREVER));
    assertTrue(System.nanoTime() - start >= 3 * SECOND / 50);
    workers.start("busy", () -> runs.incrementAndGet() < 10_000 ? 0 : FOREVER);
    assertTrue(workers.awaitUntil(() -> runs.get() >= 10_000, 5 * SECOND));
  }

  @Test
  void anErrorEndsTheLoopAndIsHeard() {
    IllegalStateException error = new IllegalStateException("broken");
    Worker worker =
        workers.start(
            "bad",
            () -> {
              throw error;
            });
    assertTrue(workers.awaitUntil(() -> heard.get() != null, 5 * SECOND));
    assertEquals("bad: broken", heard.get());
    assertFalse(worker.isAlive());
    assertSame(error, worker.failure());
    worker.close();
  }

  @Test
  void closeWaitsForTheRunUnderWay() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    Worker worker =
        workers.start(
            "slow",
            () -> {
              inside.countDown();
              Thread.sleep(100);
              done.incrementAndGet();
              return 0;
            });
    inside.await();
    // An interrupt must not cut the wait short, and must not be forgotten.
    Thread.currentThread().interrupt();
    worker.close();
    assertTrue(Thread.interrupted());
    assertTrue(done.get() >= 1);
    int after = done.get();
    assertFalse(worker.isAlive());
    Thread.sleep(150);
    assertEquals(after, done.get());
  }

  @Test
  void aLoopMayCloseItself() {
    AtomicReference<Worker> self = new AtomicReference<>();
    Worker worker =
        workers.start(
            "self",
            () -> {
              Worker me = self.get();
              if (me != null) {
                me.close();
              }
              return 1_000;
            });
    self.set(worker);
    assertTrue(workers.awaitUntil(() -> !worker.isAlive(), 5 * SECOND));
  }

  @Test
  void closingAllEndsAllAndRefusesMore() {
    Worker a = workers.start("a", () -> FOREVER);
    Worker b = workers.start("b", () -> 0);
    workers.close();
    workers.close();
    assertFalse(a.isAlive() || b.isAlive());
    assertThrows(IllegalStateException.class, () -> workers.start("c", () -> FOREVER));
  }

  @Test
  void waitingEndsByTimeOrCondition() {
    assertTrue(workers.awaitUntil(() -> true, 0));
    assertFalse(workers.awaitUntil(() -> false, 0));
    assertFalse(workers.awaitUntil(() -> false, -1));
    long start = System.nanoTime();
    assertFalse(workers.awaitUntil(() -> false, SECOND / 20));
    long took = System.nanoTime() - start;
    assertTrue(took >= SECOND / 20 && took < 5 * SECOND, "took " + took);
    assertFalse(workers.deterministic());
    workers.yieldPoint();
  }

  @Test
  void anInterruptDoesNotEndAWait() {
    AtomicInteger runs = new AtomicInteger();
    Thread.currentThread().interrupt();
    workers.start("w", () -> runs.incrementAndGet() < 4 ? SECOND / 50 : FOREVER);
    assertTrue(workers.awaitUntil(() -> runs.get() == 4, FOREVER));
    assertTrue(Thread.interrupted());
    Thread.currentThread().interrupt();
    assertFalse(workers.awaitUntil(() -> false, SECOND / 50));
    assertTrue(Thread.interrupted());
  }

  /** A waiter that misses a wake-up looks again after 100 ms: many rounds would take far longer. */
  @Test
  void noWakeUpIsMissed() throws Exception {
    int rounds = 5_000;
    AtomicInteger turn = new AtomicInteger();
    Thread other =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    int mine = 2 * i + 1;
                    workers.awaitUntil(() -> turn.get() == mine, FOREVER);
                    turn.incrementAndGet();
                    workers.progress();
                  }
                });
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      int mine = 2 * i;
      workers.awaitUntil(() -> turn.get() == mine, FOREVER);
      turn.incrementAndGet();
      workers.progress();
    }
    other.join();
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1e3;
    assertTrue(seconds < 10, rounds + " rounds took " + seconds + " s");
  }

  /** Progress made between a waiter's look and its sleep: it must not sleep until it looks again. */
  @Test
  void progressDuringTheLookIsNotMissed() {
    long fastest = FOREVER;
    for (int attempt = 0; attempt < 10; attempt++) {
      int[] looks = {0};
      long start = System.nanoTime();
      workers.awaitUntil(
          () -> {
            if (++looks[0] == 2) {
              workers.progress();
            }
            return looks[0] > 2;
          },
          FOREVER);
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    assertTrue(fastest < SECOND / 20, "the fastest of ten took " + fastest + " ns");
  }
}
