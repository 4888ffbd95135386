package dev.atll.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.LookRules;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.replay.Look;
import dev.atll.replay.LookEncoder;
import dev.atll.replay.Redecider.Choice;
import dev.atll.replay.Redecider;
import dev.atll.replay.RevisionSpan;
import dev.atll.schedule.ShownCandidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A log of three looks, made by hand: two slots that gather runs under tiering. */
final class DecisionReplayTest {
  private static final UnitCosts COSTS = new UnitCosts(100, 1_000, 1_500, 1, 2);
  private static final PolicySettings SETTINGS =
      new PolicySettings(1 << 20, 3, 1 << 18, 64, 4, Long.MAX_VALUE, 1_000);
  private static final Path GOLDEN = Path.of("src/test/resources/replay-short-log.txt");

  private final LookEncoder encoder = new LookEncoder();
  private final Redecider tiered =
      new Redecider(Policies.byName("tiered", 1), Pickers.byName("index", 1));
  private final List<VizEvent> log = new ArrayList<>();

  private static TreeSnapshot tree(int runsLeft, int runsRight, double theta) {
    List<SlotFacts> slots =
        List.of(slot(0, 1, runsLeft), slot(1, 2, runsRight));
    SlotFacts below = new SlotFacts(2, 0, 3, false, true, -1, -1, 0, 0, 0, List.of());
    return new TreeSnapshot(
        SETTINGS,
        COSTS,
        theta,
        List.of(),
        List.of(new LevelFacts(1, 3 << 20, 2, slots), new LevelFacts(2, 9 << 20, 1, List.of(below))));
  }

  private static SlotFacts slot(int rank, long id, int runs) {
    List<RunFacts> list = new ArrayList<>();
    for (int i = runs; i >= 1; i--) {
      list.add(
          new RunFacts(
              id * 100 + i, 100_000, 1_000, 0, 0, 0, false, 0, 500L * i, 100, 5, 1, 20, 0));
    }
    return new SlotFacts(1, rank, id, false, false, 0, 0, 1_000, 50, 0, list);
  }

  private void look(TreeSnapshot now, double propensity, Longs refused) {
    UnitCosts costs = now.costs();
    long lookId = log.size() + 1;
    LookRules rules =
        new LookRules(
            Label.of("tiered"), Label.of("index"), 1, 1, SETTINGS.memtableBytes(),
            SETTINGS.fanout(), SETTINGS.slotBytesTarget(), SETTINGS.runsCap(),
            SETTINGS.spaceAmplificationMax(), SETTINGS.deleteDeadlineMillis(),
            SETTINGS.tombstonePermilleMax(), SETTINGS.runsPerReadMax(),
            costs.probeNanos(), costs.blockReadNanos(), costs.seekNanos(), costs.readByteNanos(),
            costs.writeByteNanos());
    long looks = log.stream().filter(e -> e instanceof DecisionEvent.Looked).count() + 1;
    DecisionEvent.Looked undecided =
        new DecisionEvent.Looked(
            lookId, looks, 0, 1, 0, -1, refused, Longs.empty(), Doubles.empty(), List.of(rules),
            now.theta(), 1, 0, Longs.empty(), Longs.empty(), Longs.empty(), Longs.empty(),
            Longs.empty(), Doubles.empty());
    Choice choice =
        tiered.decide(
            new Look(undecided, rules, now, Map.of()),
            (place, _) -> refused.size() > 0 && refused.get(0) == place);
    long decisionId = choice.chosen() < 0 ? 0 : looks;
    log.add(
        encoder.encode(
            new LookEncoder.Result(
                lookId * 1_000, looks, decisionId, 1, choice.candidates().size(), choice.chosen(),
                refused),
            rules,
            now,
            1,
            LookEncoder.Told.NOTHING,
            id -> new RevisionSpan(id, id)));
    if (decisionId > 0) {
      List<dev.atll.observe.event.Candidate> shown = new ArrayList<>();
      choice.candidates().forEach(c -> shown.add(ShownCandidate.of(c, now)));
      log.add(
          new DecisionEvent.Made(
              lookId * 1_000, decisionId, 1, Label.of("tiered"), shown, choice.chosen(),
              now.theta(), 0, -1, Doubles.empty(), Doubles.empty(), propensity, false, 1, 5));
      log.add(
          new DecisionEvent.Rewarded(
              lookId * 2_000, decisionId, Label.of("tiered"), -1, 0.25 * looks, 1, 1, 0, 1));
    }
  }

  private DecisionReplay replay(DecisionReplay.Other other) {
    DecisionReplay replay = new DecisionReplay(other);
    log.forEach(replay::accept);
    return replay;
  }

  private void record() {
    look(tree(1, 1, 1), 1, Longs.empty());
    look(tree(4, 5, 1), 0.5, Longs.empty());
    look(tree(4, 5, 1), 1, Longs.of(0));
  }

  @Test
  void theReportOfAShortLog() throws IOException {
    record();
    DecisionReplay replay = replay(new DecisionReplay.Other("binomial", null, null));
    String text = ReplayText.of(replay.agreements(), replay.rewards());
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(GOLDEN, text);
    }
    assertEquals(Files.readString(GOLDEN), text, "accept with -Drewrite=true");
  }

  @Test
  void otherPricesAreNoOtherPolicy() {
    record();
    TreeSnapshot tree = tree(5, 5, 1);
    look(
        new TreeSnapshot(
            SETTINGS, new UnitCosts(100, 1_000, 1_500, 3, 6), 1, tree.levelZero(), tree.levels()),
        1,
        Longs.empty());
    Agreements again = replay(new DecisionReplay.Other(null, null, null)).agreements();
    assertTrue(again.allRepeated());
    assertFalse(again.memoryMissing(), "one policy from the first look to the last");
  }

  @Test
  void theSameDecidesTheSame() {
    record();
    Agreements again = replay(new DecisionReplay.Other(null, null, null)).agreements();
    assertTrue(again.allRepeated());
    assertEquals(3, again.looks());
    assertEquals(2, again.decisions());
    assertEquals(2, again.decisionsRepeated());
    again.kinds().values().forEach(kind -> assertEquals(kind.made(), kind.same()));
    assertEquals(null, again.firstDifference());
  }

  @Test
  void aLogThatWasTamperedWithIsFoundOut() {
    record();
    log.replaceAll(
        event ->
            event instanceof DecisionEvent.Looked e && e.lookId() == 2
                ? new DecisionEvent.Looked(
                    e.timeNanos(), e.lookId(), e.decisionId(), e.versionId(), e.offered(),
                    e.taken() + 1, e.refused(), e.toldSlots(), e.toldNanos(), e.rules(), e.theta(),
                    e.decay(), e.agedMillis(), e.uniformRuns(), e.levels(), e.slots(), e.runs(),
                    e.heats(), e.heatsExact())
                : event);
    Agreements again = replay(new DecisionReplay.Other(null, null, null)).agreements();
    assertFalse(again.allRepeated());
    Agreements.Difference difference = again.firstNotRepeated();
    assertNotNull(difference);
    assertEquals(2, difference.look().event().lookId());
    assertTrue(
        ReplayText.of(again, new OffPolicy()).contains("THEY SHOULD ALL BE"), "it is said aloud");
  }
}
