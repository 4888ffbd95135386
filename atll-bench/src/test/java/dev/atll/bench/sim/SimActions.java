package dev.atll.bench.sim;

import dev.atll.kernel.Action;
import dev.atll.kernel.Plan;
import dev.atll.policy.Candidate;
import java.util.Objects;

/** Single actions on a simulated tree. */
final class SimActions {
  private SimActions() {}

  static void moveDown(SimTree tree, SimSlot slot, int first) {
    Plan<SimRun> plan = new Action.Move(slot.level, slot.rank, first).plan(tree);
    if (plan != null) {
      tree.view(plan);
    }
  }

  static boolean split(SimTree tree, SimSlot slot) {
    int at = tree.splitPoint(slot);
    return at >= 0 && tree.split(slot, at);
  }

  /** Returns whether there was a slot to join it with. */
  static boolean join(SimTree tree, KeyModel keys, SimSlot slot) {
    Action join = new Action.Join(slot.level, slot.rank);
    Plan<SimRun> plan = join.plan(tree);
    if (plan == null) {
      return false;
    }
    Candidate candidate =
        new Candidate(join, Candidate.Reason.JOIN, 0, 0, 0, 0, 0, false);
    SimJob job = Objects.requireNonNull(SimJob.of(tree, candidate, plan));
    job.merge(keys);
    job.install(1);
    return true;
  }
}
