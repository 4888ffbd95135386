package dev.atll.schedule.recording;

import dev.atll.api.Options;
import dev.atll.env.Clock;
import dev.atll.observe.EventSink;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.LookRules;
import dev.atll.observe.event.RegretEvent;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.replay.LookEncoder;
import dev.atll.replay.RegretBook;
import dev.atll.replay.RegretMeter;
import dev.atll.replay.RevisionSpan;
import dev.atll.replay.RunSpans;
import dev.atll.schedule.DecisionLog;
import dev.atll.version.Run;
import dev.atll.version.Version;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what each decision saw, for those who ask for detail, and measures regret for those who
 * watch; costs a count when nobody does.
 */
public final class LookRecorder implements DecisionLog {
  private static final SafeLog LOG = SafeLog.of("dev.atll.schedule");
  private static final long REGRET_WINDOW_NANOS = 5_000_000_000L;
  private static final int SLOTS_SHOWN = 4;
  private static final double NANOS_PER_MICRO = 1000;

  /** Makes recorders for the deciders of stores; found by the service loader. */
  public static final class Provider implements DecisionLog.Provider {
    /** Made by the service loader. */
    public Provider() {}

    @Override
    public DecisionLog create(EventSink events, Clock clock, Options options, String scheduler) {
      return new LookRecorder(events, clock, options, scheduler);
    }
  }

  private final EventSink events;
  private final Clock clock;
  private final Options options;
  private String scheduler;
  private final LookEncoder encoder = new LookEncoder();
  private final RegretMeter meter = new RegretMeter(REGRET_WINDOW_NANOS);
  private final List<Long> refused = new ArrayList<>();
  private final List<Long> toldSlots = new ArrayList<>();
  private final List<Double> toldNanos = new ArrayList<>();
  private @Nullable CompactionPolicy policy;
  private @Nullable Label policyName;
  // The first look of that policy, fresh then.
  private long sinceLook;
  private long lookId;
  private boolean wanted;
  private boolean broken;

  LookRecorder(EventSink events, Clock clock, Options options, String scheduler) {
    this.events = events;
    this.clock = clock;
    this.options = options;
    this.scheduler = scheduler;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a policy set anew is fresh, even if it is of the same name
  public void begin(CompactionPolicy now, Picker picker) {
    lookId++;
    refused.clear();
    if (now != policy || !picker.name().equals(scheduler)) {
      policy = now;
      scheduler = picker.name();
      sinceLook = lookId;
      policyName = null; // a name that cannot be told leaves looks out, under none but its own
      policyName = Label.of(now.name());
    }
    boolean wantedNow = events.wantsDetail() && !broken;
    if (wantedNow && !wanted) {
      encoder.startAfresh();
    }
    wanted = wantedNow;
  }

  @Override
  public void refused(int position) {
    if (wanted) {
      refused.add((long) position);
    }
  }

  @Override
  public void told(long slotId, double savedNanos, double costNanos) {
    if (wanted) {
      toldSlots.add(slotId);
      toldNanos.add(savedNanos);
      toldNanos.add(costNanos);
    }
  }

  @Override
  public void looked(
      long decisionId,
      Version version,
      TreeSnapshot now,
      double decay,
      int candidates,
      int chosen) {
    boolean shown = events.enabled() && !broken;
    Label name = policyName;
    if ((!shown && !wanted) || name == null) {
      return;
    }
    VersionSpans spans = new VersionSpans(version);
    try {
      if (shown) {
        measure(now, decay, spans);
      }
      if (wanted) {
        write(rules(name, now.costs()), decisionId, version, now, decay, candidates, chosen, spans);
      }
    } catch (RuntimeException e) {
      // A mistake in here must not stop compactions. Tests run with assertions and see it.
      assert false : e;
      broken = true;
      LOG.log(Level.WARNING, () -> "decisions are no longer recorded", e);
    }
  }

  private void write(
      LookRules inForce,
      long decisionId,
      Version version,
      TreeSnapshot now,
      double decay,
      int candidates,
      int chosen,
      RunSpans spans) {
    LookEncoder.Result result =
        new LookEncoder.Result(
            clock.nanoTime(),
            lookId,
            decisionId,
            version.nextNumber(),
            candidates,
            chosen,
            longs(refused));
    LookEncoder.Told told =
        new LookEncoder.Told(
            longs(toldSlots),
            Doubles.of(toldNanos.stream().mapToDouble(Double::doubleValue).toArray()));
    toldSlots.clear();
    toldNanos.clear();
    events.emit(encoder.encode(result, inForce, now, decay, told, spans));
  }

  /** Regret of the window that has just ended: of the whole tree, and of the slots that lost most. */
  private void measure(TreeSnapshot now, double decay, RunSpans spans) {
    long nowNanos = clock.nanoTime();
    RegretMeter.Window window = meter.look(nowNanos, now, decay, spans);
    if (window == null || window.slots().isEmpty()) {
      return;
    }
    emit(nowNanos, -1, -1, window.nanos(), window.all());
    for (RegretBook.SlotSum slot :
        window.slots().subList(0, Math.min(SLOTS_SHOWN, window.slots().size()))) {
      emit(nowNanos, slot.level(), slot.slot(), window.nanos(), slot.sum());
    }
  }

  private void emit(long nowNanos, int level, int slot, long nanos, RegretBook.Sum sum) {
    events.emit(
        new RegretEvent.Measured(
            nowNanos,
            level,
            slot,
            nanos,
            sum.spent() / NANOS_PER_MICRO,
            sum.hindsight() / NANOS_PER_MICRO));
  }

  private LookRules rules(Label name, UnitCosts costs) {
    return new LookRules(
        name,
        Label.of(scheduler),
        options.decisionSeed(),
        sinceLook,
        options.memtableBytes(),
        options.fanout(),
        options.slotBytes(),
        options.runsCap(),
        options.spaceAmplificationMax(),
        options.compaction().deleteDeadlineMillis(),
        options.tombstonePermille(),
        options.runsPerReadMax(),
        costs.probeNanos(),
        costs.blockReadNanos(),
        costs.seekNanos(),
        costs.readByteNanos(),
        costs.writeByteNanos());
  }

  private static Longs longs(List<Long> values) {
    return Longs.of(values.stream().mapToLong(Long::longValue).toArray());
  }

  /** Looks runs up by their id, once somebody asks. */
  private static final class VersionSpans implements RunSpans {
    private final Version version;
    private @Nullable Map<Long, RevisionSpan> spans;

    VersionSpans(Version version) {
      this.version = version;
    }

    @Override
    public RevisionSpan of(long runId) {
      Map<Long, RevisionSpan> known = spans;
      if (known == null) {
        known = new HashMap<>();
        addAll(version.levelZero(), known);
        for (int i = 1; i <= version.levelCount(); i++) {
          for (var slot : version.level(i).slots()) {
            addAll(slot.runs(), known);
          }
        }
        spans = known;
      }
      RevisionSpan span = known.get(runId);
      if (span == null) {
        throw new IllegalArgumentException("no run " + runId + " in the version that was looked at");
      }
      return span;
    }

    private static void addAll(List<Run> runs, Map<Long, RevisionSpan> into) {
      runs.forEach(r -> into.put(r.id(), new RevisionSpan(r.minRevision(), r.maxRevision())));
    }
  }
}
