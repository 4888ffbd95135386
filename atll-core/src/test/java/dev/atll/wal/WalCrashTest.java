package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Seeded histories with crashes at any call; {@code -Dseed=} starts at one, {@code -Druns=} many. */
final class WalCrashTest {
  private static final Long GIVEN = Long.getLong("seed");
  private static final long SEED = GIVEN == null ? 1 : GIVEN;
  private static final int RUNS = Integer.getInteger("runs", GIVEN == null ? 1_500 : 1);

  @Test
  void recoversAPrefixWithAllThatWasPromised() throws Exception {
    long recoveries = 0;
    long cuts = 0;
    long fullDisks = 0;
    long carried = 0;
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      WalHistory history = new WalHistory(seed);
      try {
        history.run(12);
      } catch (AssertionError | Exception e) {
        throw new AssertionError(
            "replay with -Dtest=WalCrashTest -Dseed=" + seed + ": " + history, e);
      }
      recoveries += history.recoveries;
      cuts += history.cuts;
      fullDisks += history.fullDisks;
      carried += history.carried;
    }
    if (RUNS > 100) {
      // The histories went where they should.
      assertTrue(cuts > recoveries / 50, cuts + " cuts in " + recoveries);
      assertTrue(fullDisks > RUNS, fullDisks + " full disks");
      assertTrue(carried > recoveries / 50, carried + " carried over in " + recoveries);
    }
    System.out.printf(
        "%d recoveries, %d cuts, %d full disks, %d carried over%n",
        recoveries, cuts, fullDisks, carried);
  }
}
