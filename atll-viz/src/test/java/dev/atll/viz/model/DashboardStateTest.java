package dev.atll.viz.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.DurabilityMode;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import dev.atll.viz.synthetic.CollectingSink;
import dev.atll.viz.synthetic.SyntheticEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fold of events into the picture. */
final class DashboardStateTest {
  private static final long SECOND = 1_000_000_000L;

  private final DashboardState state = new DashboardState();

  private Map<String, Object> full() throws IOException {
    Json json = new Json().object();
    state.writeFull(json);
    return JSON.std.mapFrom(json.endObject().toString());
  }

  private Map<String, Object> delta() throws IOException {
    Json json = new Json().object();
    state.writeDelta(json);
    return JSON.std.mapFrom(json.endObject().toString());
  }

  private static SlotShape slot(int level, int slot, double low, double high, long... runs) {
    long[] files = new long[runs.length];
    for (int i = 0; i < runs.length; i++) {
      files[i] = level * 1000L + slot * 10 + i;
    }
    return new SlotShape(level, slot, low, high, Longs.of(files), Longs.of(runs), 0.5, 3, 1.5);
  }

  private static TreeEvent.Shape shape(long time, long version, SlotShape... slots) {
    return new TreeEvent.Shape(time, version, 3, 0, 0, List.of(slots));
  }

