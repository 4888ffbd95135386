package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.base.Reports;
import dev.atll.env.sim.SimEnv;
import dev.atll.kernel.Action;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.AdviserRole;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.policy.learn.ThetaLearner;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code of others may throw or talk nonsense: it costs a decision, and after a few its place. */
class AdvisersTest {
  private final List<VizEvent> events = new ArrayList<>();
  private final Reports reports =
      Reports.of(
          new EventSink() {
            @Override
            public boolean enabled() {
              return true;
            }

            @Override
            public void emit(VizEvent event) {
              events.add(event);
            }
          });

  private static CompactionPolicy policy(Error thrown) {
    return new CompactionPolicy() {
      @Override
      public String name() {
        return "mine";
      }

      @Override
      public List<Candidate> candidates(TreeSnapshot now) {
        throw thrown;
      }

      @Override
      public double predictedRuns(TreeSnapshot now, SlotFacts slot) {
        throw thrown;
      }
    };
  }

  private static final Picker BAD_PICKER =
      new Picker() {
        @Override
        public String name() {
          return "bad";
        }

        @Override
        public Pick pick(TreeSnapshot now, List<Candidate> candidates) {
          return new Pick(candidates.size(), 1, false);
        }

        @Override
        public void reward(long slotId, double savedNanos, double costNanos) {
          throw new IllegalStateException("no rewards");
        }
      };

  private static final ThetaLearner BAD_LEARNER =
      new ThetaLearner() {
        @Override
        public String name() {
          return "bad";
        }

        @Override
        public Draw draw(double[] context) {
          throw new StackOverflowError();
        }

        @Override
        public void reward(double[] context, int arm, double reward) {
          throw new StackOverflowError();
        }
      };

  private Advisers advisers(Error thrown) {
    Options options = Options.builder().heatHalfLifeOps(1_000).decisionSeed(7).build();
    return new Advisers(
        new Strategies(policy(thrown), BAD_PICKER, BAD_LEARNER), options, reports, new SimEnv(1).clock());
  }

  private static TreeSnapshot tree() {
    PolicySettings settings = new PolicySettings(1 << 20, 4, 1 << 16, 64, 2, 0, 0, 0);
    return new TreeSnapshot(settings, UnitCosts.parse(Options.defaults().unitCosts()), 1, List.of(), List.of(), List.of());
  }

  private List<DecisionEvent.AdviserFailed> failures() {
    return events.stream()
        .filter(DecisionEvent.AdviserFailed.class::isInstance)
        .map(DecisionEvent.AdviserFailed.class::cast)
        .toList();
  }

  @Test
  void aPolicyThatGoesOnThrowingIsReplaced() {
    Advisers advisers = advisers(new StackOverflowError());
    for (int i = 1; i <= Advisers.FAILURES_MAX; i++) {
      assertEquals("mine", advisers.policy().name());
      assertThrows(Advisers.Failed.class, () -> advisers.candidates(tree()));
      assertEquals(i, advisers.failures());
    }
    assertEquals("atll", advisers.policy().name());
    assertEquals(Advisers.FAILURES_MAX, failures().size());
    assertTrue(failures().getLast().replaced());
    assertFalse(failures().getFirst().replaced());
  }

  @Test
  void nonsenseCountsLikeAThrow() {
    Advisers advisers = advisers(new AssertionError());
    Version version = Version.empty(2);
    for (Action action :
        List.of(
            new Action.Merge(3, 0, 0, 0),
            new Action.Promote(1, 1, 0, 0),
            new Action.Merge(1, 0, 0, 0))) {
      assertThrows(Advisers.Failed.class, () -> advisers.check(version, action));
    }
    assertEquals("atll", advisers.policy().name());
    advisers.check(version, new Action.Split(1, 0));
  }

  @Test
  void noMemoryReplacesNobody() {
    Advisers advisers = advisers(new OutOfMemoryError("simulated"));
    for (int i = 0; i < 10; i++) {
      assertThrows(Advisers.Failed.class, () -> advisers.candidates(tree()));
    }
    assertEquals("mine", advisers.policy().name());
    assertEquals(10, advisers.failures());
  }

  @Test
  void pickersAndLearnersAreReplacedToo() {
    Advisers advisers = advisers(new AssertionError());
    RewardBook.Reward reward = new RewardBook.Reward(1, "mine", 1, -1, 1, 1, 1);
    assertFalse(advisers.reward(reward));
    assertFalse(advisers.reward(reward));
    assertEquals("bad", advisers.picker().name());
    assertFalse(advisers.reward(reward));
    assertEquals("index", advisers.picker().name());
    assertTrue(advisers.reward(reward));
    ThetaTuner.Totals spent = new ThetaTuner.Totals(1, 1, 1, 1);
    for (int i = 0; i < 5; i++) {
      assertFalse(advisers.tick(tree(), spent));
    }
    assertEquals(1, advisers.tuner().theta());
    assertEquals(
        Advisers.FAILURES_MAX,
        failures().stream().filter(e -> e.role() == AdviserRole.LEARNER).count());
    Chooser chooser = new Chooser(advisers.picker(), tree(), List.of());
    assertEquals(-1, advisers.next(chooser));
  }
}
