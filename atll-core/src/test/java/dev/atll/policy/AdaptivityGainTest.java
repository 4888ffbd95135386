package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The predicted gain against its closed form, and its statistics against many draws. */
final class AdaptivityGainTest {
  private static final int ENTRY_BYTES = 100;
  private static final UnitCosts COSTS = new UnitCosts(100, 600, 1500, 1, 3);

  @Test
  void overlapIsTheBhattacharyyaCoefficient() {
    // A tenth of the ranges takes nine tenths of the reads, writes are even: 0.6.
    AdaptivityGain gain = AdaptivityGain.of(tree(even(100, 1e9), hot(100, 0.1, 0.9, 1e9), 1000), 1);
    assertEquals(0.6, gain.overlap(), 0.001);
    assertTrue(gain.overlapLow() < gain.overlap() && gain.overlap() < gain.overlapHigh());
    assertEquals(100, gain.ranges());
  }

  @Test
  void gainIsOneMinusTheOverlapWhereNoBoundBites() {
    // With a wide fanout no range meets a bound; the rest of the cost is one write of each byte, and
    // for each get one run of the level and one block. x - 1 runs come on top of that one.
    double[] writes = even(100, 1e12);
    double[] reads = hot(100, 0.1, 0.9, 2e12);
    double a = 1e12 * ENTRY_BYTES * 4 * 999;
    double b = 2e12 * 106;
    double fixed = 1e12 * ENTRY_BYTES * 3 + 2e12 * 600;
    double common = 2 * Math.sqrt(a * b) + fixed;
    double apart = 0.6 * 2 * Math.sqrt(a * b) + fixed;
    AdaptivityGain gain = AdaptivityGain.of(tree(writes, reads, 1000), 1);
    assertEquals(1 - apart / common, gain.gain(), 0.01);
    assertEquals((int) Math.round(Math.sqrt(a / b) - 1), gain.uniformRuns().get(0));
  }

  /** Reads that no K can make cheaper weigh in: the more a block costs, the less is to be gained. */
  @Test
  void whatNoChoiceChangesIsPartOfTheWhole() {
    double[] writes = even(100, 1e12);
    double[] reads = hot(100, 0.1, 0.9, 2e12);
    UnitCosts free = new UnitCosts(106, 0, 1500, 1, 3);
    UnitCosts dear = new UnitCosts(106, 60_000, 1500, 1, 3);
    double withoutBlocks = AdaptivityGain.of(tree(writes, reads, 1000, free), 1).gain();
    double withBlocks = AdaptivityGain.of(tree(writes, reads, 1000, dear), 1).gain();
    assertTrue(withBlocks < withoutBlocks / 2, withBlocks + " of " + withoutBlocks);
  }

  @Test
  void nothingIsGainedWhereReadsAndWritesFallTogether() {
    double[] skewed = hot(64, 0.1, 0.9, 1e9);
    AdaptivityGain gain = AdaptivityGain.of(tree(skewed, skewed, 10), 1);
    assertEquals(1, gain.overlap(), 1e-9);
    assertEquals(0, gain.gain(), 1e-9);
  }

  @Test
  void withoutReadsOrWritesThereIsNoOverlapAndNoGain() {
    AdaptivityGain gain = AdaptivityGain.of(tree(even(4, 1000), new double[4], 10), 1);
    assertTrue(Double.isNaN(gain.overlap()));
    assertEquals(0, gain.gain());
    assertEquals(List.of(9), gain.uniformRuns());
  }

  /** 64 ranges from 300 and 300 samples: the plain estimate of a true 1 would be 0.94. */
  @Test
  void noiseIsNotTakenForSkew() {
    Random random = new Random(5);
    double sum = 0;
    int covered = 0;
    int draws = 2000;
    for (int i = 0; i < draws; i++) {
      TreeSnapshot drawn =
          tree(sample(random, even(64, 1), 300), sample(random, even(64, 1), 300), 10);
      AdaptivityGain gain = AdaptivityGain.of(drawn, 1);
      sum += gain.overlap();
      covered += gain.gainLow() < 0.02 ? 1 : 0;
    }
    assertEquals(1, sum / draws, 0.02);
    assertTrue(covered >= draws * 0.9, covered + " of " + draws + " lower ends below 2 %");
  }

  @Test
  void intervalCoversTheTruth() {
    Random random = new Random(6);
    int covered = 0;
    int draws = 2000;
    for (int i = 0; i < draws; i++) {
      TreeSnapshot drawn =
          tree(sample(random, even(40, 1), 1000), sample(random, hot(40, 0.1, 0.9, 1), 1000), 10);
      AdaptivityGain gain = AdaptivityGain.of(drawn, 1);
      covered += gain.overlapLow() <= 0.6 && 0.6 <= gain.overlapHigh() ? 1 : 0;
    }
    // Nominally 95 %; the bias that is left where ranges have few samples costs some.
    assertTrue(covered >= draws * 0.88, covered + " of " + draws);
  }

  private static double[] even(int n, double total) {
    double[] shares = new double[n];
    java.util.Arrays.fill(shares, total / n);
    return shares;
  }

  private static double[] hot(int n, double width, double share, double total) {
    double[] shares = new double[n];
    int hot = (int) (n * width);
    double width2 = (double) hot / n;
    double inHot = Math.abs(width2 - width) < 1e-9 ? share : share * width2 / width;
    for (int i = 0; i < n; i++) {
      shares[i] = total * (i < hot ? inHot / hot : (1 - inHot) / (n - hot));
    }
    return shares;
  }

  private static double[] sample(Random random, double[] shares, int n) {
    double[] counts = new double[shares.length];
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      int at = 0;
      while (at < shares.length - 1 && u >= shares[at]) {
        u -= shares[at++];
      }
      counts[at]++;
    }
    return counts;
  }

  /** One level of slots with given entries written and gets, and a run each. */
  private static TreeSnapshot tree(double[] writes, double[] gets, int fanout) {
    return tree(writes, gets, fanout, COSTS);
  }

  private static TreeSnapshot tree(
      double[] writes, double[] gets, int fanout, UnitCosts costs) {
    List<SlotFacts> slots = new ArrayList<>();
    for (int i = 0; i < writes.length; i++) {
      RunFacts run =
          new RunFacts(i, 100 * ENTRY_BYTES, 100, 0, 0, 0, false, 0, 100, 0, 1, 0, 0, 0);
      slots.add(
          new SlotFacts(
              1, i, i, false, false, -1, -1, gets[i], 0, writes[i] * ENTRY_BYTES, List.of(run)));
    }
    PolicySettings settings =
        new PolicySettings(1 << 20, fanout, 1 << 18, 64, 1.25, Long.MAX_VALUE, 1001);
    return new TreeSnapshot(
        settings, costs, 1, List.of(), List.of(new LevelFacts(1, 1 << 30, 64, slots)));
  }
}
