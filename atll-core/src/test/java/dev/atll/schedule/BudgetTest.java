package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The bound on bytes that compactions move holds whatever wakes their loops: flushes, admissions and
 * the ends of their own jobs do, many times a second.
 */
class BudgetTest {
  private static final long BYTES_PER_SECOND = 1 << 18;
  private static final long SLICE_BYTES = 64 << 10;
  private static final int SECONDS = 4;

  @Test
  void compactionsKeepToTheirBudgetUnderManySignals() {
    SimEnv env = new SimEnv(3);
    Options options =
        Options.builder()
            .memtableBytes(64 << 10)
            .fanout(4)
            .policy("leveled")
            .compactionJobs(1)
            .compactionSliceBytes(SLICE_BYTES)
            .compactionBytesPerSecond(BYTES_PER_SECOND)
            .build();
    try (AtllDb db = Atll.open(Path.of("/store"), options, Observer.none(), env)) {
      SplittableRandom random = new SplittableRandom(3);
      byte[] key = new byte[8];
      byte[] value = new byte[100];
      long began = env.clock().elapsedNanos();
      for (int i = 0; i < SECONDS * 10_000; i++) {
        ByteBuffer.wrap(key).putLong(random.nextLong());
        db.put(key, value);
        if (i % 16 == 0) {
          env.workers().advance(1_600_000);
        }
      }
      double seconds = (env.clock().elapsedNanos() - began) / 1e9;
      Stats stats = db.stats();
      long moved = stats.compactionBytesRead() + stats.compactionBytesWritten();
      // Half a second's allowance may have been saved up, and one slice is moved before it is paid.
      double most = BYTES_PER_SECOND * (seconds + 0.5) + 4 * SLICE_BYTES;
      assertTrue(
          moved <= most, "%d bytes in %.2f s, at most %.0f".formatted(moved, seconds, most));
      assertTrue(moved > most / 4, "the budget was hardly used: " + moved);
    }
  }

  /** A loop looks when its wait is over: by then the bucket is just above empty. */
  @Test
  void theBudgetBindsALoneLoopThatHasJustWaited() {
    CompactionBudget budget = new CompactionBudget(1_000, 0);
    assertFalse(budget.binds(0), "a full bucket");
    long wait = budget.charge(900, 0);
    assertEquals(400_000_000, wait);
    assertTrue(budget.binds(wait + 1_000_000));
    assertFalse(budget.binds(wait + 100_000_000));
    // Of two jobs the later may read its clock first.
    budget.charge(100, 600_000_000);
    assertEquals(budget.charge(0, 500_000_000), budget.charge(0, 600_000_000));
    assertFalse(new CompactionBudget(0, 0).binds(0), "no budget");
  }
}
