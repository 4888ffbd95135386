package dev.atll.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.Candidate;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.replay.Redecider.Choice;
import dev.atll.schedule.ShownCandidate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every decision of an engine's history, made again from what was recorded of it. */
final class RedeciderTest {
  private static final int OPERATIONS = 5_000;

  static List<String> policies() {
    return Policies.names();
  }

  static List<String> pickers() {
    return Pickers.names();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void samePolicySameDecisions(String policy) {
    repeat(policy, Pickers.names().getFirst(), Long.MAX_VALUE);
  }

  @ParameterizedTest
  @MethodSource("pickers")
  void samePickerSameDecisions(String picker) {
    repeat("atll", picker, Long.MAX_VALUE);
  }

  @Test
  void whatAFullDiskRefusedIsRefusedAgain() {
    long refusals =
        repeat("tiered", "epsilon-greedy", 15_000) + repeat("leveled", "round-robin", 15_000);
    assertTrue(refusals > 10, "refusals: " + refusals);
  }

  private static long repeat(String policy, String picker, long tightBytes) {
    List<VizEvent> events =
        RecordedHistory.run(
            11,
            RecordedHistory.options().policy(policy).scheduler(picker).decisionSeed(5).build(),
            OPERATIONS,
            tightBytes);
    Redecider redecider =
        new Redecider(Policies.byName(policy, 5), Pickers.byName(picker, 5));
    LookDecoder decoder = new LookDecoder();
    Map<Long, DecisionEvent.Made> made = new HashMap<>();
    Map<Long, Choice> repeated = new HashMap<>();
    Map<Long, List<dev.atll.observe.event.Candidate>> shownAgain = new HashMap<>();
    long looks = 0;
    long refusals = 0;
    for (VizEvent event : events) {
      if (event instanceof DecisionEvent.Made decision) {
        made.put(decision.decisionId(), decision);
      } else if (event instanceof DecisionEvent.Looked looked) {
        looks++;
        assertEquals(looks, looked.lookId());
        Look look = decoder.decode(looked);
        assertNotNull(look);
        List<Long> refused = new ArrayList<>();
        for (int i = 0; i < looked.refused().size(); i++) {
          refused.add(looked.refused().get(i));
        }
        refusals += refused.size();
        List<Long> asked = new ArrayList<>();
        Choice choice =
            redecider.decide(
                look,
                (position, candidate) -> {
                  if (refused.contains((long) position)) {
                    asked.add((long) position);
                    return true;
                  }
                  return false;
                });
        String where = policy + ", " + picker + ", look " + looks;
        assertEquals(refused, asked, where);
        assertEquals(looked.offered(), choice.candidates().size(), where);
        assertEquals(looked.taken(), choice.chosen(), where);
        if (looked.decisionId() != 0) {
          repeated.put(looked.decisionId(), choice);
          List<dev.atll.observe.event.Candidate> shown = new ArrayList<>();
          for (Candidate candidate : choice.candidates()) {
            shown.add(ShownCandidate.of(candidate, look.snapshot()));
          }
          shownAgain.put(looked.decisionId(), shown);
        }
      }
    }
    assertEquals(made.keySet(), repeated.keySet());
    made.forEach(
        (id, decision) -> {
          List<dev.atll.observe.event.Candidate> shown = shownAgain.get(id);
          int from = repeated.get(id).chosen() - decision.chosen();
          // Every number of every candidate that the engine showed, to the last bit.
          assertEquals(
              decision.candidates(), shown.subList(from, from + decision.candidates().size()));
        });
    assertTrue(made.size() > 20, "decisions: " + made.size());
    assertTrue(looks > made.size());
    return refusals;
  }
}
