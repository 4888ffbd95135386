package dev.atll.policy.learn;

import dev.atll.api.InvalidInputException;
import dev.atll.policy.Spec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * A contextual bandit with one linear model of the reward for each arm, all of which forget alike: one
 * model over the features context × arm, which is what D-LinUCB asks for. A subclass says with which
 * probabilities the arms should be drawn; those are mixed with a uniform draw of probability e, so that
 * none is 0, logged, and drawn from. What is logged is therefore exact.
 */
abstract class LinearLearner implements ThetaLearner {
  private final String name;
  private final double gamma;
  private final double epsilon;
  private final DiscountedRidge[] models = new DiscountedRidge[Learners.ARMS];

  // Its normal deviates come from StrictMath: the same on every machine.
  final Random random;

  LinearLearner(Spec spec, double epsilon, long seed) {
    this.name = spec.label();
    this.gamma = spec.number("gamma", 0.99, 0.5, 1);
    this.epsilon = spec.number("e", epsilon, 0.001, 1);
    this.random = new Random(seed);
    for (int arm = 0; arm < models.length; arm++) {
      models[arm] = new DiscountedRidge();
    }
  }

  @Override
  public final String name() {
    return name;
  }

  /** Fills in the probabilities with which the arms should be drawn; they are 0 at first. */
  abstract void prefer(DiscountedRidge.Estimate[] estimates, double[] probabilities);

  @Override
  public final Draw draw(double[] context) {
    check(context);
    DiscountedRidge.Estimate[] estimates = new DiscountedRidge.Estimate[models.length];
    int best = 0;
    for (int arm = 0; arm < models.length; arm++) {
      estimates[arm] = models[arm].estimate(context);
      if (estimates[arm].mean() > estimates[best].mean()) {
        best = arm;
      }
    }
    double[] propensities = new double[models.length];
    prefer(estimates, propensities);
    double at = random.nextDouble();
    int drawn = -1;
    for (int arm = 0; arm < models.length; arm++) {
      propensities[arm] = (1 - epsilon) * propensities[arm] + epsilon / models.length;
      at -= propensities[arm];
      if (at < 0 && drawn < 0) {
        drawn = arm;
      }
    }
    // Rounding may leave a crumb that no arm has.
    int arm = drawn < 0 ? best : drawn;
    return new Draw(arm, Learners.thetas()[arm], propensities, arm != best);
  }

  @Override
  public final void reward(double[] context, int arm, double reward) {
    check(context);
    if (arm < 0 || arm >= models.length || !Double.isFinite(reward)) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "a reward of %s for arm %d: it must be finite, the arm 0 to %d",
              reward, arm, models.length - 1));
    }
    for (DiscountedRidge model : models) {
      model.forget(gamma);
    }
    models[arm].observe(context, reward);
  }

  private static void check(double[] context) {
    boolean good = context.length == Learners.CONTEXT_SIZE;
    for (double value : context) {
      good &= Double.isFinite(value);
    }
    if (!good) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "a context has %d finite numbers, not %s",
              Learners.CONTEXT_SIZE, Arrays.toString(context)));
    }
  }
}
