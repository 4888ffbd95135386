package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.blackbox.Linearizability.Call;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small histories of a few threads on two keys, each searched for an order that explains it. */
class LinearizabilityTest {
  private static final int HISTORIES = Integer.getInteger("atll.histories", 1500);
  private static final int[] BOTH = {0, 1};

  @TempDir private Path temp;

  private static Call write(long begin, long end, int register, long value) {
    return new Call(begin, end, false, new int[] {register}, new long[] {value});
  }

  private static Call read(long begin, long end, int register, long value) {
    return new Call(begin, end, true, new int[] {register}, new long[] {value});
  }

  @Test
  void theSearchTellsGoodHistoriesFromBadOnes() {
    long[] empty = {0, 0};
    // A read beside a write may see it or not; one after it must.
    assertTrue(Linearizability.holds(List.of(write(0, 10, 0, 7), read(5, 6, 0, 0)), empty));
    assertTrue(Linearizability.holds(List.of(write(0, 10, 0, 7), read(5, 6, 0, 7)), empty));
    assertFalse(Linearizability.holds(List.of(write(0, 10, 0, 7), read(11, 12, 0, 0)), empty));
    // Once seen, it stays seen.
    assertFalse(
        Linearizability.holds(
            List.of(write(0, 10, 0, 7), read(1, 2, 0, 7), read(3, 4, 0, 0)), empty));
    // Two observers do not disagree about an order.
    assertFalse(
        Linearizability.holds(
            List.of(
                write(0, 10, 0, 1), write(0, 10, 0, 2),
                read(1, 2, 0, 1), read(3, 4, 0, 2), read(5, 6, 0, 1)),
            empty));
    // Half a batch is never seen.
    Call batch = new Call(0, 10, false, BOTH, new long[] {5, 6});
    assertTrue(Linearizability.holds(List.of(batch, read(1, 2, 0, 0), read(3, 4, 1, 6)), empty));
    assertFalse(
        Linearizability.holds(
            List.of(batch, new Call(1, 2, true, BOTH, new long[] {5, 0})), empty));
  }

  @Test
  void everyHistoryHasAnOrder() throws Exception {
    long seed = Long.getLong("atll.seed", System.nanoTime());
    try (ConcurrentHistories histories = new ConcurrentHistories(temp, seed)) {
      for (int h = 0; h < HISTORIES; h++) {
        assertNull(histories.findWrongOne());
      }
    }
  }
}
