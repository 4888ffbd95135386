package dev.atll.policy;

import java.util.List;

/**
 * Upper confidence bounds over slots. With gamma = 1 it is UCB1 (Auer, Cesa-Bianchi and Fischer 2002):
 * mean reward + √(c ln n / n_i). Below 1 each pick discounts all that was seen before it by gamma:
 * D-UCB (Garivier and Moulines 2011), which keeps trying slots as what it knows of them ages. A slot
 * never picked comes first. No chance: the propensity is always 1.
 *
 * <p>A baseline: what a slot's reads pay is observed without playing it, and a reward collapses once
 * its slot was merged, so the premises of both do not hold for compaction.
 */
final class UcbPicker implements Picker {
  static final String UCB1 = "ucb1";
  static final String DISCOUNTED = "ducb";

  private final String name;
  private final double gamma;
  private final double c;
  private final Arms<BanditArm> arms = new Arms<>(BanditArm::new);

  private UcbPicker(String name, double gamma, double c) {
    this.name = name;
    this.gamma = gamma;
    this.c = c;
  }

  static UcbPicker ucb1(Spec spec) {
    return new UcbPicker(spec.label(), 1, spec.number("c", 2, 0, 100));
  }

  /**
   * The paper's 2 √(ξ ln n / n_i) with ξ = 1/2 for rewards up to 1 is c = 2. With a few hundred plays
   * that still count, shared by all slots, that bound is wider than any reward, and c = 2 is little
   * better than chance; 0.05 is what served in the toy of the tests.
   */
  static UcbPicker discounted(Spec spec) {
    return new UcbPicker(
        spec.label(), spec.number("gamma", 0.995, 0.5, 1), spec.number("c", 0.05, 0, 100));
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
    Arms.Arm chosen = all.get(0);
    double best = Double.NEGATIVE_INFINITY;
    double bestMean = Double.NEGATIVE_INFINITY;
    for (Arms.Arm arm : all) {
      BanditArm line = arms.line(arm.slotId());
      bestMean = Math.max(bestMean, line.mean());
      double bound = bound(line, plays);
      if (bound > best) {
        best = bound;
        chosen = arm;
      }
    }
    BanditArm line = arms.line(chosen.slotId());
    boolean explored = line.mean() < bestMean;
    if (gamma < 1) {
      arms.forEach(this::discount);
    }
    line.plays++;
    return new Pick(chosen.candidate(), 1, explored);
  }

  private double bound(BanditArm line, double plays) {
    if (line.plays == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return line.mean() + Math.sqrt(c * StrictMath.log(Math.max(1, plays)) / line.plays);
  }

  private void discount(BanditArm line) {
    line.plays *= gamma;
    line.rewards *= gamma;
    line.rewardSum *= gamma;
  }

  @Override
  public void reward(long slotId, double savedNanos, double costNanos) {
    BanditArm line = arms.line(slotId);
    line.rewards++;
    line.rewardSum += BanditArm.normalised(savedNanos, costNanos);
  }

  /** What is remembered, for tests. */
  Arms<BanditArm> arms() {
    return arms;
  }
}
