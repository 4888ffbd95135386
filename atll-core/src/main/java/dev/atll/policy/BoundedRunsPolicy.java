package dev.atll.policy;

import java.util.ArrayList;
import java.util.List;

/** The simplest policy: merge a slot that has too many runs, split or promote one that is too big. */
final class BoundedRunsPolicy implements CompactionPolicy {
  private final String name;
  private final int runsMax;

  BoundedRunsPolicy(String name, int runsMax) {
    this.name = name;
    this.runsMax = runsMax;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Candidate> candidates(TreeSnapshot now) {
    List<Candidate> out = new ArrayList<>();
    int cap = Math.min(runsMax, now.settings().runsCap());
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        if (!slot.leased() && !slot.runs().isEmpty()) {
          look(now, level, slot, cap, out);
        }
      }
    }
    return out;
  }

  private static void look(
      TreeSnapshot now, LevelFacts level, SlotFacts slot, int cap, List<Candidate> out) {
    long bytes = slot.bytes();
    int runs = slot.runs().size();
    if (bytes > 2 * now.settings().slotBytesTarget()
        && level.slots().size() < level.slotCountTarget()
        && slot.splittable()) {
      out.add(candidate(new Action.Split(slot.level(), slot.rank()), Candidate.Reason.SPLIT, 0, 2));
    } else if (runs >= cap) {
      Action merge = new Action.Merge(slot.level(), slot.rank(), 0, runs - 1);
      out.add(candidate(merge, Candidate.Reason.RUNS, bytes, 1));
    } else if (level.bytes() > level.bytesTarget()
        && bytes > now.settings().slotBytesTarget()
        && level.level() < now.levels().size()
        && childrenAreFree(now, slot)) {
      Action promote = new Action.Promote(slot.level(), slot.rank(), 0, Integer.MAX_VALUE);
      out.add(candidate(promote, Candidate.Reason.SIZE, bytes, 0.5));
    }
  }

  private static boolean childrenAreFree(TreeSnapshot now, SlotFacts slot) {
    for (int c = slot.firstChild(); c <= slot.lastChild(); c++) {
      if (now.level(slot.level() + 1).slots().get(c).leased()) {
        return false;
      }
    }
    return true;
  }

  private static Candidate candidate(
      Action action, Candidate.Reason reason, long bytes, double index) {
    return new Candidate(action, reason, bytes, bytes, 0, 4.0 * bytes, index, false);
  }

  @Override
  public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
    return Double.NaN;
  }
}
