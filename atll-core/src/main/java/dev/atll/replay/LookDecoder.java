package dev.atll.replay;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.LookRules;
import dev.atll.observe.event.Longs;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds looks from the events of a {@link LookEncoder}, bit for bit, in their order, over any number
 * of openings of a store; a missing one makes all useless until the next whole one. Not thread-safe.
 */
public final class LookDecoder {
  // What a broken trace may ask for at most.
  private static final int COUNT_MAX = 1 << 20;

  private final LookState before = new LookState();
  private @Nullable LookRules rules;
  private long lastLookId;
  private long useless;

  /** Looks that could not be rebuilt, because one before them is missing. */
  public long useless() {
    return useless;
  }

  /**
   * The next look.
   *
   * @return null if it cannot be rebuilt, because one before it is missing
   * @throws IllegalArgumentException if the columns are not what an encoder writes
   */
  public @Nullable Look decode(DecisionEvent.Looked event) {
    boolean whole = !event.rules().isEmpty();
    boolean follows = event.lookId() == lastLookId + 1;
    if (whole) {
      before.forget();
      rules = event.rules().getFirst();
    } else if (!follows) {
      rules = null;
    }
    lastLookId = event.lookId();
    LookRules inForce = rules;
    if (inForce == null) {
      useless++;
      return null;
    }
    List<LookState.LevelShape> levels = levels(event.levels());
    Slots slots = new Slots(event.slots());
    Runs runs = new Runs(event.runs(), event.agedMillis());
    Heats heats = new Heats(event.heats(), event.heatsExact(), event.decay());
    List<RunFacts> levelZero = runs.of(slots.next(0));
    List<LevelFacts> facts = new ArrayList<>(levels.size());
    for (int i = 0; i < levels.size(); i++) {
      LookState.LevelShape level = levels.get(i);
      List<SlotFacts> inLevel = new ArrayList<>(level.slotIds().size());
      for (int rank = 0; rank < level.slotIds().size(); rank++) {
        long slotId = level.slotIds().get(rank);
        LookState.SlotShape shape = slots.next(slotId);
        LookState.Heat heat = heats.next(slotId);
        inLevel.add(
            new SlotFacts(
                i + 1,
                rank,
                slotId,
                shape.leased(),
                shape.splittable(),
                shape.first(),
                shape.last(),
                heat.gets(),
                heat.seeks(),
                heat.bytes(),
                runs.of(shape)));
      }
      facts.add(new LevelFacts(i + 1, level.bytesTarget(), level.slotCountTarget(), inLevel));
    }
    slots.end();
    runs.end();
    heats.end();
    TreeSnapshot snapshot =
        new TreeSnapshot(
            settings(inForce), costs(inForce), event.theta(), uniformRuns(event), levelZero, facts);
    before.take(snapshot, runs.spans);
    return new Look(event, inForce, snapshot, Map.copyOf(runs.spans));
  }

  private static List<Integer> uniformRuns(DecisionEvent.Looked event) {
    List<Integer> runs = new ArrayList<>();
    for (int i = 0; i < event.uniformRuns().size(); i++) {
      runs.add((int) event.uniformRuns().get(i));
    }
    return runs;
  }

  private static PolicySettings settings(LookRules rules) {
    return new PolicySettings(
        rules.memtableBytes(),
        rules.fanout(),
        rules.slotBytesTarget(),
        rules.runsCap(),
        rules.spaceAmplificationMax(),
        rules.deleteDeadlineMillis(),
        rules.tombstonePermilleMax(),
        rules.runsPerReadMax());
  }

  private static UnitCosts costs(LookRules rules) {
    return new UnitCosts(
        rules.probeNanos(),
        rules.blockReadNanos(),
        rules.seekNanos(),
        rules.readByteNanos(),
        rules.writeByteNanos());
  }

