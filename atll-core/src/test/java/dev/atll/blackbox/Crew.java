package dev.atll.blackbox;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that work until told to stop, each with a random generator of its own. The first failure of
 * any stops all, and is thrown, with the seed, by {@link #finish}.
 */
final class Crew {
  /** One round of a thread's work. */
  interface Work {
    void round(SplittableRandom random) throws Exception;
  }

  private final long seed;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;

  Crew(long seed) {
    this.seed = seed;
  }

  /** Starts threads that repeat rounds. */
  void start(String name, int count, Work work) {
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(seed * 31 + threads.size());
      threads.add(
          Thread.ofPlatform()
              .name(name + "-" + i)
              .daemon()
              .start(
                  () -> {
                    try {
                      while (!stopping) {
                        work.round(random);
                      }
                    } catch (Throwable e) {
                      failure.compareAndSet(null, new AssertionError(name + " failed", e));
                      stopping = true;
                    }
                  }));
    }
  }

  boolean isStopping() {
    return stopping;
  }

  List<Thread> threads() {
    return List.copyOf(threads);
  }

  /** Lets them work for a time, or until one fails. */
  void work(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!stopping && System.nanoTime() - end < 0) {
      Thread.sleep(5);
    }
  }

  /** Asks all to stop. */
  void stop() {
    stopping = true;
  }

  /** Stops all, waits for each, and throws the first failure. */
  void finish() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join(60_000);
      if (thread.isAlive()) {
        AssertionError stuck = new AssertionError(thread.getName() + " is stuck, seed " + seed);
        stuck.setStackTrace(thread.getStackTrace());
        throw stuck;
      }
    }
    Throwable first = failure.get();
    if (first != null) {
      throw new AssertionError("with seed " + seed, first);
    }
  }
}
