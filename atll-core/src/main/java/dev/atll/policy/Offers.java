package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects candidates and prices them, the same way for every policy. For one snapshot. */
final class Offers {
  /** Index of what writes nothing: before anything that does, but behind what is urgent. */
  static final double FREE_INDEX = 1e9;

  /** Index of a join: it saves nothing today, so all else goes first. */
  static final double JOIN_INDEX = 1e-3;

  private final UnitCosts costs;
  private final SizeRules sizes;
  private final List<Candidate> list = new ArrayList<>();

  Offers(TreeSnapshot now, SizeRules sizes) {
    this.costs = now.costs();
    this.sizes = sizes;
  }

  /** What reads paid at the boundary below a run, in nanoseconds. */
  double boundary(RunFacts run) {
    return run.probes() * costs.probeNanos()
        + run.falsePositives() * costs.blockReadNanos()
        + run.seeks() * costs.seekNanos();
  }

  /** What reads paid at the boundaries below the runs at first to last, both included. */
  double burden(SlotFacts slot, int first, int last) {
    double sum = 0;
    for (int i = first; i <= last; i++) {
      sum += boundary(slot.runs().get(i));
    }
    return sum;
  }

  /** What reads paid at the boundaries between the newest {@code absorb} runs of each slot below. */
  double absorbedBurden(SlotFacts slot, int absorb) {
    double sum = 0;
    for (SlotFacts child : sizes.children(slot)) {
      sum += burden(child, 0, Math.min(absorb, child.runs().size()) - 2);
    }
    return sum;
  }

  /** The price of reading bytes in a merge and writing as many. */
  double cost(long bytes) {
    return bytes * (costs.readByteNanos() + costs.writeByteNanos());
  }

  void split(SlotFacts slot) {
    add(
        new Action.Split(slot.level(), slot.rank()), Reason.SPLIT, 0, 0, FREE_INDEX, false);
  }

  void join(SlotFacts left, SlotFacts right) {
    add(
        new Action.Join(left.level(), left.rank()),
        Reason.JOIN,
        left.bytes() + right.bytes(),
        0,
        JOIN_INDEX,
        false);
  }

  void merge(SlotFacts slot, int first, int last, Reason reason, double index, boolean urgent) {
    add(
        new Action.Merge(slot.level(), slot.rank(), first, last),
        reason,
        slot.bytes(first, last),
        burden(slot, first, last - 1),
        index,
        urgent);
  }

  /**
   * Hands the runs from a position on down: by a move where nothing has to be merged, else by a
   * promotion. Does nothing if runs below would be absorbed that a job holds.
   */
  void handDown(
      SlotFacts slot,
      int first,
      int absorb,
      int runsBelowMax,
      Reason reason,
      double index,
      boolean urgent) {
    if (sizes.moves(slot, first, runsBelowMax)) {
      Action move = new Action.Move(slot.level(), slot.rank(), first);
      add(move, reason, 0, 0, FREE_INDEX, urgent);
    } else if (absorb == 0 || sizes.childrenAreFree(slot)) {
      promote(slot, first, absorb, reason, index, urgent);
    }
  }

  void promote(
      SlotFacts slot, int first, int absorb, Reason reason, double index, boolean urgent) {
    int last = slot.runs().size() - 1;
    add(
        new Action.Promote(slot.level(), slot.rank(), first, absorb),
        reason,
        slot.bytes(first, last) + sizes.absorbedBytes(slot, absorb),
        // A newest run added below leaves the boundary between the levels where it was.
        burden(slot, first, absorb == 0 ? last - 1 : last) + absorbedBurden(slot, absorb),
        index,
        urgent);
  }

  private void add(
      Action action, Reason reason, long bytes, double burden, double index, boolean urgent) {
    list.add(new Candidate(action, reason, bytes, bytes, burden, cost(bytes), index, urgent));
  }

  /** All candidates in the order in which they shall be tried. */
  List<Candidate> inOrder() {
    // Stable: candidates of one index stay in the order of levels and slots.
    list.sort(
        Comparator.comparing(Candidate::urgent).thenComparingDouble(Candidate::index).reversed());
    return List.copyOf(list);
  }
}
