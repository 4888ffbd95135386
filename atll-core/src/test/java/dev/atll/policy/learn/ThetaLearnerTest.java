package dev.atll.policy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.InvalidInputException;
import dev.atll.testing.Golden;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Toy problems whose best arm is known, with the regret of each learner in a golden file. */
final class ThetaLearnerTest {
  private static final int ROUNDS = 2000;
  private static final int PERIOD = 500;
  private static final int DELAY = 3;
  private static final int SEEDS = 2;
  private static final double NOISE = 0.1;

  /** A reward that came in late. */
  private record Late(double[] context, int arm, double reward) {}

  /** Mean regret a round. */
  private record Regret(double all, double lastQuarter) {}

  @Test
  void learnersConvergeAndFollowShifts() {
    StringBuilder table = new StringBuilder();
    table.append(
        """
        # Regret a round, all rounds and the last quarter of each period; 2 seeds, 2000 rounds, rewards come 3 rounds
        # late. stationary: five arms whose rewards are linear in a context of 8. shifting: what the arms are worth
        # changes places every 500 rounds. gamma = 1 does not forget: better where nothing changes, worse where it does.
        learner              stationary  at the end  shifting  at the end
        """);
    Map<String, Regret> stationary = new TreeMap<>();
    Map<String, Regret> shifting = new TreeMap<>();
    for (String name :
        List.of("linucb", "thompson", "linucb:gamma=1", "thompson:gamma=1", "linucb:e=1", "off")) {
      Regret s = play(name, ROUNDS);
      Regret h = play(name, PERIOD);
      stationary.put(name, s);
      shifting.put(name, h);
      table.append(
          String.format(
              Locale.ROOT,
              "%-19s %11.3f %11.3f %9.3f %11.3f%n",
              name.equals("linucb:e=1") ? "any arm" : name,
              s.all,
              s.lastQuarter,
              h.all,
              h.lastQuarter));
    }
    double chance = stationary.get("linucb:e=1").all;
    for (String name : List.of("linucb", "thompson")) {
      assertTrue(stationary.get(name).lastQuarter < chance * 0.15, table::toString);
      assertTrue(shifting.get(name).lastQuarter < chance * 0.25, table::toString);
      assertTrue(
          shifting.get(name).all < shifting.get(name + ":gamma=1").all * 0.8, table::toString);
    }
    Golden.check(Golden.resource("testdata/policy/theta-learners.txt"), table.toString());
  }

  private static Regret play(String name, int period) {
    double all = 0;
    double last = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      double[][] worth = new double[Learners.ARMS][Learners.CONTEXT_SIZE];
      for (double[] arm : worth) {
        for (int i = 0; i < arm.length; i++) {
          arm[i] = random.nextGaussian() * 0.25;
        }
      }
      ThetaLearner learner = Learners.byName(name, seed);
      Deque<Late> late = new ArrayDeque<>();
      for (int round = 0; round < ROUNDS; round++) {
        int shift = round / period;
        double[] context = context(random);
        ThetaLearner.Draw draw = learner.draw(context);
        double best = Double.NEGATIVE_INFINITY;
        for (int arm = 0; arm < worth.length; arm++) {
          best = Math.max(best, dot(worth[(arm + shift) % worth.length], context));
        }
        double mean = dot(worth[(draw.arm() + shift) % worth.length], context);
        all += best - mean;
        if (round % period >= period - period / 4) {
          last += best - mean;
        }
        late.add(new Late(context, draw.arm(), mean + NOISE * random.nextGaussian()));
        if (late.size() > DELAY) {
          Late reward = late.remove();
          learner.reward(reward.context, reward.arm, reward.reward);
        }
      }
    }
    return new Regret(all / (SEEDS * ROUNDS), last / (SEEDS * ROUNDS / 4.0));
  }

  private static double[] context(Random random) {
    double[] context = new double[Learners.CONTEXT_SIZE];
    context[0] = 1;
    for (int i = 1; i < context.length; i++) {
      context[i] = random.nextDouble() * 2 - 1;
    }
    return context;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "linucb", "thompson", "thompson:e=0.5,v=1"})
  void drawsRepeatAndFollowTheirPropensities(String name) {
    Random random = new Random(5);
    ThetaLearner learner = Learners.byName(name, 9);
    ThetaLearner twin = Learners.byName(name, 9);
    double[] expected = new double[Learners.ARMS];
    double[] variance = new double[Learners.ARMS];
    int[] drawn = new int[Learners.ARMS];
    for (int round = 0; round < 3000; round++) {
      double[] context = context(random);
      ThetaLearner.Draw draw = learner.draw(context);
      ThetaLearner.Draw same = twin.draw(context.clone());
      assertEquals(draw.arm(), same.arm());
      assertArrayEquals(draw.propensities(), same.propensities());
      assertEquals(Learners.thetas()[draw.arm()], draw.theta());
      double sum = 0;
      for (int arm = 0; arm < Learners.ARMS; arm++) {
        double p = draw.propensities()[arm];
        assertTrue(p > 0 || name.equals("off"));
        sum += p;
        expected[arm] += p;
        variance[arm] += p * (1 - p);
      }
      assertEquals(1, sum, 1e-9);
      drawn[draw.arm()]++;
      if (round % 7 == 0) {
        learner.reward(context, draw.arm(), draw.theta() / 4);
        twin.reward(context, draw.arm(), draw.theta() / 4);
      }
    }
    for (int arm = 0; arm < Learners.ARMS; arm++) {
      // Four standard deviations of what independent draws with these probabilities would give.
      assertEquals(expected[arm], drawn[arm], 4 * Math.sqrt(variance[arm]) + 1e-9);
    }
  }

  @Test
  void theForgottenIsForgotten() {
    DiscountedRidge ridge = new DiscountedRidge();
    double[] x = {1, 0, 0, 0, 0, 0, 0, 0};
    for (int i = 0; i < 100; i++) {
      ridge.forget(0.9);
      ridge.observe(x, 1);
    }
    // Weights 1 + 0.9 + ... = 10 against a ridge of 1; the squares sum up to 1 / 0.19.
    DiscountedRidge.Estimate fresh = ridge.estimate(x);
    assertEquals(10.0 / 11, fresh.mean(), 1e-3);
    assertEquals(Math.sqrt(1 / 0.19 + 1) / 11, fresh.width(), 1e-3);
    for (int i = 0; i < 300; i++) {
      ridge.forget(0.9);
    }
    assertEquals(0, ridge.estimate(x).mean(), 1e-9);
    assertEquals(1, ridge.estimate(x).width(), 1e-9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linucb", "thompson"})
  void whatCannotBeLearnedFromIsRefused(String name) {
    ThetaLearner learner = Learners.byName(name, 1);
    double[] good = context(new Random(1));
    double[] bad = good.clone();
    bad[3] = Double.NaN;
    assertThrows(InvalidInputException.class, () -> learner.draw(bad));
    assertThrows(InvalidInputException.class, () -> learner.draw(new double[3]));
    assertThrows(InvalidInputException.class, () -> learner.reward(good, 5, 1));
    assertThrows(InvalidInputException.class, () -> learner.reward(good, -1, 1));
    assertThrows(
        InvalidInputException.class, () -> learner.reward(good, 1, Double.POSITIVE_INFINITY));
  }
}
