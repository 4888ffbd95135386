package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.policy.learn.Learners;
import dev.atll.policy.learn.ThetaLearner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThetaTunerTest {
  private static final int MEMTABLE = 1000;
  private static final int FANOUT = 4;
  private static final TreeSnapshot NOW =
      new TreeSnapshot(
          new PolicySettings(MEMTABLE, FANOUT, 250, 64, 2, Long.MAX_VALUE, 1000),
          new UnitCosts(1, 1, 1, 1, 1),
          1,
          List.of(),
          List.of(
              new LevelFacts(
                  1,
                  4000,
                  4,
                  List.of(
                      new SlotFacts(
                          1, 0, 1, false, false, -1, -1, 30, 10, 600,
                          List.of(new RunFacts(1, 1000, 10, 1, 500, 0, false, 0, 0, 0, 0, 0, 0, 0)))))));

  /** Draws one arm after the other, and notes what it is told. */
  private static final class Script implements ThetaLearner {
    final List<Double> rewards = new ArrayList<>();
    final List<Integer> arms = new ArrayList<>();
    int next;

    @Override
    public String name() {
      return "script";
    }

    @Override
    public Draw draw(double[] context) {
      assertEquals(Learners.CONTEXT_SIZE, context.length);
      int arm = next++ % Learners.ARMS;
      return new Draw(arm, Learners.thetas()[arm], new double[Learners.ARMS], arm == 1);
    }

    @Override
    public void reward(double[] context, int arm, double reward) {
      arms.add(arm);
      rewards.add(reward);
    }
  }

  @Test
  void anEpochLastsAHalfLifeAndARefill() {
    Script script = new Script();
    ThetaTuner tuner = new ThetaTuner(script, 2, 100);
    assertEquals(2, tuner.theta());
    assertEquals(-1, tuner.arm());
    assertTrue(tuner.tick(NOW, totals(0, 0, 0)));
    assertEquals(2 * 0.25, tuner.theta());
    assertEquals(0, tuner.arm());
    // Neither operations alone nor bytes alone end it.
    assertFalse(tuner.tick(NOW, totals(500, FANOUT * MEMTABLE - 1, 500)));
    assertFalse(tuner.tick(NOW, totals(99, FANOUT * MEMTABLE, 99)));
    assertTrue(tuner.tick(NOW, totals(500, FANOUT * MEMTABLE, 500)));
    assertEquals(2 * 0.5, tuner.theta());
    assertTrue(tuner.explored());
    // Without writes it ends after sixteen half-lives.
    assertFalse(tuner.tick(NOW, totals(500 + 1599, FANOUT * MEMTABLE, 2000)));
    assertTrue(tuner.tick(NOW, totals(500 + 1600, FANOUT * MEMTABLE, 2000)));
  }

  @Test
  void doubleTheCostIsAsBadAsHalfIsGood() {
    Script script = new Script();
    ThetaTuner tuner = new ThetaTuner(script, 1, 100);
    tuner.tick(NOW, totals(0, 0, 0));
    // The first epoch sets the scale: 10 a time; then 20; then what halves the smoothed cost.
    tuner.tick(NOW, totals(1000, 10_000, 10_000));
    assertTrue(script.rewards.isEmpty());
    tuner.tick(NOW, totals(2000, 20_000, 30_000));
    assertEquals(-Math.log(2), script.rewards.get(0), 1e-9);
    assertEquals(1, script.arms.get(0));
    tuner.tick(NOW, totals(3000, 30_000, 36_000)); // 6 an operation, smoothed before to 12
    assertEquals(Math.log(2), script.rewards.get(1), 1e-9);
    tuner.tick(NOW, totals(4000, 40_000, 1_000_000));
    assertEquals(-1, script.rewards.get(2));
  }

  @Test
  void offKeepsToTheBase() {
    ThetaTuner tuner = new ThetaTuner(Learners.byName("off", 1), 1.5, 100);
    assertFalse(tuner.tick(NOW, totals(1_000_000, 1_000_000, 1)));
    assertEquals(1.5, tuner.theta());
    assertEquals(-1, tuner.arm());
    assertEquals(0, tuner.propensities().length);
  }

  private static ThetaTuner.Totals totals(long operations, long bytesIn, double nanos) {
    return new ThetaTuner.Totals(operations, bytesIn, nanos / 2, nanos / 2);
  }
}
