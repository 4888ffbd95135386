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

  // After so many guesses the price is known to about a part in 2^40, or lies at a step.
  private static final int GUESSES = 12;
  private static final double CLOSE = 1e-11;

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
    double price = logPrice(loads, totalBits);
    return loads.stream().mapToDouble(load -> bits(load, price)).toArray();
  }

  /** Bits an entry for a run at a price: 0, or {@link #BITS_MIN} to {@link #BITS_MAX}. */
  public static double bits(Load load, double logPrice) {
    return load.counts() ? bits(load.decayPerBit(), load.logPriceAtZero(), logPrice) : 0;
  }

  /**
   * The price a bit, as a logarithm, at which all runs together keep within a bound; what no run pays
   * if none is asked.
   *
   * @param loads all runs of the tree as it will be
   * @param totalBits the bound on entries × bits over all of them
   */
  public static double logPrice(List<Load> loads, double totalBits) {
    int count = loads.size();
    double[] entries = new double[count];
    double[] decay = new double[count];
    // Of those that count, the price at which they would get no bit; of the others what gives none.
    double[] zeroAt = new double[count];
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      Load load = loads.get(i);
      decay[i] = load.decayPerBit();
      zeroAt[i] = Double.NEGATIVE_INFINITY;
      if (load.counts()) {
        entries[i] = load.entries();
        zeroAt[i] = load.logPriceAtZero();
        high = Math.max(high, zeroAt[i]);
        low = Math.min(low, zeroAt[i] - load.decayPerBit() * BITS_MAX);
      }
    }
    // More bits than the bound up to a price, no more from another on: bits fall with the price,
    // rounding included, so that only between the two they must be added up to know on which side a
    // price is. A few guesses bring the two close together; the halvings alone say what the price is.
    double[] between = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    narrow(entries, decay, zeroAt, low, high, totalBits, between);
    for (int step = 0; step < HALVINGS && low < high; step++) {
      double middle = (low + high) / 2;
      boolean tooMany =
          middle <= between[0]
              || (middle < between[1] && bitsAt(entries, decay, zeroAt, middle) > totalBits);
      if (tooMany) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * Looks for the price by Newton's rule, which for sums of straight lines ends in a few steps, and
   * notes on which side each price tried was.
   *
   * @param between a price with too many bits and one without; brought closer together
   */
  private static void narrow(
      double[] entries,
      double[] decay,
      double[] zeroAt,
      double low,
      double high,
      double totalBits,
      double[] between) {
    double least = low;
    double most = high;
    double price = (low + high) / 2;
    for (int guess = 0; guess < GUESSES && least < most; guess++) {
      double sum = 0;
      double slope = 0;
      for (int i = 0; i < zeroAt.length; i++) {
        double bits = bits(decay[i], zeroAt[i], price);
        sum += entries[i] * bits;
        slope += bits > 0 && bits < BITS_MAX ? entries[i] / decay[i] : 0;
      }
      if (sum > totalBits) {
        least = price;
        between[0] = price;
      } else {
        most = price;
        between[1] = price;
      }
      double next = price + (sum - totalBits) / slope;
      if (Math.abs(next - price) < CLOSE) {
        // Close by on the other side of it, so that both sides are known.
        next += sum > totalBits ? CLOSE : -CLOSE;
      }
      boolean inside = next > least && next < most; // not so for NaN, nor beyond a step
      price = inside ? next : (least + most) / 2;
    }
  }

  private static double bitsAt(
      double[] entries, double[] decay, double[] zeroAt, double logPrice) {
    double sum = 0;
    for (int i = 0; i < zeroAt.length; i++) {
      sum += entries[i] * bits(decay[i], zeroAt[i], logPrice);
    }
    return sum;
  }

  private static double bits(double decay, double zeroAt, double logPrice) {
    double bits = (zeroAt - logPrice) / decay;
    return bits >= BITS_MIN ? Math.min(BITS_MAX, bits) : 0; // NaN if no load counts
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
