package dev.atll.bench.workload;

/** The ways to choose among the keys that a store was loaded with. */
public final class Distributions {
  /** The skew of YCSB's request distribution. */
  public static final double YCSB_EXPONENT = 0.99;

  private Distributions() {}

  /** Every key alike. */
  public static KeyDistribution uniform(long keys) {
    return random -> random.nextLong(keys);
  }

  /** Few keys often, with the frequent ones scattered over all numbers. */
  public static KeyDistribution zipf(long keys, double exponent) {
    Zipf ranks = new Zipf(keys, exponent);
    Permutation scatter = new Permutation(keys);
    return random -> scatter.apply(ranks.next(random));
  }
}
