package dev.atll.schedule;

import dev.atll.kernel.Action;
import dev.atll.observe.event.DecisionReason;
import dev.atll.policy.Candidate;
import dev.atll.policy.TreeSnapshot;

/** Candidates as they go out with events. */
public final class ShownCandidate {
  private ShownCandidate() {}

  /** A candidate for the tree of this snapshot. */
  public static dev.atll.observe.event.Candidate of(Candidate c, TreeSnapshot now) {
    Action action = c.action();
    int held = now.level(action.level()).slots().get(action.slot()).runs().size();
    return new dev.atll.observe.event.Candidate(
        action.kind(),
        reason(c.reason()),
        action.level(),
        action.slot(),
        action.first(),
        action.runs(held),
        c.bytesRead() + c.bytesWritten(),
        c.burdenNanos() / 1000,
        Double.isFinite(c.index()) ? c.index() : Double.NaN,
        c.urgent());
  }

  private static DecisionReason reason(Candidate.Reason reason) {
    return switch (reason) {
      case RUNS_CAP -> DecisionReason.RUNS_CAP;
      case RUNS -> DecisionReason.RUNS;
      case READ_BURDEN -> DecisionReason.READ_BURDEN;
      case READ_BOUND -> DecisionReason.READ_BOUND;
      case SIZE -> DecisionReason.SIZE;
      case SPACE -> DecisionReason.SPACE;
      case TOMBSTONES -> DecisionReason.TOMBSTONES;
      case SPLIT -> DecisionReason.SPLIT;
      case JOIN -> DecisionReason.JOIN;
    };
  }
}
