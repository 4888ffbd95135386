package dev.atll.policy;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The scheduler of ATLL's source design (nori-lsm): with probability e any candidate, all alike, else
 * the first one of the slot with the greatest mean reward + c √(ln n / n_i). The mean is a moving one, a
 * tenth of it from the latest reward; c = 2. A slot never picked comes first. A selection counts when
 * it is made, since rewards come late.
 *
 * <p>The source's reward, latency saved × heat ÷ bytes, has a unit, which makes c arbitrary; here
 * rewards are normalised to 0 to 1.
 */
final class EpsilonGreedyPicker implements Picker {
  static final String NAME = "epsilon-greedy";

  private static final double LATEST_WEIGHT = 0.1;

  private final String name;
  private final double epsilon;
  private final double c;
  private final SplittableRandom random;
  private final Arms<BanditArm> arms = new Arms<>(BanditArm::new);

  EpsilonGreedyPicker(Spec spec, long seed) {
    this.name = spec.label();
    this.epsilon = spec.number("e", 0.1, 0, 1);
    this.c = spec.number("c", 2, 0, 100);
    this.random = new SplittableRandom(seed);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
    arms.forgetAbsent(now);
    List<Arms.Arm> all = Arms.of(now, candidates);
    double plays = 0;
    for (Arms.Arm arm : all) {
      plays += arms.line(arm.slotId()).plays;
    }
    int greedy = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (Arms.Arm arm : all) {
      double score = score(arms.line(arm.slotId()), plays);
      if (score > best) {
        best = score;
        greedy = arm.candidate();
      }
    }
    boolean explored = random.nextDouble() < epsilon;
    int chosen = explored ? random.nextInt(candidates.size()) : greedy;
    arms.line(Arms.slotId(now, candidates.get(chosen))).plays++;
    double propensity = epsilon / candidates.size() + (chosen == greedy ? 1 - epsilon : 0);
    return new Pick(chosen, propensity, explored);
  }

  private double score(BanditArm line, double plays) {
    if (line.plays == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return line.mean() + c * Math.sqrt(StrictMath.log(Math.max(1, plays)) / line.plays);
  }

  @Override
  public void reward(long slotId, double savedNanos, double costNanos) {
    BanditArm line = arms.line(slotId);
    double reward = BanditArm.normalised(savedNanos, costNanos);
    line.rewardSum =
        line.rewards == 0 ? reward : line.rewardSum + LATEST_WEIGHT * (reward - line.rewardSum);
    line.rewards = 1;
  }

  /** What is remembered, for tests. */
  Arms<BanditArm> arms() {
    return arms;
  }
}
