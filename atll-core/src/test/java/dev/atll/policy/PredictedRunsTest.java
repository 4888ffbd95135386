package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** K*, the published number of runs at which reads and writes of a slot would balance. */
final class PredictedRunsTest {
  private static final PolicySettings SETTINGS =
      new PolicySettings(1000, 10, 250, 64, 10, Long.MAX_VALUE, 1001);
  private static final UnitCosts COSTS = new UnitCosts(50, 1000, 2000, 0.2, 0.8);

  private static double predict(int level, double gets, double seeks, double bytes, long... runs) {
    List<RunFacts> facts = new ArrayList<>();
    for (long run : runs) {
      facts.add(new RunFacts(1, run, run / 100, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0));
    }
    SlotFacts slot = new SlotFacts(level, 0, 1, false, false, -1, -1, gets, seeks, bytes, facts);
    SlotFacts other =
        new SlotFacts(
            2,
            0,
            2,
            false,
            false,
            -1,
            -1,
            0,
            0,
            0,
            List.of(new RunFacts(9, 1, 1, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0)));
    List<LevelFacts> levels =
        List.of(
            new LevelFacts(1, 10_000, 1, List.of(level == 1 ? slot : other)),
            new LevelFacts(2, 100_000, 1, List.of(level == 2 ? slot : other)));
    TreeSnapshot now = new TreeSnapshot(SETTINGS, COSTS, 1, List.of(), levels);
    return Policies.byName("atll", 1).predictedRuns(now, slot);
  }

  @Test
  void seeksCountAsSeeksBeforeAnyBoundaryWasPaidFor() {
    // a = 360000 × 9, b = 40 × 2000: √40.5 - 1. Nothing was counted at boundaries: there is one run.
    assertEquals(Math.sqrt(40.5) - 1, predict(1, 0, 40, 360_000, 5000), 1e-9);
    // A get costs 50 + 1 % of 1000.
    assertEquals(Math.sqrt(54_000 * 9 / (1000 * 60.0)) - 1, predict(1, 1000, 0, 54_000, 5000), 1e-9);
  }

  @Test
  void theLastLevelIsPricedByWhatIsResident() {
    // Arrivals of 1000 beside 20000: each is written with 20 times its bytes, not 9.
    assertEquals(
        Math.sqrt(36_000 * 20 / (20 * 2000.0)) - 1,
        predict(2, 0, 20, 36_000, 1000, 1000, 20_000),
        1e-9);
  }

  @Test
  void itStaysWithinOneAndTheFanout() {
    assertEquals(9, predict(1, 0, 0, 1000, 500));
    assertEquals(1, predict(1, 10, 10, 0, 500));
    assertTrue(Double.isNaN(predict(1, 0, 0, 0, 500)));
  }
}
