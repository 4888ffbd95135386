package dev.atll.bench.experiment;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * How two engines relate, from rounds in which both were measured one after the other: the median of
 * the rounds' ratios with a 95 % percentile-bootstrap interval.
 *
 * @param median the middle ratio
 * @param low lower end of the interval
 * @param high upper end
 * @param rounds how many rounds it rests on
 */
public record Ratio(double median, double low, double high, int rounds) {
  private static final int RESAMPLES = 2000;

  /**
   * Relates two series of rates, round by round.
   *
   * @param rates of the engine in question
   * @param others of the one it is compared with, in the same rounds
   * @return the relation
   * @throws IllegalArgumentException if they differ in length or are empty
   */
  public static Ratio of(double[] rates, double[] others) {
    if (rates.length != others.length || rates.length == 0) {
      throw new IllegalArgumentException(rates.length + " rounds against " + others.length);
    }
    double[] ratios = new double[rates.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = others[i] == 0 ? 0 : rates[i] / others[i];
    }
    double[] medians = new double[RESAMPLES];
    // The seed is fixed: one set of measurements always gives one interval.
    RandomGenerator random = new Well19937c(ratios.length);
    double[] resample = new double[ratios.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < resample.length; j++) {
        resample[j] = ratios[random.nextInt(ratios.length)];
      }
      medians[i] = median(resample);
    }
    Arrays.sort(medians);
    Percentile percentile = new Percentile();
    return new Ratio(
        median(ratios),
        percentile.evaluate(medians, 2.5),
        percentile.evaluate(medians, 97.5),
        ratios.length);
  }

  /** The middle of some values; 0 without any. */
  public static double median(double[] values) {
    return values.length == 0 ? 0 : new Median().evaluate(values);
  }

  /** Distance between the quartiles of some values; 0 without any. */
  public static double interquartileRange(double[] values) {
    if (values.length == 0) {
      return 0;
    }
    Percentile percentile = new Percentile();
    return percentile.evaluate(values, 75) - percentile.evaluate(values, 25);
  }
}