  private static DecisionEvent.Made decision(long id, int chosen) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      candidates.add(new Candidate(ActionKind.MERGE, DecisionReason.READ_BURDEN, 1, i, 0, 2, 1000, 5, 30 - i, false));
    }
    return new DecisionEvent.Made(
        id, id, 1, Label.of("atll"), candidates, chosen, 1, 0, -1, Doubles.empty(),
        Doubles.empty(), 1, false, 0, 100);
  }

  @Test
  void nothingYetIsNoTree() throws IOException {
    assertFalse(state.dirty());
    assertNull(full().get("tree"));
    assertEquals("waiting", ((Map<?, ?>) full().get("engine")).get("life"));
  }

  @Test
  void aShapeIsTheTreeAndMeasurementsRefineIt() throws IOException {
    state.apply(shape(0, 1, slot(1, 0, 0, 0.5, 10, 20), slot(1, 1, 0.5, 1, 40)));
    delta();
    state.apply(
        new SlotEvent.Measured(SECOND, 1, 1, 0.5, 1, 1, 40, 0.91, 2, 1.1, 700, 9));
    Map<?, ?> tree = (Map<?, ?>) delta().get("tree");
    List<?> slots = (List<?>) tree.get("slots");
    assertEquals(1, slots.size(), "only the slot that changed");
    List<?> row = (List<?>) slots.getFirst();
    assertEquals(List.of(1, 1, 0.5, 1, 1, 40, 0.91, 2, 1.1, 700, 9), row.subList(0, 11));
    assertEquals(List.of(1010), row.get(11));
    assertFalse(state.dirty());
    state.apply(
        new SlotEvent.Measured(SECOND, 1, 1, 0.5, 1, 1, 40, 0.4, 2, 1.1, 800, 9));
    assertEquals(
        List.of(List.of(1, 1, 0.4, 1.1, 800, 9)),
        ((Map<?, ?>) delta().get("tree")).get("moods"),
        "only what moves all the time");
  }

  @Test
  void heatThatHardlyMovesIsNotWorthAFrame() throws IOException {
    state.apply(shape(0, 1, slot(1, 0, 0, 1, 10)));
    delta();
    state.apply(new SlotEvent.Measured(1, 1, 0, 0, 1, 1, 10, 0.501, 3, 1.5, 0, 0));
    assertFalse(state.dirty());
    state.apply(new SlotEvent.Measured(2, 1, 0, 0, 1, 1, 10, 0.52, 3, 1.5, 0, 0));
    assertTrue(state.dirty());
  }

  @Test
  void whatCachesDoForASlotIsToldOnceAnyHasToDoWithIt() throws IOException {
    state.apply(shape(0, 1, slot(1, 0, 0, 0.5, 10), slot(1, 1, 0.5, 1, 10)));
    delta();
    List<?> row = (List<?>) ((List<?>) ((Map<?, ?>) full().get("tree")).get("slots")).getFirst();
    assertEquals(14, row.size(), "read in place");
    state.apply(new SlotEvent.Cached(1, 1, 0, 30, 10, 8192, 0, 5000));
    List<?> moods = (List<?>) ((Map<?, ?>) delta().get("tree")).get("moods");
    assertEquals(1, moods.size());
    List<?> mood = (List<?>) moods.getFirst();
    assertEquals(List.of(0.75, 8192, 0, 5000), mood.subList(6, mood.size()));
    // What is older counts half: 15 + 85 of 20 + 100.
    state.apply(new SlotEvent.Cached(2, 1, 0, 85, 15, 8192, 0, 5000));
    row = (List<?>) ((List<?>) ((Map<?, ?>) full().get("tree")).get("slots")).getFirst();
    assertEquals(List.of(0.83, 8192, 0, 5000), row.subList(14, row.size()));
    // By blocks, and nobody asked.
    state.apply(new SlotEvent.Cached(3, 1, 1, 0, 0, 0, 0, 700));
    row = (List<?>) ((List<?>) ((Map<?, ?>) full().get("tree")).get("slots")).get(1);
    assertNull(row.get(14));
  }

  @Test
  void aSplitReplacesItsSlotAndKeepsThePastOnTheLeft() throws IOException {
    state.apply(shape(0, 1, slot(1, 0, 0, 0.9, 10), slot(1, 1, 0.9, 1, 7), slot(2, 0, 0, 1, 50)));
    for (int i = 1; i <= 5; i++) {
      state.apply(new SlotEvent.Measured(i * 2 * SECOND, 1, 0, 0, 0.9, 1, 10, 0.1 * i, 3, 1, 0, 0));
    }
    delta();
    state.apply(
        shape(
            20 * SECOND,
            2,
            slot(1, 0, 0, 0.4, 4),
            slot(1, 1, 0.4, 0.9, 6),
            slot(1, 2, 0.9, 1, 7),
            slot(2, 0, 0, 1, 50)));
    Map<?, ?> tree = (Map<?, ?>) delta().get("tree");
    List<?> cuts = (List<?>) tree.get("cuts");
    assertEquals(1, cuts.size(), "only the level that was cut");
    List<?> cut = (List<?>) cuts.getFirst();
    assertEquals(List.of(1, 1, 0, 1), cut.subList(0, 4), "one slot comes in, the others move on");
    assertEquals(1, ((List<?>) cut.get(4)).size());
    assertEquals(7, ((List<?>) JSON.std.mapFrom(state.slotJson(1, 0)).get("heat")).size());
    assertEquals(1, ((List<?>) JSON.std.mapFrom(state.slotJson(1, 1)).get("heat")).size());
  }

  @Test
  void runsAreAsOldAsTheirFiles() throws IOException {
    state.apply(shape(0, 1, slot(1, 0, 0, 1, 10)));
    state.apply(shape(30 * SECOND, 2, slot(1, 0, 0, 1, 10, 20)));
    List<?> row = (List<?>) ((List<?>) ((Map<?, ?>) full().get("tree")).get("slots")).getFirst();
    assertEquals(List.of(0, 30), row.get(13), "seconds at which the files were first seen");
  }

  @Test
  void reopeningForgetsTheTreeAndGoesOnInTime() throws IOException {
    state.apply(opened(5 * SECOND, 1_000_000));
    state.apply(shape(9 * SECOND, 1, slot(1, 0, 0, 1, 10)));
    assertEquals(4000, full().get("now"));
    state.apply(opened(77, 1_010_000));
    assertEquals(10_000, full().get("now"), "the wall clock bridges two engine clocks");
    assertEquals(List.of(), ((Map<?, ?>) full().get("tree")).get("slots"));
    state.apply(new EngineEvent.PolicyChanged(77 + SECOND, Label.of("a"), Label.of("b")));
    assertEquals(11_000, full().get("now"));
    assertEquals(1_000_000, full().get("wall0"));
  }

  private static EngineEvent.Opened opened(long time, long wall) {
    return new EngineEvent.Opened(
        time, wall, 1, Label.of("atll"), DurabilityMode.OS, 10, 7, 64, 16, 12, 1, 4, 0);
  }

  @Test
  void decisionsMeetTheirJobsAndRewards() throws IOException {
    state.apply(decision(7, 2));
    state.apply(
        new CompactionEvent.Scheduled(8, 70, 7, ActionKind.MERGE, 1, 2, 1, 2, 1000));
    state.apply(
        new CompactionEvent.Finished(
            9, 70, Outcome.INSTALLED, ActionKind.MERGE, 1, 2, 1, 600, 400, 0, 0, 0, 0, 0, 0, 5));
    state.apply(new DecisionEvent.Rewarded(10, 7, Label.of("atll"), -1, 0.5, 9, 4, 0, 3));
    Map<?, ?> entry = (Map<?, ?>) ((List<?>) full().get("decisions")).getFirst();
    assertEquals(1000, entry.get("spent"));
    assertEquals("INSTALLED", entry.get("outcome"));
    assertEquals(0.5, ((Map<?, ?>) entry.get("reward")).get("value"));
    assertEquals(30, entry.get("total"));
    assertEquals(0, entry.get("chosen"));
    List<?> candidates = (List<?>) entry.get("candidates");
    assertEquals(DecisionBook.CANDIDATES_MAX, candidates.size());
    assertEquals(2, ((List<?>) candidates.getFirst()).get(2), "the chosen one leads");
    assertEquals(0, ((List<?>) candidates.get(1)).get(2), "then the best by index");
  }

  @Test
  void aRowOfDoingNothingIsOneEntry() throws IOException {
    for (int i = 1; i <= 50; i++) {
      state.apply(decision(i, -1));
    }
    List<?> decisions = (List<?>) full().get("decisions");
    assertEquals(1, decisions.size());
    assertEquals(50, ((Map<?, ?>) decisions.getFirst()).get("repeats"));
    assertEquals(List.of(50, 0, 0), full().get("decisionCounts"));
  }

  @Test
  void jobsComeAndGo() throws IOException {
    state.apply(new CompactionEvent.Started(1, 5, ActionKind.MERGE_DOWN, 1, 2, 2, 3, 1000));
    state.apply(new CompactionEvent.Progress(2, 5, 400, 1000));
    Map<?, ?> job = (Map<?, ?>) ((List<?>) delta().get("jobs")).getFirst();
    assertEquals(400, job.get("done"));
    assertEquals(true, job.get("running"));
    state.apply(
        new CompactionEvent.Finished(
            3, 5, Outcome.FAILED, ActionKind.MERGE_DOWN, 1, 2, 2, 1, 0, 9, 3, 1, 2, 3, 0, 5));
    Map<String, Object> after = delta();
    assertEquals(List.of(), after.get("jobs"));
    Map<?, ?> ended = (Map<?, ?>) ((List<?>) after.get("ended")).getFirst();
    assertEquals("FAILED", ended.get("outcome"));
    assertEquals(6, ended.get("dropped"));
  }

  @Test
  void pressureHasItsCause() throws IOException {
    state.apply(
        new PressureEvent.ZoneChanged(
            1, PressureZone.GREEN, PressureZone.ORANGE, PressureCause.DEBT));
    state.apply(new PressureEvent.StallStarted(2, PressureCause.MEMTABLES, 9, 2, 5));
    Map<?, ?> health = (Map<?, ?>) full().get("health");
    assertEquals("ORANGE", health.get("zone"));
    assertEquals("MEMTABLES", health.get("cause"));
    assertEquals(true, health.get("stalled"));
  }

  /** A viewer that folds deltas must see what a newcomer sees. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void deltasAddUpToTheWhole(long seed) throws IOException {
    CollectingSink sink = new CollectingSink();
    SyntheticEngine engine = new SyntheticEngine(sink, seed, 3, 8, 3);
    SplittableRandom random = new SplittableRandom(seed);
    FoldedTree folded = new FoldedTree();
    engine.open(1_000);
    for (int i = 0; i < 2_000; i++) {
      engine.step(20_000_000);
      sink.drain(state::apply);
      if (random.nextInt(4) == 0 && state.dirty()) {
        folded.fold(delta());
      }
    }
    while (state.dirty()) {
      folded.fold(delta());
    }
    FoldedTree whole = new FoldedTree();
    whole.fold(full());
    assertEquals(whole.slots(), folded.slots(), "seed " + seed);
    assertTrue(whole.slots().size() > 20, "seed " + seed);
    assertEquals(full().get("jobs"), folded.last("jobs"), "seed " + seed);
    assertEquals(full().get("decisionCounts"), folded.last("decisionCounts"), "seed " + seed);
  }

  /** Regret is that of a minute, since a window alone takes every merge at its end for wasted. */
  @Test
  void regretIsThatOfTheLastMinuteAndOfOnePolicy() throws IOException {
    for (int window = 0; window < 20; window++) {
      double spent = window == 0 ? 1000 : 30;
      state.apply(new RegretEvent.Measured(window * 5 * SECOND, -1, -1, 5 * SECOND, spent, 20));
      state.apply(new RegretEvent.Measured(window * 5 * SECOND, 1, 0, 5 * SECOND, 500, 1));
      if (window == 1) {
        assertEquals(Map.of("spent", 1030, "best", 40, "windowMs", 10_000), engine("regret"));
      }
    }
    assertEquals(Map.of("spent", 360, "best", 240, "windowMs", 60_000), engine("regret"));
    state.apply(
        new EngineEvent.PolicyChanged(100 * SECOND, Label.of("atll"), Label.of("leveled")));
    assertNull(engine("regret"));
  }

  private Object engine(String name) throws IOException {
    return ((Map<?, ?>) full().get("engine")).get(name);
  }
}
