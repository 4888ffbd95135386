package dev.atll.replay;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.LookRules;
import dev.atll.observe.event.Longs;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes looks as events, each as what differs from the one before, and a whole one now and then, so
 * that a reader that lost one goes on from there. {@link LookDecoder} is the other end. Not
 * thread-safe.
 */
public final class LookEncoder {
  /** Looks from one whole one to the next. */
  public static final int WHOLE_EVERY = 256;

  private final LookState before = new LookState();
  private List<LookRules> rulesBefore = List.of();
  private int untilWhole;

  /** What was told to the scheduler's picker since its last choice, in that order. */
  public record Told(Longs slotIds, Doubles nanos) {
    /** Nothing. */
    public static final Told NOTHING = new Told(Longs.empty(), Doubles.empty());
  }

  /** What became of a look. */
  public record Result(
      long timeNanos,
      long lookId,
      long decisionId,
      long versionId,
      int offered,
      int taken,
      Longs refused) {}

  /** The next look will be a whole one: the last may not have arrived. */
  public void startAfresh() {
    untilWhole = 0;
  }

  /**
   * The event of one look.
   *
   * @param result what became of it
   * @param rules what is the same for all looks of one policy; a change makes the look a whole one
   * @param now what the policy saw
   * @param decay factor on all heats since the look before
   * @param told what the picker was told before it chose
   * @param spans revisions of the snapshot's runs; asked for those that the look before had not
   */
  public DecisionEvent.Looked encode(
      Result result, LookRules rules, TreeSnapshot now, double decay, Told told, RunSpans spans) {
    boolean whole = untilWhole == 0 || !rulesBefore.equals(List.of(rules));
    if (whole) {
      before.forget();
      untilWhole = WHOLE_EVERY;
    }
    untilWhole--;
    rulesBefore = List.of(rules);
    long aged = before.agedMillis(now);
    Map<Long, RevisionSpan> all = new HashMap<>();
    Rows slots = new Rows();
    Rows runs = new Rows();
    slot(0, 0, new LookState.SlotShape(false, false, 0, 0, LookState.ids(now.levelZero())), slots);
    int run = 0;
    for (RunFacts facts : now.levelZero()) {
      run(run++, facts, aged, spans, all, runs);
    }
    Rows heats = new Rows();
    List<Double> exact = new ArrayList<>();
    int ordinal = 1;
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        slot(ordinal, slot.slotId(), LookState.shape(slot), slots);
        heat(ordinal, slot, decay, heats, exact);
        for (RunFacts facts : slot.runs()) {
          run(run++, facts, aged, spans, all, runs);
        }
        ordinal++;
      }
    }
    DecisionEvent.Looked event =
        new DecisionEvent.Looked(
            result.timeNanos(),
            result.lookId(),
            result.decisionId(),
            result.versionId(),
            result.offered(),
            result.taken(),
            result.refused(),
            told.slotIds(),
            told.nanos(),
            whole ? rulesBefore : List.of(),
            now.theta(),
            decay,
            aged,
            Longs.of(now.uniformRuns().stream().mapToLong(Integer::longValue).toArray()),
            levels(now),
            slots.column.toLongs(),
            runs.column.toLongs(),
            heats.column.toLongs(),
            Doubles.of(exact.stream().mapToDouble(Double::doubleValue).toArray()));
    before.take(now, all);
    return event;
  }

  /** A column of rows that begin with the step from the row before. */
  private static final class Rows {
    final LongColumn column = new LongColumn();
    private int last = -1;

    void begin(int ordinal) {
      column.add(ordinal - last);
      last = ordinal;
    }
  }

  private Longs levels(TreeSnapshot now) {
    LongColumn column = new LongColumn();
    column.add(now.levels().size());
    for (int i = 0; i < now.levels().size(); i++) {
      LookState.LevelShape shape = LookState.shape(now.levels().get(i));
      if (!shape.equals(before.level(i))) {
        column.add(i);
        column.add(shape.bytesTarget());
        column.add(shape.slotCountTarget());
        ids(shape.slotIds(), column);
      }
    }
    boolean same = column.size() == 1 && before.levels.size() == now.levels().size();
    return same ? Longs.empty() : column.toLongs();
  }

  private void slot(int ordinal, long slotId, LookState.SlotShape shape, Rows rows) {
    if (!shape.equals(before.slot(slotId))) {
      rows.begin(ordinal);
      rows.column.add((shape.leased() ? 1 : 0) + (shape.splittable() ? 2 : 0));
      rows.column.add(shape.first());
      rows.column.add(shape.last());
      ids(shape.runIds(), rows.column);
    }
  }

  /** A count, the first id, and steps. */
  private static void ids(List<Long> ids, LongColumn column) {
    column.add(ids.size());
    long last = 0;
    for (long id : ids) {
      column.add(id - last);
      last = id;
    }
  }

  private void run(
      int ordinal,
      RunFacts facts,
      long aged,
      RunSpans spans,
      Map<Long, RevisionSpan> all,
      Rows rows) {
    long id = facts.runId();
    long[] known = before.runs.get(id);
    RevisionSpan span = known == null ? spans.of(id) : LookState.span(known);
    all.put(id, span);
    long[] expected = before.expectedRun(id, aged);
    long[] actual = LookState.fields(facts, span);
    if (Arrays.equals(expected, actual)) {
      return;
    }
    rows.begin(ordinal);
    int maskAt = rows.column.size();
    rows.column.add(0);
    long mask = 0;
    for (int i = 0; i < actual.length; i++) {
      if (actual[i] != expected[i]) {
        mask |= 1L << i;
        rows.column.add(actual[i] - expected[i]);
      }
    }
    rows.column.set(maskAt, mask);
  }

  private void heat(int ordinal, SlotFacts slot, double decay, Rows rows, List<Double> exact) {
    LookState.Heat was = before.heat(slot.slotId());
    LookState.Heat is = LookState.Heat.of(slot);
    long gets = Math.round(is.gets() - was.gets() * decay);
    long seeks = Math.round(is.seeks() - was.seeks() * decay);
    long bytes = Math.round(is.bytes() - was.bytes() * decay);
    if (!LookState.grown(was, decay, gets, seeks, bytes).equals(is)) {
      rows.begin(ordinal);
      rows.column.add(-1);
      exact.add(is.gets());
      exact.add(is.seeks());
      exact.add(is.bytes());
    } else if (gets != 0 || seeks != 0 || bytes != 0) {
      rows.begin(ordinal);
      rows.column.add((gets != 0 ? 1 : 0) + (seeks != 0 ? 2 : 0) + (bytes != 0 ? 4 : 0));
      if (gets != 0) {
        rows.column.add(gets);
      }
      if (seeks != 0) {
        rows.column.add(seeks);
      }
      if (bytes != 0) {
        rows.column.add(bytes);
      }
    }
  }
}
