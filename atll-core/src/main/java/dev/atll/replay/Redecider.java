package dev.atll.replay;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Decides recorded looks again, with the code that decides in the engine. With the recorded policy,
 * picker and seed, and every look since they were fresh, it decides the same. Looks go in once each
 * and in their order, since policy and picker may remember. Not thread-safe.
 */
public final class Redecider {
  private final CompactionPolicy policy;
  private final Picker picker;

  /**
   * What would be done.
   *
   * @param candidates all, in the order by which they are numbered
   * @param chosen position of the one that would be carried out, or -1
   */
  public record Choice(List<Candidate> candidates, int chosen) {
    /** Copies the list. */
    public Choice {
      candidates = List.copyOf(candidates);
    }
  }

  /** Creates it with a fresh policy and a fresh picker. */
  public Redecider(CompactionPolicy policy, Picker picker) {
    this.policy = policy;
    this.picker = picker;
  }

  /**
   * Decides a look.
   *
   * @param refused whether a candidate, given with its position, could not be carried out then
   */
  public Choice decide(Look look, BiPredicate<Integer, Candidate> refused) {
    DecisionEvent.Looked event = look.event();
    for (int i = 0; i < event.toldSlots().size(); i++) {
      picker.reward(
          event.toldSlots().get(i), event.toldNanos().get(2 * i), event.toldNanos().get(2 * i + 1));
    }
    List<Candidate> candidates = Chooser.inOrder(policy.candidates(look.snapshot()));
    Chooser chooser = new Chooser(picker, look.snapshot(), candidates);
    int position = chooser.next();
    while (position >= 0 && refused.test(position, candidates.get(position))) {
      position = chooser.next();
    }
    return new Choice(candidates, position);
  }
}
