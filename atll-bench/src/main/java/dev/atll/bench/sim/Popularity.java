package dev.atll.bench.sim;

/** How writes fall on the keys of a stretch of the key space, and so how many keys they reach. */
abstract class Popularity {
  /** Expected distinct keys among so many draws over so many keys. */
  abstract double uniques(double draws, double keys);

  /**
   * Probability that a key was drawn.
   *
   * @param weight the key's share of the draws relative to the mean, above 0
   */
  double reached(double draws, double keys, double weight) {
    return keys <= 0 ? 0 : oneMinusExp(draws / keys * weight);
  }

  private static final int STEPS_PER_UNIT = 128;
  private static final double LARGEST = 16;
  private static final double SMALL = 0.06;
  private static final double[] TABLE = table();

  private static double[] table() {
    double[] values = new double[((int) LARGEST) * STEPS_PER_UNIT + 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = -Math.expm1(-(double) i / STEPS_PER_UNIT);
    }
    return values;
  }

  /** 1 - e^-x with a relative error below 0.02 %, faster than the exact one. */
  static double oneMinusExp(double x) {
    if (x < SMALL) {
      return x * (1 - x * (0.5 - x / 6));
    }
    if (x >= LARGEST) {
      return 1;
    }
    double at = x * STEPS_PER_UNIT;
    int i = (int) at;
    return TABLE[i] + (at - i) * (TABLE[i + 1] - TABLE[i]);
  }

  /** Every key alike. */
  static final class Uniform extends Popularity {
    @Override
    double uniques(double draws, double keys) {
      return keys <= 0 ? 0 : keys * oneMinusExp(draws / keys);
    }
  }

  /** Zipf's law over all keys, the frequent ones scattered evenly over the key space. */
  static final class Zipf extends Popularity {
    private static final int PER_OCTAVE = 16;
    private static final int OCTAVES = 46;

    private final double allKeys;
    private final double exponent;
    private final double norm;
    private final double[] log2Uniques = new double[PER_OCTAVE * OCTAVES + 1];

    Zipf(long keys, double exponent) {
      this.allKeys = keys;
      this.exponent = exponent;
      // Ranks in classes of about a twentieth of an octave: within one the weights are alike.
      int most = 64 * 24;
      double[] middle = new double[most];
      double[] count = new double[most];
      int classes = 0;
      double sum = 0;
      long from = 1;
      while (from <= keys) {
        long to = Math.min(keys, Math.max(from, (long) (from * 1.035)));
        double center = Math.sqrt((double) from * to);
        middle[classes] = center;
        count[classes] = to - from + 1.0;
        sum += count[classes] * Math.pow(center, -exponent);
        classes++;
        from = to + 1;
      }
      norm = sum;
      for (int i = 0; i < log2Uniques.length; i++) {
        double draws = Math.pow(2, (double) i / PER_OCTAVE - 4);
        double uniques = 0;
        for (int c = 0; c < classes; c++) {
          uniques += count[c] * -Math.expm1(-draws * Math.pow(middle[c], -exponent) / norm);
        }
        log2Uniques[i] = Math.log(uniques);
      }
    }

    @Override
    double uniques(double draws, double keys) {
      if (draws <= 0 || keys <= 0) {
        return 0;
      }
      double scale = allKeys / keys;
      double all = draws * scale;
      double at = (Math.log(all) / Math.log(2) + 4) * PER_OCTAVE;
      if (at <= 0) {
        return draws;
      }
      int i = (int) Math.min(at, log2Uniques.length - 2.0);
      double part = Math.min(1, at - i);
      return Math.exp(log2Uniques[i] + part * (log2Uniques[i + 1] - log2Uniques[i])) / scale;
    }

    /** The share of a rank relative to the mean. */
    double weight(long rank) {
      return Math.pow(rank + 1.0, -exponent) / norm * allKeys;
    }
  }
}
