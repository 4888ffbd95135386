package dev.atll.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OffPolicyTest {
  private static final int REPETITIONS = 40;
  private static final int SAMPLES = 400;
  private static final double MERGE_CHANCE = 0.8;

  /** Merges are rewarded with 0.3, purges with 0.7 on average; the other would always purge. */
  private static OffPolicy drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    OffPolicy rewards = new OffPolicy();
    for (int i = 0; i < SAMPLES; i++) {
      boolean merge = random.nextDouble() < MERGE_CHANCE;
      double reward = (merge ? 0.3 : 0.7) + (random.nextDouble() - 0.5) / 2;
      rewards.add(
          new OffPolicy.Sample(
              merge ? MERGE_CHANCE : 1 - MERGE_CHANCE, !merge, merge ? "merge" : "purge", "purge",
              reward));
    }
    return rewards;
  }

  @Test
  void whatTheOtherWouldHaveGotLiesInTheInterval() {
    int[] hits = new int[4];
    for (int seed = 1; seed <= REPETITIONS; seed++) {
      OffPolicy.Estimates e = drawn(seed).estimates();
      assertNotNull(e);
      assertEquals(SAMPLES, e.samples());
      assertEquals(0, e.certain());
      hits[0] += holds(e.logged(), MERGE_CHANCE * 0.3 + (1 - MERGE_CHANCE) * 0.7);
      hits[1] += holds(e.ips(), 0.7);
      hits[2] += holds(e.snips(), 0.7);
      hits[3] += holds(e.doublyRobust(), 0.7);
      assertTrue(e.effective() < SAMPLES * 0.35, "one in five agrees");
      assertTrue(
          e.doublyRobust().high() - e.doublyRobust().low() < e.ips().high() - e.ips().low());
    }
    for (int i = 0; i < hits.length; i++) {
      // 95 % of 40 are 38; fewer than 33 would come by chance once in two thousand times.
      assertTrue(hits[i] >= 33, "estimate " + i + " holds the truth " + hits[i] + " times");
    }
  }

  private static int holds(OffPolicy.Estimate e, double truth) {
    assertTrue(e.low() <= e.value() && e.value() <= e.high());
    return e.low() <= truth && truth <= e.high() ? 1 : 0;
  }

  @Test
  void withoutChanceNothingIsSaid() {
    assertNull(new OffPolicy().estimates());
  }

  @Test
  void whoNeverAgreesGetsNoNormalisedEstimate() {
    OffPolicy rewards = new OffPolicy();
    rewards.add(new OffPolicy.Sample(0.5, false, "merge", null, 0.4));
    rewards.add(new OffPolicy.Sample(0.5, false, "merge", "split", 0.6));
    OffPolicy.Estimates e = rewards.estimates();
    assertNotNull(e);
    assertEquals(0, e.effective());
    assertTrue(Double.isNaN(e.snips().value()));
    assertEquals(0, e.ips().value());
    assertEquals(0.25, e.doublyRobust().value(), 1e-12, "half of the mean: nothing earns nothing");
  }
}
