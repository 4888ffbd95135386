package dev.atll.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HindsightOptimumTest {
  private static final int CASES = 400;
  private static final int ARRIVALS_MAX = 7;

  /** A case with sizes, overwritten shares and arrivals that were written on their way in. */
  private record Case(double[] bytes, double[] added, boolean[] written, double[] reads) {
    static Case draw(SplittableRandom random) {
      int n = 1 + random.nextInt(ARRIVALS_MAX);
      Case c = new Case(new double[n], new double[n], new boolean[n], new double[n]);
      for (int i = 0; i < n; i++) {
        c.bytes[i] = 1 + random.nextInt(20);
        c.added[i] = random.nextInt(3) == 0 ? 0 : c.bytes[i] * random.nextDouble();
        c.written[i] = random.nextBoolean();
        c.reads[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(30) * random.nextDouble();
      }
      return c;
    }

    double size(int first, int last) {
      double sum = bytes[first];
      for (int i = first + 1; i <= last; i++) {
        sum += added[i];
      }
      return sum;
    }

    double atArrival(int first, int last) {
      return first == last ? 0 : written[last] ? size(first, last - 1) : size(first, last);
    }
  }

  @Test
  void nothingBeatsItAmongAllSchedules() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < CASES; i++) {
      Case c = Case.draw(random);
      double cost = HindsightOptimum.of(c.reads, c::atArrival).cost();
      assertEquals(new BruteForce(c).least(), cost, 1e-9 * (1 + cost), "case " + i + ": " + c);
    }
  }

  /** All schedules: at each time any neighbouring runs may become one, any number of them at once. */
  private static final class BruteForce {
    private final Case c;
    private final Map<Integer, Double> known = new HashMap<>();

    BruteForce(Case c) {
      this.c = c;
    }

    double least() {
      return from(0, 0);
    }

    /** Least cost from the arrival of t on; bit i of the set says that a run begins at arrival i. */
    private double from(int t, int begins) {
      int n = c.bytes.length;
      if (t == n) {
        return 0;
      }
      int key = (t << 16) | begins;
      Double done = known.get(key);
      if (done != null) {
        return done;
      }
      int now = begins | (1 << t);
      double best = Double.POSITIVE_INFINITY;
      for (int next = now; next > 0; next = (next - 1) & now) {
        if ((next & 1) == 1) {
          double cost =
              mergeCost(now, next, t) + Integer.bitCount(next) * c.reads[t] + from(t + 1, next);
          best = Math.min(best, cost);
        }
      }
      known.put(key, best);
      return best;
    }

    private double mergeCost(int before, int after, int t) {
      double cost = 0;
      int first = 0;
      for (int end = 1; end <= t + 1; end++) {
        boolean ends = end == t + 1 || ((after >> end) & 1) == 1;
        if (ends) {
          boolean merged = ((before >> (first + 1)) & ((1 << (end - first - 1)) - 1)) != 0;
          if (merged) {
            cost += end - 1 == t ? c.atArrival(first, t) : c.size(first, end - 1);
          }
          first = end;
        }
      }
      return cost;
    }
  }

  @Test
  void alikeArrivalsGiveTheSameBothWays() {
    for (double read : new double[] {0, 0.1, 0.5, 1, 3, 20}) {
      for (int n : new int[] {0, 1, 2, 3, 10, 60}) {
        double[] reads = new double[n];
        Arrays.fill(reads, read);
        double general =
            HindsightOptimum.of(reads, (first, last) -> last - first + 1).cost();
        assertEquals(general, HindsightOptimum.alike(n, read).cost(), 1e-9 * (1 + general));
      }
    }
  }

  /**
   * The frontier of runs and write amplification for 2000 flushes alike: for these average numbers of
   * runs no schedule writes each byte less often. By Bentley and Saxe's bound the last would be at
   * least 2: C(m + k, k) must reach n.
   */
  @Test
  void insertOnlyFrontierIsTheKnownOne() {
    int n = 2_000;
    double[][] frontier = {
      {2.4, 23.5}, {3.2, 11.6}, {4.0, 8.0}, {5.6, 5.4}, {7.7, 4.1}, {11.6, 3.2}, {21, 2.5}
    };
    for (double[] point : frontier) {
      double low = 1e-4;
      double high = 1e4;
      // The more reads cost, the fewer runs are kept: find the price at which so many are.
      for (int i = 0; i < 30; i++) {
        double middle = Math.sqrt(low * high);
        HindsightOptimum.Result r = HindsightOptimum.alike(n, middle);
        if (r.readCost() / middle / n > point[0]) {
          low = middle;
        } else {
          high = middle;
        }
      }
      HindsightOptimum.Result below = HindsightOptimum.alike(n, low);
      HindsightOptimum.Result above = HindsightOptimum.alike(n, high);
      double runsBelow = below.readCost() / low / n;
      double runsAbove = above.readCost() / high / n;
      double share =
          runsBelow == runsAbove ? 0 : (point[0] - runsAbove) / (runsBelow - runsAbove);
      double writes =
          (share * below.mergeCost() + (1 - share) * above.mergeCost()) / n;
      assertTrue(Math.abs(writes - point[1]) < 0.03 * point[1], point[0] + " runs: " + writes);
    }
  }
}
