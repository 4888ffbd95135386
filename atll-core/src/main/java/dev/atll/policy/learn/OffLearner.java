package dev.atll.policy.learn;

/** Always theta = 1, at which what reads paid equals what merging costs. */
final class OffLearner implements ThetaLearner {
  static final String NAME = "off";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Draw draw(double[] context) {
    double[] propensities = new double[Learners.ARMS];
    propensities[Learners.ARM_OF_ONE] = 1;
    return new Draw(Learners.ARM_OF_ONE, 1, propensities, false);
  }

  @Override
  public void reward(double[] context, int arm, double reward) {}
}
