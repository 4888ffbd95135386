package dev.atll.bench.workload;

/**
 * Zipf-distributed ranks by rejection-inversion: W. Hörmann and G. Derflinger, "Rejection-inversion
 * to generate variates from monotone discrete distributions", ACM TOMACS 6(3), 1996. No table, so
 * any number of keys costs the same.
 */
public final class Zipf {
  private final long count;
  private final double exponent;
  private final double areaFirst;
  private final double areaAll;
  private final double shortcut;

  /**
   * Ranks below a bound.
   *
   * @param count how many ranks, at least 1
   * @param exponent the skew, above 0; YCSB's is 0.99
   */
  public Zipf(long count, double exponent) {
    if (count < 1 || !(exponent > 0)) {
      throw new IllegalArgumentException("zipf over " + count + " with exponent " + exponent);
    }
    this.count = count;
    this.exponent = exponent;
    areaFirst = area(1.5) - 1;
    areaAll = area(count + 0.5);
    shortcut = 2 - inverseArea(area(2.5) - height(2));
  }

  /** A rank from 0, the most frequent, to count - 1. */
  public long next(Random64 random) {
    while (true) {
      double u = areaAll + random.nextDouble() * (areaFirst - areaAll);
      double x = inverseArea(u);
      long k = Math.clamp((long) (x + 0.5), 1, count);
      if (k - x <= shortcut || u >= area(k + 0.5) - height((double) k)) {
        return k - 1;
      }
    }
  }

  /** The density's hull, x^-exponent. */
  private double height(double x) {
    return Math.exp(-exponent * Math.log(x));
  }

  /** An antiderivative of the hull: (x^(1-e) - 1) / (1-e), or log x at e = 1. */
  private double area(double x) {
    double logX = Math.log(x);
    return expm1Ratio((1 - exponent) * logX) * logX;
  }

  private double inverseArea(double area) {
    double t = Math.max(-1, area * (1 - exponent));
    return Math.exp(log1pRatio(t) * area);
  }

  /** (e^x - 1) / x, also near 0. */
  private static double expm1Ratio(double x) {
    return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2 * (1 + x / 3);
  }

  /** log(1 + x) / x, also near 0. */
  private static double log1pRatio(double x) {
    return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x * (0.5 - x / 3);
  }
}
