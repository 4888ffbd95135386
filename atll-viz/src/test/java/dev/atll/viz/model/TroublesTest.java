package dev.atll.viz.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionCause;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FailureCause;
import dev.atll.observe.event.FileKind;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import dev.atll.observe.event.PoisonCause;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.StatsEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is broken, who waits, who reads the past, and what was decided why. */
final class TroublesTest {
  private static final long SECOND = 1_000_000_000L;

  private final DashboardState state = new DashboardState();

  private Map<String, Object> picture() throws IOException {
    Json json = new Json().object();
    state.writeFull(json);
    return JSON.std.mapFrom(json.endObject().toString());
  }

  private Map<?, ?> health() throws IOException {
    return (Map<?, ?>) picture().get("health");
  }

  @Test
  void damageIsToldByItsPlaceOnce() throws IOException {
    for (int i = 0; i < 3; i++) {
      state.apply(
          new CorruptionEvent.Detected(
              i * SECOND, FileKind.TABLE, 12, 4096, CorruptionCause.CHECKSUM));
    }
    for (int file = 20; file < 40; file++) {
      state.apply(
          new CorruptionEvent.Detected(
              9 * SECOND, FileKind.WAL, file, 0, CorruptionCause.TRUNCATED));
    }
    state.apply(
        new CorruptionEvent.Detected(
            10 * SECOND, FileKind.TABLE, 12, 4096, CorruptionCause.CHECKSUM));
    assertEquals(24, health().get("damages"));
    List<?> places = (List<?>) health().get("damage");
    assertEquals(8, places.size());
    List<?> newest = (List<?>) places.getFirst();
    assertEquals(List.of("TABLE", 12, 4096, "CHECKSUM"), newest.subList(0, 4));
  }

  @Test
  void poisoningHasItsCauseUntilTheStoreIsOpenedAgain() throws IOException {
    state.apply(new EngineEvent.Poisoned(SECOND, PoisonCause.SYNC_FAILED, FileKind.WAL, 7));
    List<?> poison = (List<?>) health().get("poison");
    assertEquals(List.of("SYNC_FAILED", "WAL", 7), poison.subList(0, 3));
    assertEquals("poisoned", ((Map<?, ?>) picture().get("engine")).get("life"));
    state.apply(new EngineEvent.Closed(2 * SECOND, false, 9, SECOND));
    assertEquals("lost", ((Map<?, ?>) picture().get("engine")).get("life"));
    assertEquals("SYNC_FAILED", ((List<?>) health().get("poison")).getFirst());
  }

  @Test
  void spansPutAsideAreToldUntilTheyAreMergedOrTheStoreIsOpenedAgain() throws IOException {
    state.apply(
        new CompactionEvent.Quarantined(
            SECOND, 2, 7, 0.25, 0.5, FailureCause.DAMAGE, 1, 10 * SECOND));
    state.apply(
        new CompactionEvent.Quarantined(
            2 * SECOND, 2, 7, 0.25, 0.5, FailureCause.DAMAGE, 2, 20 * SECOND));
    state.apply(
        new CompactionEvent.Quarantined(
            2 * SECOND, 3, 1, 0.5, 0.6, FailureCause.IO, 1, 10 * SECOND));
    List<?> aside = (List<?>) health().get("aside");
    assertEquals(2, aside.size());
    assertEquals(List.of(2, 7, "DAMAGE", 2), ((List<?>) aside.getFirst()).subList(0, 4));
    state.apply(new CompactionEvent.Released(3 * SECOND, 2, 7, 0.25, 0.5, 2));
    assertEquals(1, ((List<?>) health().get("aside")).size());
  }

  @Test
  void snapshotsAreCountedWithTheOldestAndTheOverdue() throws IOException {
    state.apply(new SnapshotEvent.Opened(0, 1, 10, 1));
    state.apply(new SnapshotEvent.Opened(5 * SECOND, 2, 20, 2));
    state.apply(new SnapshotEvent.Overdue(9 * SECOND, 1, 10, 9 * SECOND));
    assertEquals(2, health().get("snapshots"));
    assertEquals(1, health().get("overdue"));
    assertEquals(0, health().get("oldestSnapshot"));
    state.apply(new SnapshotEvent.Closed(10 * SECOND, 1, 10, 10 * SECOND, 1));
    assertEquals(0, health().get("overdue"));
    assertEquals(1, health().get("overdueEver"));
    assertEquals(5_000, health().get("oldestSnapshot"));
    state.apply(new SnapshotEvent.Closed(11 * SECOND, 2, 20, 6 * SECOND, 0));
    assertNull(health().get("oldestSnapshot"));
  }

  @Test
  void stallsAreCountedByTheirCause() throws IOException {
    state.apply(new PressureEvent.StallStarted(0, PressureCause.MEMTABLES, 1, 2, 3));
    state.apply(new PressureEvent.StallEnded(SECOND, PressureCause.MEMTABLES, SECOND, 4));
    state.apply(new PressureEvent.StallStarted(2 * SECOND, PressureCause.DEBT, 1, 2, 3));
    assertEquals(
        List.of(List.of("MEMTABLES", 1, 1_000), List.of("DEBT", 1, 0)),
        health().get("stallCauses"));
    assertEquals(true, health().get("stalled"));
  }

