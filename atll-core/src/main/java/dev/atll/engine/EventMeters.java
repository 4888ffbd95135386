package dev.atll.engine;

import dev.atll.observe.Counter;
import dev.atll.observe.Gauge;
import dev.atll.observe.Histogram;
import dev.atll.observe.Meter;
import dev.atll.observe.MetricName;
import dev.atll.observe.Metrics;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.FileKind;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Feeds the metrics that count turning points, from the events that tell of them; the others are fed
 * by {@link MeterFeed}. Thread-safe.
 */
final class EventMeters {
  private final Meter meter;
  private final Histogram flushes;
  private final Histogram syncs;
  private final Histogram collections;
  private final Counter segmentsDeleted;
  private final Gauge regret;
  // Asked for once each, as Meter wants it.
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Histogram> histograms = new ConcurrentHashMap<>();

  // Level 1 first, by the slots' places. Guarded by this.
  private final List<List<SlotGauges>> slots = new ArrayList<>();

  private static final class SlotGauges {
    final Gauge k;
    final Gauge heat;
    final Gauge hitRatio;
    boolean seen;

    SlotGauges(Gauge k, Gauge heat, Gauge hitRatio) {
      this.k = k;
      this.heat = heat;
      this.hitRatio = hitRatio;
      hitRatio.set(Double.NaN);
    }
  }

  EventMeters(Meter meter) {
    this.meter = meter;
    this.flushes = meter.histogram(Metrics.FLUSH);
    this.syncs = meter.histogram(Metrics.WAL_SYNC);
    this.collections = meter.histogram(Metrics.WAL_GC);
    this.segmentsDeleted = meter.counter(Metrics.WAL_SEGMENTS_DELETED);
    this.regret = meter.gauge(Metrics.REGRET_RATIO);
    // A graph of, or an alert on, what has not happened yet needs its 0.
    counter(Metrics.COMPACTION_BYTES, "in", "1");
    counter(Metrics.COMPACTION_BYTES, "out", "1");
    counter(Metrics.COMPACTION_DROPPED, "shadowed");
    counter(Metrics.COMPACTION_DROPPED, "tombstone");
    for (FileKind kind : FileKind.values()) {
      counter(Metrics.CORRUPTIONS, label(kind));
    }
    for (PressureCause cause : PressureCause.values()) {
      if (cause != PressureCause.NONE) {
        histogram(Metrics.WRITE_STALL, label(cause));
      }
    }
  }

  void see(VizEvent event) {
    switch (event) {
      case FlushEvent.Completed e -> flushes.record(e.nanos());
      case WalEvent.Synced e -> syncs.record(e.nanos());
      case WalEvent.Collected e -> {
        collections.record(e.nanos());
        segmentsDeleted.add(e.segments());
      }
      case CompactionEvent.Finished e -> finished(e);
      case PressureEvent.StallEnded e ->
          histogram(Metrics.WRITE_STALL, label(e.cause())).record(e.nanos());
      case CorruptionEvent.Detected e ->
          counter(Metrics.CORRUPTIONS, label(e.file())).increment();
      case DecisionEvent.Made e -> made(e);
      case TreeEvent.Shape e -> shape(e);
      case SlotEvent.Cached e -> cached(e);
      case RegretEvent.Measured e -> {
        if (e.level() < 0 && e.hindsightMicros() > 0) {
          regret.set(e.spentMicros() / e.hindsightMicros());
        }
      }
      default -> {}
    }
  }

  /** Shapes come from one thread, a few times a second at most. */
  private synchronized void shape(TreeEvent.Shape e) {
    for (List<SlotGauges> level : slots) {
      level.forEach(gauges -> gauges.seen = false);
    }
    for (SlotShape slot : e.slots()) {
      if (slot.level() == 0) {
        continue;
      }
      while (slots.size() < slot.level()) {
        slots.add(new ArrayList<>());
      }
      List<SlotGauges> level = slots.get(slot.level() - 1);
      while (level.size() <= slot.slot()) {
        String[] labels = {Integer.toString(slot.level()), Integer.toString(level.size())};
        level.add(
            new SlotGauges(
                meter.gauge(Metrics.SLOT_K, labels),
                meter.gauge(Metrics.SLOT_HEAT, labels),
                meter.gauge(Metrics.SLOT_HIT_RATIO, labels)));
      }
      SlotGauges gauges = level.get(slot.slot());
      gauges.seen = true;
      gauges.k.set(slot.k());
      gauges.heat.set(slot.heat());
    }
    for (List<SlotGauges> level : slots) {
      for (SlotGauges gauges : level) {
        if (!gauges.seen) {
          // No longer there: a joined slot must not keep its last heat for ever.
          gauges.k.set(Double.NaN);
          gauges.heat.set(Double.NaN);
          gauges.hitRatio.set(Double.NaN);
        }
      }
    }
  }

  /** After a shape that names the slot, from the same thread. */
  private synchronized void cached(SlotEvent.Cached e) {
    if (e.level() > 0
        && e.level() <= slots.size()
        && e.slot() < slots.get(e.level() - 1).size()
        && e.hits() + e.misses() > 0) {
      slots
          .get(e.level() - 1)
          .get(e.slot())
          .hitRatio
          .set((double) e.hits() / (e.hits() + e.misses()));
    }
  }

  private void made(DecisionEvent.Made e) {
    if (e.chosen() >= 0) {
      Candidate chosen = e.candidates().get(e.chosen());
      counter(Metrics.DECISIONS, e.policy().value(), label(chosen.reason())).increment();
    }
  }

  private void finished(CompactionEvent.Finished e) {
    String level = Integer.toString(e.level());
    histogram(Metrics.COMPACTION, level).record(e.nanos());
    if (e.outcome() == Outcome.INSTALLED) {
      counter(Metrics.COMPACTION_BYTES, "in", level).add(e.bytesIn());
      counter(Metrics.COMPACTION_BYTES, "out", level).add(e.bytesOut());
      counter(Metrics.COMPACTION_DROPPED, "shadowed").add(e.droppedShadowed());
      counter(Metrics.COMPACTION_DROPPED, "tombstone").add(e.droppedTombstones());
    }
  }

  private Counter counter(MetricName name, String... labels) {
    return counters.computeIfAbsent(key(name, labels), _ -> meter.counter(name, labels));
  }

  private Histogram histogram(MetricName name, String... labels) {
    return histograms.computeIfAbsent(key(name, labels), _ -> meter.histogram(name, labels));
  }

  private static String key(MetricName name, String... labels) {
    return name.name() + '\n' + String.join("\n", labels);
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
