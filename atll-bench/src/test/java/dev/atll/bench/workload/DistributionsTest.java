package dev.atll.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionsTest {
  private static final int DRAWS = 200_000;

  @ParameterizedTest
  @CsvSource({"1,0.99", "2,0.99", "50,0.5", "50,0.99", "50,1.0", "50,1.3", "1000,0.99"})
  void zipfDrawsWhatItsFormulaSays(int count, double exponent) {
    Zipf zipf = new Zipf(count, exponent);
    Random64 random = new Random64(5);
    long[] seen = new long[count];
    for (int i = 0; i < DRAWS; i++) {
      seen[(int) zipf.next(random)]++;
    }
    if (count < 2) {
      assertEquals(DRAWS, seen[0]);
      return;
    }
    ZipfDistribution formula = new ZipfDistribution(count, exponent);
    double[] expected = new double[count];
    for (int i = 0; i < count; i++) {
      expected[i] = formula.probability(i + 1) * DRAWS;
    }
    // A wrong sampler fails by hundreds of orders of magnitude; a right one on this seed does not.
    double p = new ChiSquareTest().chiSquareTest(expected, seen);
    assertTrue(p > 1e-4, "chi-square p = " + p);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 64, 100, 1023, 1024, 1025})
  void permutationsHitEachNumberOnce(long count) {
    Permutation permutation = new Permutation(count);
    boolean[] hit = new boolean[(int) count];
    for (long i = 0; i < count; i++) {
      int to = (int) permutation.apply(i);
      assertTrue(!hit[to], count + ": " + to + " twice");
      hit[to] = true;
    }
  }

  @Test
  void hotRangesDrawTheirShareEvenAcrossTheEnd() {
    HotRange range = new HotRange(0.95, 0.1, 0.9);
    Random64 random = new Random64(1);
    int inside = 0;
    for (int i = 0; i < DRAWS; i++) {
      long key = range.draw(random, 1000);
      assertTrue(key >= 0 && key < 1000);
      inside += key >= 950 || key < 50 ? 1 : 0;
    }
    assertEquals(0.9, (double) inside / DRAWS, 0.005);
  }

  @Test
  void similarityIsOneForOneRangeAndFallsAsTheyPart() {
    HotRange reads = new HotRange(0.2, 0.1, 0.9);
    assertEquals(1, reads.similarity(reads), 1e-12);
    double half = reads.similarity(reads.at(0.25));
    double apart = reads.similarity(reads.at(0.3));
    assertTrue(half < 1 && apart < half, half + " " + apart);
    assertEquals(apart, reads.similarity(reads.at(0.7)), 1e-12);
    // Two hot tenths apart: 2*0.1*sqrt(9*1/9) + 0.8*(1/9).
    assertEquals(0.2 + 0.8 / 9, apart, 1e-9);
  }
}
