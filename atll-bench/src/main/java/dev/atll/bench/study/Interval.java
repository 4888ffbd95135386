package dev.atll.bench.study;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.TTest;

/**
 * A mean with its 95 % interval: bootstrap, bias-corrected and accelerated (B. Efron, "Better
 * bootstrap confidence intervals", JASA 82, 1987).
 *
 * @param mean the mean
 * @param low lower end
 * @param high upper end
 * @param samples on how many samples it rests
 */
record Interval(double mean, double low, double high, int samples) {
  private static final int RESAMPLES = 4000;

  /** Of a mean of samples; without a second sample the interval is the sample. */
  static Interval ofMean(double... samples) {
    double mean = StatUtils.mean(samples);
    int n = samples.length;
    if (n < 2 || StatUtils.max(samples) == StatUtils.min(samples)) {
      return new Interval(mean, mean, mean, n);
    }
    // A fixed seed: one set of figures always gives one interval.
    RandomGenerator random = new Well19937c(n);
    double[] means = new double[RESAMPLES];
    double below = 0;
    double tie = 1e-9 * (StatUtils.max(samples) - StatUtils.min(samples));
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += samples[random.nextInt(n)];
      }
      means[i] = sum / n;
      // Resamples that come to the same mean count half: with two samples they are half of all, and
      // counted as above they would move the whole interval down to the mean.
      below += Math.abs(means[i] - mean) <= tie ? 0.5 : means[i] < mean ? 1 : 0;
    }
    Arrays.sort(means);
    NormalDistribution normal = new NormalDistribution();
    double share = Math.min(RESAMPLES - 0.5, Math.max(0.5, below)) / RESAMPLES;
    double bias = normal.inverseCumulativeProbability(share);
    double acceleration = acceleration(samples, mean);
    return new Interval(
        mean,
        means[rank(normal, bias, acceleration, 0.025)],
        means[rank(normal, bias, acceleration, 0.975)],
        n);
  }

  /** From the skew of the means that leave one sample out. */
  private static double acceleration(double[] samples, double mean) {
    int n = samples.length;
    double squares = 0;
    double cubes = 0;
    for (double sample : samples) {
      double left = (mean * n - sample) / (n - 1);
      double d = mean - left;
      squares += d * d;
      cubes += d * d * d;
    }
    return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
  }

  private static int rank(NormalDistribution normal, double bias, double a, double level) {
    double z = bias + normal.inverseCumulativeProbability(level);
    double adjusted = normal.cumulativeProbability(bias + z / (1 - a * z));
    return Math.clamp((long) (adjusted * RESAMPLES), 0, RESAMPLES - 1);
  }

  /** Of the geometric mean of ratios a ÷ b, pair by pair. */
  static Interval ofRatio(double[] a, double[] b) {
    Interval logs = ofMean(logRatios(a, b));
    return new Interval(
        Math.exp(logs.mean), Math.exp(logs.low), Math.exp(logs.high), logs.samples);
  }

  private static double[] logRatios(double[] a, double[] b) {
    double[] logs = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      logs[i] = Math.log(a[i] / b[i]);
    }
    return logs;
  }

  /** Probability of ratios as far from 1 as these, if they were 1: a paired t test of their logs. */
  static double probability(double[] a, double[] b) {
    double[] logs = logRatios(a, b);
    if (logs.length < 2 || StatUtils.variance(logs) == 0) {
      return Double.NaN;
    }
    return new TTest().tTest(0, logs);
  }

  /** Holm's correction: each probability as it counts among all of them. */
  static double[] holm(double... probabilities) {
    Integer[] order = new Integer[probabilities.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (x, y) -> Double.compare(probabilities[x], probabilities[y]));
    double[] corrected = new double[order.length];
    double most = 0;
    for (int i = 0; i < order.length; i++) {
      most = Math.max(most, Math.min(1, probabilities[order[i]] * (order.length - i)));
      corrected[order[i]] = most;
    }
    return corrected;
  }
}
