package dev.atll.policy;

import java.util.List;

/**
 * Shares the memory for filters out among runs, so that gets read as few blocks in vain as they can:
 * minimises the sum of lookups × false-positive rate under a bound on the bits of all. With rates
 * that fall like {@code exp(-decay × bits)} the optimum has one price a bit for all runs:
 * {@code bits = ln(lookups × decay ÷ (price × entries)) ÷ decay}, within bounds. So a run gets bits
 * by its lookups an entry: this is the allocation of N. Dayan, M. Athanassoulis, S. Idreos: Monkey
 * (2017), where all runs have the same lookups, made general to any number of runs in any place.
 *
 * <p>Pure: the same arguments give the same bits.
 */
public final class FilterBudget {
  /** The most bits an entry gets: one block in 15,000 read in vain is as good as none. */
  public static final double BITS_MAX = 20;

  /** A run that would get less has no filter: it would not be worth its probe. */
  public static final double BITS_MIN = 1;

  // The price is found to a part in 2^50 of its range, far below what a bit more or less matters.
  private static final int HALVINGS = 50;

  /**
   * A run that has, or will have, a filter.
   *
   * @param entries its entries, not negative
   * @param lookups gets that ask it in vain, in any unit that is the same for all runs
   * @param decayPerBit by which factor its false-positive rate falls with each bit, as an exponent
   */
  public record Load(double entries, double lookups, double decayPerBit) {
    boolean counts() {
      return entries > 0 && lookups > 0;
    }

    /** The price at which it would get no bit at all. */
    double logPriceAtZero() {
      return Math.log(lookups * decayPerBit / entries);
    }
  }

  private FilterBudget() {}

  /**
   * Bits an entry for each run.
   *
   * @param loads all runs of the tree as it will be
   * @param totalBits the bound on entries × bits over all of them
   * @return 0, or {@link #BITS_MIN} to {@link #BITS_MAX}, for each load in order
   */
  public static double[] share(List<Load> loads, double totalBits) {
    int count = loads.size();
    double[] zeroAt = new double[count];
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      Load load = loads.get(i);
      if (load.counts()) {
        zeroAt[i] = load.logPriceAtZero();
        high = Math.max(high, zeroAt[i]);
        low = Math.min(low, zeroAt[i] - load.decayPerBit() * BITS_MAX);
      }
    }
    for (int step = 0; step < HALVINGS && low < high; step++) {
      double middle = (low + high) / 2;
      if (bitsAt(loads, zeroAt, middle) > totalBits) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double[] bits = new double[count];
    for (int i = 0; i < count; i++) {
      bits[i] = bits(loads.get(i), zeroAt[i], high);
    }
    return bits;
  }

  private static double bitsAt(List<Load> loads, double[] zeroAt, double logPrice) {
    double sum = 0;
    for (int i = 0; i < zeroAt.length; i++) {
      Load load = loads.get(i);
      sum += load.entries() * bits(load, zeroAt[i], logPrice);
    }
    return sum;
  }

  private static double bits(Load load, double zeroAt, double logPrice) {
    if (!load.counts()) {
      return 0;
    }
    double bits = (zeroAt - logPrice) / load.decayPerBit();
    return bits < BITS_MIN ? 0 : Math.min(BITS_MAX, bits);
  }

  /** Blocks read in vain by the lookups of all runs at these bits. */
  public static double falsePositives(List<Load> loads, double[] bits) {
    double sum = 0;
    for (int i = 0; i < bits.length; i++) {
      Load load = loads.get(i);
      if (load.counts()) {
        sum += load.lookups() * Math.exp(-load.decayPerBit() * bits[i]);
      }
    }
    return sum;
  }
}