  private static DecisionEvent.Made made(long millis, long id, DecisionReason reason) {
    Candidate candidate =
        new Candidate(ActionKind.MERGE, reason, 1, 0, 0, 2, 100, 1, 1, false);
    return new DecisionEvent.Made(
        millis * 1_000_000, id, 1, Label.of("atll"), List.of(candidate), 0, 1, 0, -1,
        Doubles.empty(), Doubles.empty(), 1, false, 0, 0);
  }

  @Test
  void reasonsAreThoseOfTheLastMinute() throws IOException {
    state.apply(made(0, 1, DecisionReason.SPACE));
    state.apply(made(30_000, 2, DecisionReason.READ_BURDEN));
    state.apply(made(59_000, 3, DecisionReason.SPACE));
    assertEquals(
        List.of(List.of("READ_BURDEN", 1), List.of("SPACE", 2)), picture().get("reasons"));
    state.apply(made(61_000, 4, DecisionReason.RUNS));
    assertEquals(
        List.of(List.of("RUNS", 1), List.of("READ_BURDEN", 1), List.of("SPACE", 1)),
        picture().get("reasons"));
    List<?> decisions = (List<?>) picture().get("decisions");
    List<?> candidates = (List<?>) ((Map<?, ?>) decisions.getFirst()).get("candidates");
    assertEquals("SPACE", ((List<?>) candidates.getFirst()).getLast());
  }

  private static StatsEvent.Measured look(long second, OpStats get, long user, double runs) {
    return new StatsEvent.Measured(
        second * SECOND, SECOND, List.of(get), 7, runs, 1.1, user, 2 * user, 0, 3 * user, 0, 0, 0,
        0, 1, 0, 0, 1, 0, 0, 1, 1, 0);
  }

  private static OpStats gets(long count, long p99, Longs latencies) {
    return new OpStats(OpKind.GET, count, count, 10, p99, p99, p99, p99, latencies);
  }

  /** 99 fast seconds and a slow one: their p99s' mean would be far above all that happened. */
  @Test
  void percentilesOfLongerTimesAreMergedAndNotAveraged() throws IOException {
    for (int second = 0; second < 9; second++) {
      state.apply(look(second, gets(1_000, 10, Longs.of(10, 1_000)), 100, 1));
    }
    // Two gets, bucket 127: values of 127.
    state.apply(look(9, gets(2, 127, Longs.of(127, 2)), 100, 1));
    Map<?, ?> recent = (Map<?, ?>) health().get("recent");
    assertEquals(10.0, ((Number) recent.get("seconds")).doubleValue());
    List<?> get = (List<?>) ((List<?>) recent.get("ops")).getFirst();
    assertEquals(List.of("GET", 900, 10, 10, 10, 10), get);
    // The row of the first five seconds, and later that of all fifteen, are merged alike.
    for (int second = 10; second < 700; second++) {
      boolean slow = second % 5 == 0;
      OpStats op =
          slow ? gets(2, 127, Longs.of(127, 2)) : gets(1_000, 10, Longs.of(10, 1_000));
      state.apply(look(second, op, 100, 1));
    }
    List<?> names = (List<?>) picture().get("series");
    int p99 = names.indexOf("getP99") + 1;
    List<?> points = (List<?>) picture().get("points");
    assertEquals(10, ((Number) ((List<?>) points.getFirst()).get(p99)).intValue());
  }

  @Test
  void withoutHistogramsThereIsNoPercentileOfLongerTimes() {
    MergedLatencies merged = new MergedLatencies();
    merged.add(List.of(gets(5, 100, Longs.empty())));
    assertEquals(100, merged.percentiles(OpKind.GET)[2]);
    merged.add(List.of(gets(5, 200, Longs.empty())));
    assertEquals(Double.NaN, merged.percentiles(OpKind.GET)[2]);
    assertEquals(Double.NaN, merged.percentiles(OpKind.SCAN)[2]);
  }

  @Test
  void amplificationsAreOnOneRulerAndUnknownWithoutReadsOrWrites() throws IOException {
    List<Object> row = new ArrayList<>();
    state.apply(look(0, gets(1, 1, Longs.empty()), 0, 0));
    state.apply(look(1, gets(1, 1, Longs.empty()), 100, 2.5));
    state.apply(look(2, gets(1, 1, Longs.empty()), 100, 2.5));
    List<?> names = (List<?>) picture().get("series");
    List<?> points = (List<?>) picture().get("points");
    for (Object point : points) {
      for (String name : List.of("wa", "waLog", "ra")) {
        row.add(String.valueOf(((List<?>) point).get(names.indexOf(name) + 1)));
      }
    }
    assertEquals(List.of("null", "null", "null", "5", "7", "2.5"), row);
  }
}
