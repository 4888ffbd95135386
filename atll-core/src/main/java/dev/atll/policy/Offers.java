package dev.atll.policy;

import dev.atll.kernel.Action;
import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.List;

/** Collects candidates and prices them, the same way for every policy. For one snapshot. */
public final class Offers {
  /** Index of what writes nothing: before anything that does, but behind what is urgent. */
  static final double FREE_INDEX = 1e9;

  /** Index of a join: it saves nothing today, so all else goes first. */
  static final double JOIN_INDEX = 1e-3;

  private final PolicySettings settings;
  private final UnitCosts costs;
  private final SizeRules sizes;
  private final List<Candidate> list = new ArrayList<>();

  /** Begins with none. */
  public Offers(TreeSnapshot now, SizeRules sizes) {
    this.settings = now.settings();
    this.costs = now.costs();
    this.sizes = sizes;
  }

  /** Begins with what somebody else offered. */
  Offers(TreeSnapshot now, List<Candidate> offered) {
    this(now, new SizeRules(now));
    list.addAll(offered);
  }

  /** What reads paid at the boundary below a run, in nanoseconds. */
  public double boundary(RunFacts run) {
    return costs.paidNanos(run);
  }

  /** What reads paid at the boundaries below the runs at first to last, both included. */
  public double burden(SlotFacts slot, int first, int last) {
    double sum = 0;
    for (int i = first; i <= last; i++) {
      sum += boundary(slot.runs().get(i));
    }
    return sum;
  }

  /** What reads paid at the boundaries between the newest {@code absorb} runs of each slot below. */
  public double absorbedBurden(SlotFacts slot, int absorb) {
    double sum = 0;
    if (absorb < 2) {
      return sum;
    }
    for (SlotFacts child : sizes.children(slot)) {
      sum += burden(child, 0, Math.min(absorb, child.runs().size()) - 2);
    }
    return sum;
  }

  /** The price of reading bytes in a merge and writing as many. */
  public double cost(long bytes) {
    return bytes * (costs.readByteNanos() + costs.writeByteNanos());
  }

  /** Cuts a slot in two. */
  public void split(SlotFacts slot) {
    add(
        new Action.Split(slot.level(), slot.rank()), Reason.SPLIT, 0, 0, FREE_INDEX, false);
  }

  /** Joins a slot and the next one. */
  public void join(SlotFacts left, SlotFacts right) {
    add(
        new Action.Join(left.level(), left.rank()),
        Reason.JOIN,
        left.bytes() + right.bytes(),
        0,
        JOIN_INDEX,
        false);
  }

  /**
   * Merges age-contiguous runs of a slot into one.
   *
   * @param first position of the newest of them
   * @param last position of the oldest of them; as {@code first} to rewrite one run
   * @param index what decides between candidates, greatest first; above 0 and finite
   */
  public void merge(SlotFacts slot, int first, int last, Reason reason, double index, boolean urgent) {
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
   * promotion. Does nothing if runs below would be absorbed that a job holds, or if a slot below has
   * as many runs as any may have and would get one more.
   *
   * @param absorb how many of each child's newest runs the output takes in
   * @param runsBelowMax most runs that a child may hold after a move
   */
  public void handDown(
      SlotFacts slot,
      int first,
      int absorb,
      int runsBelowMax,
      Reason reason,
      double index,
      boolean urgent) {
    if (sizes.moves(slot, first, Math.min(runsBelowMax, settings.runsCap() - 1))) {
      Action move = new Action.Move(slot.level(), slot.rank(), first);
      add(move, reason, 0, 0, FREE_INDEX, urgent);
    } else if (absorb == 0
        ? sizes.childRunsMost(slot) < settings.runsCap()
        : sizes.childrenAreFree(slot)) {
      promote(slot, first, absorb, reason, index, urgent);
    }
  }

  /** Merges the runs from a position on into one and hands that down. */
  public void promote(
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

  /**
   * Sees to it that a slot with as many runs as any may have gets rid of some, since level 0 waits for
   * it: what is offered already becomes urgent; where nothing is, the age-contiguous runs are merged
   * that cost fewest bytes per run removed.
   */
  void holdCap(SlotFacts slot) {
    if (slot.runs().size() < settings.runsCap()) {
      return;
    }
    boolean relieved = false;
    for (int i = 0; i < list.size(); i++) {
      Candidate c = list.get(i);
      if (relieves(c.action(), slot)) {
        list.set(i, c.asUrgent());
        relieved = true;
      }
    }
    if (!relieved) {
      mergeCheapest(
          slot, Reason.RUNS_CAP, slot.runs().size() / (double) settings.fanout(), true);
    }
  }

  /** Whether any of these takes runs away from a slot. */
  static boolean relieves(List<Candidate> offered, SlotFacts slot) {
    for (Candidate c : offered) {
      if (relieves(c.action(), slot)) {
        return true;
      }
    }
    return false;
  }

  // A rewrite of one run takes none away; nor does a join, which waits until both slots fit (I3). Once
  // a slot has turned out to be indivisible, another attempt at a split brings no more.
  private static boolean relieves(Action action, SlotFacts slot) {
    return action.level() == slot.level()
        && action.slot() == slot.rank()
        && action.relieves()
        && (slot.splittable() || !(action instanceof Action.Split));
  }

  /** Merges the age-contiguous runs, at least two, that cost fewest bytes per run removed. */
  public void mergeCheapest(SlotFacts slot, Reason reason, double index, boolean urgent) {
    Range range = cheapest(slot);
    merge(slot, range.first(), range.last(), reason, index, urgent);
  }

  /**
   * Age-contiguous runs of a slot.
   *
   * @param bytesPerRun bytes that their merge moves for each run that it removes
   */
  record Range(int first, int last, double bytesPerRun) {}

  /** Those age-contiguous runs of a slot with at least two whose merge removes a run for fewest bytes. */
  static Range cheapest(SlotFacts slot) {
    return slot.runList().cheapest();
  }

  private void add(
      Action action, Reason reason, long bytes, double burden, double index, boolean urgent) {
    list.add(new Candidate(action, reason, bytes, bytes, burden, cost(bytes), index, urgent));
  }

  /** All candidates in the order in which they shall be tried. */
  public List<Candidate> inOrder() {
    // Stable: candidates of one index stay in the order of levels and slots.
    list.sort(Candidate.FIRST_FIRST);
    return List.copyOf(list);
  }
}
