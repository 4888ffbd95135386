package dev.atll.schedule;

import dev.atll.policy.Candidate;
import dev.atll.policy.SlotFacts;
import dev.atll.tree.SlotHeat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures what merges brought. Before a merge, each read of the slot paid on average what its
 * boundaries gathered ÷ the reads since the slot was last merged; every read after the merge is
 * spared that. An entry is settled when the slot is merged again, or a half-life of operations has
 * passed. What the reads would have paid without the merge cannot be seen: that they would have paid
 * as before is the assumption. Guarded by the decider's lock.
 */
final class RewardBook {
  /** What a decision brought, or has brought by now. */
  record Reward(
      long decisionId,
      String policy,
      long slotId,
      int arm,
      double savedNanos,
      double costNanos,
      long delayNanos) {
    /** Saved ÷ (saved + cost): 1/2 where a merge just paid, 1 where it cost nothing to speak of. */
    double value() {
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

  private final IdentityHashMap<SlotHeat, Line> lines = new IdentityHashMap<>();
  private final IdentityHashMap<SlotHeat, Long> readsAtMerge = new IdentityHashMap<>();
  private final long horizonOps;

  RewardBook(long horizonOps) {
    this.horizonOps = horizonOps;
  }

  /**
   * Notes a merge that is about to run.
   *
   * @return what the slot's merge before it brought, if that was not settled yet
   */
  List<Reward> open(
      long decisionId,
      String policy,
      int arm,
      SlotFacts slot,
      SlotHeat heat,
      Candidate candidate,
      long operations,
      long nowNanos) {
    List<Reward> settled = new ArrayList<>();
    Line before = lines.remove(heat);
    if (before != null) {
      settled.add(settle(before, heat, nowNanos));
    }
    long reads = reads(heat);
    long readsPaid = reads - readsAtMerge.getOrDefault(heat, 0L);
    readsAtMerge.put(heat, reads);
    lines.put(
        heat,
        new Line(
            decisionId,
            policy,
            slot.slotId(),
            arm,
            readsPaid == 0 ? 0 : candidate.burdenNanos() / readsPaid,
            candidate.costNanos(),
            reads,
            operations,
            nowNanos));
    return settled;
  }

  /** Settles what is due at a count of operations. */
  List<Reward> due(long operations, long nowNanos) {
    List<Reward> settled = new ArrayList<>();
    Iterator<Map.Entry<SlotHeat, Line>> i = lines.entrySet().iterator();
    while (i.hasNext()) {
      Map.Entry<SlotHeat, Line> entry = i.next();
      if (operations - entry.getValue().operationsBefore() >= horizonOps) {
        settled.add(settle(entry.getValue(), entry.getKey(), nowNanos));
        i.remove();
      }
    }
    // Identity maps have no order of their own; learners must be told in the same one each time.
    settled.sort(Comparator.comparingLong(Reward::decisionId));
    return settled;
  }

  /** Forgets slots that are gone. */
  void keep(Set<SlotHeat> present) {
    readsAtMerge.keySet().retainAll(present);
  }

  private static Reward settle(Line line, SlotHeat heat, long nowNanos) {
    return new Reward(
        line.decisionId(),
        line.policy(),
        line.slotId(),
        line.arm(),
        (reads(heat) - line.readsBefore()) * line.nanosPerRead(),
        line.costNanos(),
        nowNanos - line.madeAtNanos());
  }

  private static long reads(SlotHeat heat) {
    return heat.gets() + heat.seeks();
  }
}
