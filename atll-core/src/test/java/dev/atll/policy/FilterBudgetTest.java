package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.policy.FilterBudget.Load;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FilterBudgetTest {
  private static final double BLOOM = 0.43;
  private static final double RIBBON = 0.64;

  private static List<Load> loads(SplittableRandom random) {
    List<Load> loads = new ArrayList<>();
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      loads.add(
          new Load(
              random.nextInt(8) == 0 ? 0 : Math.exp(random.nextDouble(16)),
              random.nextInt(8) == 0 ? 0 : Math.exp(random.nextDouble(16)),
              random.nextBoolean() ? BLOOM : RIBBON));
    }
    return loads;
  }

  private static double used(List<Load> loads, double[] bits) {
    double sum = 0;
    for (int i = 0; i < bits.length; i++) {
      sum += loads.get(i).entries() * bits[i];
    }
    return sum;
  }

  private static double entries(List<Load> loads) {
    return loads.stream().mapToDouble(Load::entries).sum();
  }

  /** What the guesses spare must not change a bit of the result: plain halving says the same. */
  @Test
  void theGuessesChangeNothing() {
    for (long seed = 1; seed <= 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Load> loads = loads(random);
      if (seed % 2 == 0) {
        // Many of one size and kind, as the slots of a level nobody reads are: one step for all.
        loads.addAll(Collections.nCopies(random.nextInt(40), loads.get(0)));
      }
      double budget = seed % 50 == 0 ? 0 : entries(loads) * random.nextDouble(22);
      assertArrayEquals(halved(loads, budget), FilterBudget.share(loads, budget), "seed " + seed);
    }
  }

  private static double[] halved(List<Load> loads, double budget) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Load load : loads) {
      if (load.counts()) {
        high = Math.max(high, load.logPriceAtZero());
        low = Math.min(low, load.logPriceAtZero() - load.decayPerBit() * FilterBudget.BITS_MAX);
      }
    }
    for (int step = 0; step < 50 && low < high; step++) {
      double middle = (low + high) / 2;
      if (used(loads, bitsAt(loads, middle)) > budget) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return bitsAt(loads, high);
  }

  private static double[] bitsAt(List<Load> loads, double price) {
    return loads.stream()
        .mapToDouble(
            load -> {
              double bits = (load.logPriceAtZero() - price) / load.decayPerBit();
              return !load.counts() || bits < FilterBudget.BITS_MIN
                  ? 0
                  : Math.min(FilterBudget.BITS_MAX, bits);
            })
        .toArray();
  }

  /** The budget holds, nobody asked in vain goes short for nothing, and no exchange is better. */
  @Test
  void noOtherSharingWithinTheBudgetIsBetter() {
    for (long seed = 1; seed <= 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Load> loads = loads(random);
      double budget = entries(loads) * random.nextDouble(14);
      double[] bits = FilterBudget.share(loads, budget);
      assertTrue(used(loads, bits) <= budget * (1 + 1e-9), "seed " + seed);
      double best = FilterBudget.falsePositives(loads, bits);
      for (int exchange = 0; exchange < 40; exchange++) {
        int from = random.nextInt(bits.length);
        int to = random.nextInt(bits.length);
        double moved = random.nextDouble();
        double[] other = bits.clone();
        if (from == to || loads.get(from).entries() == 0 || loads.get(to).entries() == 0) {
          continue;
        }
        other[from] -= moved;
        other[to] += moved * loads.get(from).entries() / loads.get(to).entries();
        // What the bounds forbid is no better sharing.
        if (other[from] < FilterBudget.BITS_MIN
            || other[to] > FilterBudget.BITS_MAX
            || bits[to] < FilterBudget.BITS_MIN) {
          continue;
        }
        double exchanged = FilterBudget.falsePositives(loads, other);
        assertTrue(
            exchanged >= best * (1 - 1e-9), "seed %d: %f, not %f".formatted(seed, best, exchanged));
      }
      for (int i = 0; i < bits.length; i++) {
        assertTrue(
            bits[i] == 0
                || (bits[i] >= FilterBudget.BITS_MIN && bits[i] <= FilterBudget.BITS_MAX),
            "seed " + seed);
        assertTrue(loads.get(i).lookups() > 0 || bits[i] == 0, "seed " + seed);
      }
    }
  }

  @Test
  void uniformSharingIsNeverBetter() {
    for (long seed = 1; seed <= 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Load> loads = loads(random);
      double each = 4 + random.nextDouble(10);
      double[] uniform = new double[loads.size()];
      Arrays.fill(uniform, each);
      double[] bits = FilterBudget.share(loads, each * entries(loads));
      // A run below one bit gets none, which may cost a little where it is nearly worth its bit.
      assertTrue(
          FilterBudget.falsePositives(loads, bits)
              <= 1.02 * FilterBudget.falsePositives(loads, uniform),
          "seed " + seed);
    }
  }

  /** Levels that grow tenfold and are asked alike: each has ln 10 ÷ decay bits fewer than the last. */
  @Test
  void levelsAskedAlikeGetTheAllocationOfMonkey() {
    List<Load> levels =
        List.of(
            new Load(1e5, 1000, BLOOM), new Load(1e6, 1000, BLOOM), new Load(1e7, 1000, BLOOM));
    double[] bits = FilterBudget.share(levels, 8 * 1.11e7);
    assertEquals(8 * 1.11e7, used(levels, bits), 1e3);
    assertEquals(Math.log(10) / BLOOM, bits[0] - bits[1], 1e-6);
    assertEquals(Math.log(10) / BLOOM, bits[1] - bits[2], 1e-6);
    // K runs of a slot are K times asked: for the same memory each has the same bits.
    List<Load> four = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      four.add(new Load(250, 70, BLOOM));
    }
    for (double b : FilterBudget.share(four, 6000)) {
      assertEquals(6, b, 1e-6);
    }
  }

  /** A tenth of the data with nine tenths of the lookups: fewer false positives by exp(KL). */
  @Test
  void gainIsThatOfTheDivergence() {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      loads.add(new Load(1000, i == 0 ? 900 : 100.0 / 9, BLOOM));
    }
    double[] uniform = new double[10];
    Arrays.fill(uniform, 10);
    double[] bits = FilterBudget.share(loads, 1e5);
    double gain =
        FilterBudget.falsePositives(loads, uniform) / FilterBudget.falsePositives(loads, bits);
    double divergence = 0.1 * Math.log(0.1 / 0.9) + 0.9 * Math.log(0.9 / 0.1);
    assertEquals(Math.exp(divergence), gain, 0.01 * gain);
  }

  @Test
  void withoutMemoryOrLookupsThereAreNoFilters() {
    List<Load> loads = List.of(new Load(10, 10, BLOOM), new Load(10, 0, BLOOM), new Load(0, 5, BLOOM));
    assertEquals(0, used(loads, FilterBudget.share(loads, 0)));
    assertEquals(0, FilterBudget.share(loads, 1e9)[1]);
    assertEquals(0, FilterBudget.share(List.of(), 5).length);
    assertEquals(FilterBudget.BITS_MAX, FilterBudget.share(loads, 1e9)[0], 1e-6);
  }
}
