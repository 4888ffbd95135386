package dev.atll.policy;

/** What a bandit knows of one slot. Counts and sums are discounted by whoever owns it. */
final class BanditArm {
  double plays;
  double rewards;
  double rewardSum;

  /** The mean reward; 0 before the first. */
  double mean() {
    return rewards == 0 ? 0 : rewardSum / rewards;
  }

  /** A reward between 0 and 1: what was saved relative to all that was at stake. */
  static double normalised(double savedNanos, double costNanos) {
    double saved = Math.max(0, savedNanos);
    return saved / Math.max(Double.MIN_NORMAL, saved + costNanos);
  }
}
