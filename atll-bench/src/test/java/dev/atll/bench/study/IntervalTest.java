package dev.atll.bench.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
  @Test
  void twoSamplesReachFromOneToTheOther() {
    Interval interval = Interval.ofMean(1, 3);
    assertEquals(new Interval(2, 1, 3, 2), interval);
  }

  @Test
  void withoutSpreadItIsAPoint() {
    assertEquals(new Interval(5, 5, 5, 1), Interval.ofMean(5));
    assertEquals(new Interval(5, 5, 5, 3), Interval.ofMean(5, 5, 5));
  }

  @Test
  void theSameSamplesGiveTheSameInterval() {
    assertEquals(Interval.ofMean(1, 2, 4, 8), Interval.ofMean(1, 2, 4, 8));
  }

  /** The bootstrap of ten samples is known to be somewhat narrow. */
  @Test
  void itHoldsTheTrueMeanAboutAsOftenAsItSays() {
    Random random = new Random(7);
    int held = 0;
    int below = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] samples = new double[10];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = 3 + random.nextGaussian();
      }
      Interval interval = Interval.ofMean(samples);
      held += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
      below += interval.high() < 3 ? 1 : 0;
    }
    assertTrue(held >= 172 && held <= 198, held + " of 200");
    assertTrue(below <= 20, below + " of 200 lie wholly below");
  }

  @Test
  void ratiosArePairedAndGeometric() {
    Interval ratio = Interval.ofRatio(new double[] {2, 8}, new double[] {4, 4});
    assertEquals(1, ratio.mean(), 1e-12);
    assertEquals(0.5, ratio.low(), 1e-12);
    assertEquals(2, ratio.high(), 1e-12);
  }

  @Test
  void probabilityIsSmallWhereEachPairAgrees() {
    double[] a = {1.0, 1.1, 0.9, 1.05, 1.0, 0.95};
    double[] twice = {2.1, 2.2, 1.7, 2.0, 2.1, 1.9};
    double[] same = {1.05, 1.0, 0.95, 1.0, 0.95, 1.05};
    assertTrue(Interval.probability(twice, a) < 1e-4);
    assertTrue(Interval.probability(same, a) > 0.2);
    assertTrue(Double.isNaN(Interval.probability(a, a)));
  }

  /** S. Holm's own procedure by hand: 3 × 0.01, then 2 × 0.03, then no less than that. */
  @Test
  void holmCorrectsInOrderAndNeverFalls() {
    assertArrayEquals(new double[] {0.03, 0.06, 0.06}, Interval.holm(0.01, 0.04, 0.03), 1e-12);
    assertArrayEquals(new double[] {1, 1}, Interval.holm(0.7, 0.9), 1e-12);
  }
}