  private List<LookState.LevelShape> levels(Longs column) {
    List<LookState.LevelShape> levels = new ArrayList<>(before.levels);
    if (column.size() == 0) {
      return levels;
    }
    LongColumn.Reader in = new LongColumn.Reader(column);
    int count = in.nextInt(0, COUNT_MAX);
    while (levels.size() > count) {
      levels.removeLast();
    }
    while (in.hasNext()) {
      int index = in.nextInt(0, levels.size());
      long bytesTarget = in.next();
      int slotCountTarget = in.nextInt(0, Integer.MAX_VALUE);
      LookState.LevelShape shape =
          new LookState.LevelShape(bytesTarget, slotCountTarget, ids(in));
      if (index == levels.size()) {
        levels.add(shape);
      } else {
        levels.set(index, shape);
      }
    }
    if (levels.size() != count) {
      throw new IllegalArgumentException(
          "a look has " + levels.size() + " levels, not " + count);
    }
    return levels;
  }

  private static List<Long> ids(LongColumn.Reader in) {
    int count = in.nextInt(0, COUNT_MAX);
    List<Long> ids = new ArrayList<>();
    long last = 0;
    for (int i = 0; i < count; i++) {
      last += in.next();
      ids.add(last);
    }
    return ids;
  }

  /** Rows that begin with the step from the row before; hands each to whose turn it is. */
  private static class Rows {
    final LongColumn.Reader in;
    private int now = -1;
    private int row = -1;

    Rows(Longs column) {
      this.in = new LongColumn.Reader(column);
      skip();
    }

    /** Whether the next in order has a row; its numbers follow. */
    boolean has() {
      return ++now == row;
    }

    /** To be called after a row's numbers were read. */
    final void skip() {
      row = in.hasNext() ? row + in.nextInt(1, COUNT_MAX) : -1;
    }

    void end() {
      if (row >= 0 || in.hasNext()) {
        throw new IllegalArgumentException("a look has rows for more than it has");
      }
    }
  }

  private final class Slots extends Rows {
    Slots(Longs column) {
      super(column);
    }

    LookState.SlotShape next(long slotId) {
      if (!has()) {
        return before.slot(slotId);
      }
      int flags = in.nextInt(0, 3);
      LookState.SlotShape shape =
          new LookState.SlotShape(
              (flags & 1) != 0,
              (flags & 2) != 0,
              in.nextInt(-1, COUNT_MAX),
              in.nextInt(-1, COUNT_MAX),
              ids(in));
      skip();
      return shape;
    }
  }

  private final class Runs extends Rows {
    private final long aged;
    final Map<Long, RevisionSpan> spans = new HashMap<>();

    Runs(Longs column, long aged) {
      super(column);
      this.aged = aged;
    }

    List<RunFacts> of(LookState.SlotShape shape) {
      List<RunFacts> facts = new ArrayList<>(shape.runIds().size());
      for (long runId : shape.runIds()) {
        long[] fields = before.expectedRun(runId, aged);
        if (has()) {
          long mask = in.nextInt(1, (1 << LookState.RUN_FIELDS) - 1);
          for (int i = 0; i < fields.length; i++) {
            if ((mask & (1L << i)) != 0) {
              fields[i] += in.next();
            }
          }
          skip();
        }
        facts.add(LookState.run(runId, fields));
        spans.put(runId, LookState.span(fields));
      }
      return facts;
    }
  }

  private final class Heats extends Rows {
    private final Doubles exact;
    private final double decay;
    private int at;

    Heats(Longs column, Doubles exact, double decay) {
      super(column);
      this.exact = exact;
      this.decay = decay;
      // Slot 0 is level 0, which has no heat.
      if (has()) {
        throw new IllegalArgumentException("a look has a heat for level 0");
      }
    }

    LookState.Heat next(long slotId) {
      LookState.Heat was = before.heat(slotId);
      if (!has()) {
        return LookState.grown(was, decay, 0, 0, 0);
      }
      LookState.Heat heat;
      int mask = in.nextInt(-1, 7);
      if (mask < 0) {
        if (at + 3 > exact.size()) {
          throw new IllegalArgumentException("a look lacks exact heats");
        }
        heat = new LookState.Heat(exact.get(at), exact.get(at + 1), exact.get(at + 2));
        at += 3;
      } else {
        long gets = (mask & 1) != 0 ? in.next() : 0;
        long seeks = (mask & 2) != 0 ? in.next() : 0;
        long bytes = (mask & 4) != 0 ? in.next() : 0;
        heat = LookState.grown(was, decay, gets, seeks, bytes);
      }
      skip();
      return heat;
    }
  }
}
