package dev.atll.bench.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Runs simulated cells on all cores and hands their results over in the order of the cells, so that
 * files and figures are the same as of one after the other.
 */
final class Cells {
  /** Takes a result. */
  interface Taker<T> {
    void take(int cell, T result) throws IOException;
  }

  private final int threads;

  Cells(int threads) {
    this.threads = threads;
  }

  static Cells onAllCores() {
    return new Cells(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Runs them.
   *
   * @param together so many that follow each other belong together: none or all of them are taken
   * @param stopped asked before each such group is taken; the rest is left out
   * @param taker called on this thread
   */
  <T> void run(List<Callable<T>> cells, int together, BooleanSupplier stopped, Taker<T> taker)
      throws IOException {
    ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("cell-", 0).factory());
    try {
      List<Future<T>> results = new ArrayList<>(cells.size());
      for (Callable<T> cell : cells) {
        results.add(pool.submit(cell));
      }
      for (int i = 0; i < results.size(); i++) {
        if (i % together == 0 && stopped.getAsBoolean()) {
          return;
        }
        taker.take(i, results.get(i).get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a cell failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted between cells", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
