package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Power cuts before any call, during creation, recovery and rolls too, again and again on what the
 * one before left. {@code -Dseed=} starts at one, {@code -Druns=} many.
 */
final class ManifestCrashTest {
  private static final Long GIVEN = Long.getLong("seed");
  private static final long SEED = GIVEN == null ? 1 : GIVEN;
  private static final int RUNS = Integer.getInteger("runs", GIVEN == null ? 250 : 1);

  @Test
  void recoversTheLastInstalledTreeOrTheOneUnderWay() {
    int crashes = 0;
    int cuts = 0;
    int keptUnacked = 0;
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      ManifestHistory history = new ManifestHistory(seed);
      try {
        history.run();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dtest=ManifestCrashTest -Dseed=" + seed, e);
      }
      crashes += history.crashes();
      cuts += history.cuts();
      keptUnacked += history.keptUnacked();
    }
    if (RUNS > 100) {
      // The histories went where they should.
      assertEquals(RUNS * ManifestHistory.EPOCHS, crashes);
      assertTrue(cuts > crashes / 50, cuts + " cuts in " + crashes);
      assertTrue(keptUnacked > crashes / 50, keptUnacked + " kept in " + crashes);
    }
  }
}
