package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.kernel.Action;
import dev.atll.policy.Candidate;
import dev.atll.policy.Candidate.Reason;
import dev.atll.policy.SlotFacts;
import dev.atll.tree.SlotHeat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RewardBookTest {
  private static final SlotFacts SLOT =
      new SlotFacts(1, 0, 77, false, false, -1, -1, 0, 0, 0, List.of());

  @Test
  void readsAfterAMergeAreSparedWhatReadsBeforeItPaid() {
    RewardBook<SlotHeat> book = new RewardBook<>(heat -> heat.gets() + heat.seeks(), 1000);
    SlotHeat heat = new SlotHeat();
    heat.addGets(150);
    heat.addSeeks(50);
    // 200 reads paid 10 000 ns: 50 each.
    assertTrue(open(book, 1, heat, 10_000, 3_000, 500).isEmpty());
    heat.addGets(100);
    assertTrue(book.due(1499, 9).isEmpty());
    RewardBook.Reward reward = book.due(1500, 42).get(0);
    assertEquals(1, reward.decisionId());
    assertEquals(77, reward.slotId());
    assertEquals(5_000, reward.savedNanos());
    assertEquals(3_000, reward.costNanos());
    assertEquals(42 - 7, reward.delayNanos());
    assertEquals(0.625, reward.value());
    assertTrue(book.due(9999, 99).isEmpty());
  }

  @Test
  void theNextMergeOfASlotSettlesTheOneBefore() {
    RewardBook<SlotHeat> book = new RewardBook<>(heat -> heat.gets() + heat.seeks(), 1000);
    SlotHeat heat = new SlotHeat();
    heat.addGets(10);
    open(book, 1, heat, 1_000, 500, 0);
    heat.addGets(30);
    List<RewardBook.Reward> settled = open(book, 2, heat, 600, 500, 100);
    assertEquals(1, settled.size());
    assertEquals(3_000, settled.get(0).savedNanos());
    heat.addGets(5);
    // The second merge removed what 30 reads had paid: 20 ns each.
    assertEquals(100, book.due(1100, 0).get(0).savedNanos());
  }

  @Test
  void aMergeThatNobodyReadForSavesNothing() {
    RewardBook<SlotHeat> book = new RewardBook<>(heat -> heat.gets() + heat.seeks(), 10);
    SlotHeat heat = new SlotHeat();
    open(book, 1, heat, 0, 500, 0);
    heat.addGets(1000);
    assertEquals(0, book.due(10, 0).get(0).savedNanos());
    book.forget(List.of(heat));
  }

  private static List<RewardBook.Reward> open(
      RewardBook<SlotHeat> book,
      long decisionId,
      SlotHeat heat,
      double burdenNanos,
      double costNanos,
      long operations) {
    Candidate candidate =
        new Candidate(
            new Action.Merge(1, 0, 0, 1), Reason.READ_BURDEN, 1, 1, burdenNanos, costNanos, 1, false);
    return book.open(decisionId, "atll", -1, SLOT, heat, candidate, operations, 7);
  }
}
