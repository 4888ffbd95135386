package dev.atll.policy;

import java.util.List;

/** A policy of another jar, under the name that was checked when it was made. */
record ForeignPolicy(String name, CompactionPolicy made) implements CompactionPolicy {
  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    return made.candidates(now);
  }

  @Override
  public String picker() {
    return made.picker();
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return made.predictedRuns(now, slot);
  }
}
