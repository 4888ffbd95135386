package dev.atll.policy.learn;

import dev.atll.api.InvalidInputException;
import dev.atll.policy.Spec;
import java.util.List;
import java.util.Locale;

/** The learners of theta by name, and what they have in common. */
public final class Learners {
  /** Numbers in a context. */
  public static final int CONTEXT_SIZE = 8;

  /** Number of arms. */
  public static final int ARMS = 5;

  /** The arm whose theta is 1. */
  public static final int ARM_OF_ONE = 2;

  private static final double[] THETAS = {0.25, 0.5, 1, 2, 4};
  private static final List<String> NAMES =
      List.of(OffLearner.NAME, LinUcbLearner.NAME, ThompsonLearner.NAME);

  private Learners() {}

  /** The values of theta, one for each arm, in ascending order. */
  public static double[] thetas() {
    return THETAS.clone();
  }

  /** All names. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The learner of this name.
   *
   * @param text a name, with parameters where the learner has any: see {@link Spec}
   * @param seed of its chance; the same seed repeats its draws
   * @throws InvalidInputException if there is none, or a parameter is wrong
   */
  public static ThetaLearner byName(String text, long seed) {
    Spec spec = Spec.parse(text);
    ThetaLearner learner =
        switch (spec.name()) {
          case OffLearner.NAME -> new OffLearner();
          case LinUcbLearner.NAME -> new LinUcbLearner(spec, seed);
          case ThompsonLearner.NAME -> new ThompsonLearner(spec, seed);
          default ->
              throw new InvalidInputException(
                  String.format(
                      Locale.ROOT,
                      "no learner is called \"%s\"; there are %s",
                      spec.name(), NAMES));
        };
    spec.checkAllRead();
    return learner;
  }
}
