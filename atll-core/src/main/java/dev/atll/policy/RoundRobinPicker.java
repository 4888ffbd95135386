package dev.atll.policy;

import java.util.List;

/** The slot that was served longest ago; of those never served the first in the policy's order. */
final class RoundRobinPicker implements Picker {
  static final String NAME = "round-robin";

  static final class Line {
    long servedAt;
  }

  private final Arms<Line> arms = new Arms<>(Line::new);
  private long picks;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
    arms.forgetAbsent(now);
    List<Arms.Arm> all = Arms.of(now, candidates);
    Arms.Arm chosen = all.get(0);
    for (Arms.Arm arm : all) {
      if (arms.line(arm.slotId()).servedAt < arms.line(chosen.slotId()).servedAt) {
        chosen = arm;
      }
    }
    arms.line(chosen.slotId()).servedAt = ++picks;
    return new Pick(chosen.candidate(), 1, false);
  }

  @Override
  public void reward(long slotId, double savedNanos, double costNanos) {}

  /** What is remembered, for tests. */
  Arms<Line> arms() {
    return arms;
  }
}
