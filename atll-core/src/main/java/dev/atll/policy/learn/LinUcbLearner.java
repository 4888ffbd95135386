package dev.atll.policy.learn;

import dev.atll.policy.Spec;

/**
 * Discounted LinUCB: the arm with the greatest estimate + alpha × its width (Russac, Vernade and Cappé,
 * D-LinUCB, NeurIPS 2019; alpha stands for their confidence radius, which is far wider than what pays
 * within hundreds of draws).
 */
final class LinUcbLearner extends LinearLearner {
  static final String NAME = "linucb";

  private final double alpha;

  LinUcbLearner(Spec spec, long seed) {
    super(spec, 0.05, seed);
    this.alpha = spec.number("alpha", 0.5, 0, 100);
  }

  @Override
  void prefer(DiscountedRidge.Estimate[] estimates, double[] probabilities) {
    int chosen = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int arm = 0; arm < estimates.length; arm++) {
      double bound = estimates[arm].mean() + alpha * estimates[arm].width();
      if (bound > best) {
        best = bound;
        chosen = arm;
      }
    }
    probabilities[chosen] = 1;
  }
}
