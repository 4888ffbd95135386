package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.kernel.Action;
import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChooserTest {
  private static final TreeSnapshot NOW =
      new TreeSnapshot(
          new PolicySettings(1, 4, 1, 8, 2, Long.MAX_VALUE, 1000),
          new UnitCosts(1, 1, 1, 1, 1),
          1,
          List.of(),
          List.of());

  /** Chooses the last one, and says so with a propensity of its own. */
  private static final class LastPicker implements Picker {
    final List<Integer> offered = new ArrayList<>();

    @Override
    public String name() {
      return "last";
    }

    @Override
    public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
      offered.add(candidates.size());
      return new Pick(candidates.size() - 1, 1.0 / candidates.size(), true);
    }

    @Override
    public void reward(long slotId, double savedNanos, double costNanos) {}
  }

  @Test
  void constraintsAndFreeActionsDoNotReachThePicker() {
    LastPicker picker = new LastPicker();
    Chooser chooser =
        new Chooser(
            picker,
            NOW,
            List.of(
                candidate(0, 100, true),
                candidate(1, 0, false),
                candidate(2, 100, false),
                candidate(3, 0, false),
                candidate(4, 100, false),
                candidate(5, 100, false)));
    assertEquals(0, chooser.next());
    assertEquals(1, chooser.propensity());
    assertFalse(chooser.explored());
    assertEquals(1, chooser.next());
    assertEquals(3, chooser.next());
    assertTrue(picker.offered.isEmpty());
    assertEquals(5, chooser.next());
    assertEquals(1 / 3.0, chooser.propensity());
    assertTrue(chooser.explored());
    assertEquals(4, chooser.next());
    assertEquals(2, chooser.next());
    assertEquals(1, chooser.propensity());
    assertEquals(-1, chooser.next());
    assertEquals(List.of(3, 2, 1), picker.offered);
  }

  private static Candidate candidate(int slot, long bytes, boolean urgent) {
    return new Candidate(
        new Action.Merge(1, slot, 0, 1), Reason.RUNS, bytes, bytes, 0, bytes, 1, urgent);
  }
}
