package dev.atll.schedule;

import dev.atll.policy.Candidate;
import dev.atll.policy.SlotFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Measures what merges brought. Before a merge, each read of the slot paid on average what its
 * boundaries gathered ÷ the reads since the slot was last merged; every read after the merge is
 * spared that. An entry is settled when the slot is merged again, or a half-life of operations has
 * passed. What the reads would have paid without the merge cannot be seen: that they would have paid
 * as before is the assumption. Not thread-safe: its user serialises the calls.
 *
 * @param <S> what stands for a slot; told apart by {@code equals}, which identity serves best
 */
public final class RewardBook<S> {
  /**
   * What a decision brought, or has brought by now.
   *
   * @param decisionId its number
   * @param policy the policy that made it
   * @param slotId the slot merged
   * @param arm of the learner that set theta; -1 for none
   * @param savedNanos what reads were spared since
   * @param costNanos what the merge was to cost, above 0
   * @param delayNanos from the decision to now
   */
  public record Reward(
      long decisionId,
      String policy,
      long slotId,
      int arm,
      double savedNanos,
      double costNanos,
      long delayNanos) {
    /** Saved ÷ (saved + cost): 1/2 where a merge just paid, 1 where it cost nothing to speak of. */
    public double value() {
      return savedNanos / (savedNanos + costNanos);
    }
  }

  private record Line(
      long decisionId,
      String policy,
      long slotId,
      int arm,
      double nanosPerRead,
      double costNanos,
      long readsBefore,
      long operationsBefore,
      long madeAtNanos) {}

  // In the order in which they were opened: learners must be told in the same one each time.
  private final Map<S, Line> lines = new LinkedHashMap<>();
  private final Map<S, Long> readsAtMerge = new LinkedHashMap<>();
  private final ToLongFunction<S> reads;
  private final long horizonOps;

  /**
   * An empty book.
   *
   * @param reads the reads that a slot has had ever
   * @param horizonOps operations after which an entry is settled, 1 or more
   */
  public RewardBook(ToLongFunction<S> reads, long horizonOps) {
    this.reads = reads;
    this.horizonOps = horizonOps;
  }

  /**
   * Notes a merge that is about to run.
   *
   * @param decisionId number of the decision, greater than any before
   * @param operations operations so far, not less than any time before
   * @return what the slot's merge before it brought, if that was not settled yet
   */
  public List<Reward> open(
      long decisionId,
      String policy,
      int arm,
      SlotFacts slot,
      S heat,
      Candidate candidate,
      long operations,
      long nowNanos) {
    List<Reward> settled = new ArrayList<>();
    Line before = lines.remove(heat);
    if (before != null) {
      settled.add(settle(before, heat, nowNanos));
    }
    long readsEver = reads.applyAsLong(heat);
    long readsPaid = readsEver - readsAtMerge.getOrDefault(heat, 0L);
    readsAtMerge.put(heat, readsEver);
    lines.put(
        heat,
        new Line(
            decisionId,
            policy,
            slot.slotId(),
            arm,
            readsPaid == 0 ? 0 : candidate.burdenNanos() / readsPaid,
            candidate.costNanos(),
            readsEver,
            operations,
            nowNanos));
    return settled;
  }

  /** Settles what is due at a count of operations, earlier decisions first. */
  public List<Reward> due(long operations, long nowNanos) {
    List<Reward> settled = new ArrayList<>();
    Iterator<Map.Entry<S, Line>> i = lines.entrySet().iterator();
    while (i.hasNext()) {
      Map.Entry<S, Line> entry = i.next();
      if (operations - entry.getValue().operationsBefore() < horizonOps) {
        break; // opened later, as all that follow
      }
      settled.add(settle(entry.getValue(), entry.getKey(), nowNanos));
      i.remove();
    }
    return settled;
  }

  /** Forgets slots that are gone; what their merges brought is told when it is due. */
  public void forget(Collection<S> gone) {
    readsAtMerge.keySet().removeAll(gone);
  }

  private Reward settle(Line line, S heat, long nowNanos) {
    return new Reward(
        line.decisionId(),
        line.policy(),
        line.slotId(),
        line.arm(),
        (reads.applyAsLong(heat) - line.readsBefore()) * line.nanosPerRead(),
        line.costNanos(),
        nowNanos - line.madeAtNanos());
  }
}
