package dev.atll.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the candidates of one look are tried: what is urgent and what writes nothing
 * first, as the policy has them; of the others the picker chooses one at a time. Engine, simulator
 * and replay share it. For one look and one thread.
 */
public final class Chooser {
  private final Picker picker;
  private final TreeSnapshot now;
  private final List<Candidate> candidates;
  // Positions of those that the picker has not named yet, in the policy's order.
  private final List<Integer> open = new ArrayList<>();
  private final List<Integer> certain = new ArrayList<>();
  private int tried;
  private Picker.@Nullable Pick lastPick;

  /**
   * Begins with none tried.
   *
   * @param candidates in their order: see {@link #inOrder}
   */
  public Chooser(Picker picker, TreeSnapshot now, List<Candidate> candidates) {
    this.picker = picker;
    this.now = now;
    this.candidates = candidates;
    for (int i = 0; i < candidates.size(); i++) {
      (isForPicker(candidates.get(i)) ? open : certain).add(i);
    }
  }

  /** Candidates in the order by which they are numbered: urgent ones first, then by index. */
  public static List<Candidate> inOrder(List<Candidate> candidates) {
    List<Candidate> ordered = new ArrayList<>(candidates);
    ordered.sort(Candidate.FIRST_FIRST);
    return ordered;
  }

  /** Whether a candidate is a matter of choice: it costs bytes, and no hard constraint asks for it. */
  private static boolean isForPicker(Candidate candidate) {
    return !candidate.urgent() && candidate.bytesWritten() > 0;
  }

  /** Position of the next candidate to try, or -1 when all were tried. */
  public int next() {
    if (tried < certain.size()) {
      return certain.get(tried++);
    }
    if (open.isEmpty()) {
      return -1;
    }
    List<Candidate> left = new ArrayList<>(open.size());
    for (int position : open) {
      left.add(candidates.get(position));
    }
    Picker.Pick pick = picker.pick(now, left);
    lastPick = pick;
    int at = pick.chosen();
    int position = open.get(at);
    open.subList(at, at + 1).clear(); // remove(at) reads as if the value were meant
    return position;
  }

  /** Probability with which the last position was chosen among those not yet tried. */
  public double propensity() {
    Picker.Pick pick = lastPick;
    return pick == null ? 1 : pick.propensity();
  }

  /** Whether chance chose the last position. */
  public boolean explored() {
    Picker.Pick pick = lastPick;
    return pick != null && pick.explored();
  }
}
