package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.Workers;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimWorkers;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often the loops of a store run when nothing happens: hundreds may be open in one process. */
@Timeout(60)
final class RestTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int SECONDS = 100;

  private final SimEnv sim = new SimEnv(1);
  private final CountedWorkers workers = new CountedWorkers();

  /** Those of a simulation, which do as if they were threads, counted. */
  private final class CountedWorkers implements Workers {
    final Map<String, Integer> runs = new TreeMap<>();
    boolean deterministic;

    int count(String loop) {
      return runs.getOrDefault(loop, 0);
    }

    int sum() {
      return runs.values().stream().mapToInt(n -> n).sum();
    }

    private SimWorkers below() {
      return sim.workers();
    }

    @Override
    public Worker start(String name, WorkUnit unit) {
      return below()
          .start(
              name,
              () -> {
                runs.merge(name, 1, Integer::sum);
                return unit.runOnce();
              });
    }

    @Override
    public void progress() {
      below().progress();
    }

    @Override
    public boolean awaitUntil(BooleanSupplier condition, long timeoutNanos) {
      return below().awaitUntil(condition, timeoutNanos);
    }

    @Override
    public boolean deterministic() {
      return deterministic;
    }

    @Override
    public void yieldPoint() {
      below().yieldPoint();
    }

    @Override
    public void close() {
      below().close();
    }
  }

  private final class CountedEnv implements Env {
    @Override
    public FileSystem files() {
      return sim.files();
    }

    @Override
    public Clock clock() {
      return sim.clock();
    }

    @Override
    public Workers workers() {
      return workers;
    }

    @Override
    public RandomGenerator random(String stream) {
      return sim.random(stream);
    }

    @Override
    public long memoryBytes() {
      return sim.memoryBytes();
    }
  }

  private AtllDb open() {
    return Atll.open(
        Path.of("/db"), Options.builder().build(), Observer.none(), new CountedEnv());
  }

  private void pass(long nanos) {
    workers.runs.clear();
    sim.workers().advance(nanos);
  }

  @Test
  void aStoreWhereNothingHappensRunsFewLoops() {
    try (AtllDb db = open()) {
      for (byte k = 0; k < 10; k++) {
        db.put(new byte[] {k}, new byte[100]);
      }
      pass(SECONDS * SECOND); // the memtable gets old and is flushed
      pass(SECONDS * SECOND);
      assertTrue(workers.count("upkeep") <= SECONDS + 2, () -> "runs " + workers.runs);
      // Upkeep, the sync of the log, and what looks for lost wake-ups.
      assertTrue(workers.sum() <= 3 * SECONDS, () -> "runs " + workers.runs);
    }
  }

  @Test
  void whatIsWrittenReadOrSealedEndsTheRest() {
    try (AtllDb db = open()) {
      pass(SECONDS * SECOND);
      db.put(new byte[] {1}, new byte[100]);
      pass(2 * SECOND);
      assertTrue(workers.count("upkeep") >= 9, () -> "after a write: " + workers.runs);
      pass(SECONDS * SECOND);
      db.get(new byte[] {1});
      pass(2 * SECOND);
      assertTrue(workers.count("upkeep") >= 9, () -> "after a read: " + workers.runs);
      // Each time at another moment of the second between two runs.
      for (int i = 0; i < 20; i++) {
        pass(5 * SECOND + i * SECOND / 20);
        workers.runs.clear();
        db.put(new byte[] {2}, new byte[100]);
        db.flush();
        sim.workers().runUntilIdle();
        assertTrue(workers.count("upkeep") >= 1, () -> "after a flush: " + workers.runs);
      }
    }
  }

  /** What a simulation decides hangs on each run. */
  @Test
  void inASimulationTheLoopsKeepTheirPace() {
    workers.deterministic = true;
    try (AtllDb db = open()) {
      pass(10 * SECOND);
      pass(SECONDS * SECOND);
      assertEquals(10 * SECONDS, workers.count("upkeep"), 10);
      assertEquals(0, db.visibleRevision());
    }
  }
}
