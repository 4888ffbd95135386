package dev.atll.policy.learn;

/**
 * Tunes theta, the burden ÷ cost from which a merge is worth its bytes, to the context. What the
 * counters do not see (dedup yield, cache effects, interference) is what there is to learn; whichever
 * arm it draws, a single candidate of constant cost pays at most five times what hindsight would have.
 *
 * <p>Deterministic: made alike, with the same seed, and told the same in the same order, two
 * instances draw alike. Rewards may come late, in any order, or never. Not thread-safe: its user
 * serialises the calls.
 */
public interface ThetaLearner {
  /** Short lower-case name, as given to options and written to logs. */
  String name();

  /**
   * Draws theta for a context.
   *
   * @param context {@link Learners#CONTEXT_SIZE} finite numbers of the order of 1, the first of them
   *     always 1; not kept
   */
  Draw draw(double[] context);

  /**
   * Tells what an earlier draw brought, once it has been measured.
   *
   * @param context what it was drawn for; not kept
   * @param arm what was drawn
   * @param reward greater is better; finite and of the order of 1, so usually a cost relative to a
   *     typical one, negated
   */
  void reward(double[] context, int arm, double reward);

  /**
   * A draw.
   *
   * @param arm position in {@link Learners#thetas}
   * @param theta the arm's value
   * @param propensities the probability with which each arm would have been drawn; they sum to 1
   * @param explored whether the arm is not the one with the best estimate
   */
  record Draw(int arm, double theta, double[] propensities, boolean explored) {}
}
