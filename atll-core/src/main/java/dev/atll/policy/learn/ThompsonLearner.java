package dev.atll.policy.learn;

import dev.atll.policy.Spec;

/**
 * Discounted linear Thompson sampling: an arm is drawn as often as it is the best one under what is
 * believed of all (Kim and Tewari, Randomized exploration for non-stationary stochastic linear bandits,
 * UAI 2020). How often that is, is counted in a fixed number of seeded draws from the beliefs; the arm is
 * then drawn by those counts, so that they are its propensities and no estimate of them.
 */
final class ThompsonLearner extends LinearLearner {
  static final String NAME = "thompson";

  /** Draws from the beliefs for each decision. */
  static final int DRAWS = 400;

  private final double scale;

  ThompsonLearner(Spec spec, long seed) {
    super(spec, 0.02, seed);
    this.scale = spec.number("v", 0.3, 0, 100);
  }

  @Override
  void prefer(DiscountedRidge.Estimate[] estimates, double[] probabilities) {
    for (int i = 0; i < DRAWS; i++) {
      int chosen = 0;
      double best = Double.NEGATIVE_INFINITY;
      for (int arm = 0; arm < estimates.length; arm++) {
        double value =
            estimates[arm].mean() + scale * estimates[arm].width() * random.nextGaussian();
        if (value > best) {
          best = value;
          chosen = arm;
        }
      }
      probabilities[chosen] += 1.0 / DRAWS;
    }
  }
}
