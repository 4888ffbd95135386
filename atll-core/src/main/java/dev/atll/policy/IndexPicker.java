package dev.atll.policy;

import java.util.List;

/**
 * The policy's own order: for atll the greatest burden ÷ cost, which for a single slot in a fluid is
 * the Whittle index of the restless bandit in which each slot is an arm. Learns nothing, since what a
 * slot costs while it waits is counted anyway.
 */
final class IndexPicker implements Picker {
  static final String NAME = "index";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
    return new Pick(0, 1, false);
  }

  @Override
  public void reward(long slotId, double savedNanos, double costNanos) {}
}
