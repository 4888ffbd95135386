package dev.atll.engine;

import dev.atll.api.Stats;
import dev.atll.memtable.Memtable;
import dev.atll.observe.Counter;
import dev.atll.observe.Gauge;
import dev.atll.observe.Meter;
import dev.atll.observe.Metrics;
import dev.atll.observe.OpStatsSampler;
import dev.atll.observe.event.OpKind;
import dev.atll.read.ReadMeter;
import java.util.ArrayList;
import java.util.List;

/**
 * Feeds a meter from the store's own counts, a few times a second: operations cost nothing more for
 * being exported.
 */
final class MeterFeed {
  private final Count gets;
  private final Count puts;
  private final Count deletes;
  private final Count scans;
  private final Count userBytes;
  private final Count logBytes;
  private final Count flushBytes;
  private final Count cacheHits;
  private final Count cacheMisses;
  private final Gauge debt;
  private final Gauge levelZero;
  private final Gauge writeAmplification;
  private final Gauge readAmplification;
  private final Gauge spaceAmplification;
  private final Gauge liveBytes;
  private final Gauge deadBytes;
  private final Gauge snapshots;
  private final Count userBytesOut;
  private final Count probesDenied;
  private final Count probesUseful;
  private final Count probesFalse;
  private final Count eventsDropped;
  private final Gauge compactionAmplification;
  private final Gauge zone;
  private final Gauge memtableActive;
  private final Gauge memtableSealed;
  private final Gauge walSegments;
  private final Gauge cacheBytes;
  private final Gauge cacheCapacity;
  private final Gauge tableMemory;
  private final Meter meter;
  private final List<Gauge> levelRuns = new ArrayList<>();
  private final List<Gauge> levelBytes = new ArrayList<>();

  /** A counter of the meter that follows a running total. */
  private static final class Count {
    private final Counter counter;
    private long told;

    Count(Counter counter) {
      this.counter = counter;
    }

    void follow(long total) {
      // Sums of several counts are read one after another: a difference of them may step back.
      if (total > told) {
        counter.add(total - told);
        told = total;
      }
    }
  }

  MeterFeed(Meter meter) {
    gets = ops(meter, OpKind.GET);
    puts = ops(meter, OpKind.PUT);
    deletes = ops(meter, OpKind.DELETE);
    scans = ops(meter, OpKind.SCAN);
    userBytes = new Count(meter.counter(Metrics.USER_BYTES, "in"));
    logBytes = new Count(meter.counter(Metrics.WAL_BYTES));
    flushBytes = new Count(meter.counter(Metrics.FLUSH_BYTES));
    cacheHits = new Count(meter.counter(Metrics.CACHE_REQUESTS, "block", "hit"));
    cacheMisses = new Count(meter.counter(Metrics.CACHE_REQUESTS, "block", "miss"));
    debt = meter.gauge(Metrics.COMPACTION_DEBT);
    levelZero = meter.gauge(Metrics.L0_FILES);
    writeAmplification = meter.gauge(Metrics.AMPLIFICATION, "write");
    readAmplification = meter.gauge(Metrics.AMPLIFICATION, "read_point");
    spaceAmplification = meter.gauge(Metrics.AMPLIFICATION, "space");
    liveBytes = meter.gauge(Metrics.SPACE_BYTES, "live");
    deadBytes = meter.gauge(Metrics.SPACE_BYTES, "dead");
    snapshots = meter.gauge(Metrics.SNAPSHOTS_OPEN);
    this.meter = meter;
    userBytesOut = new Count(meter.counter(Metrics.USER_BYTES, "out"));
    probesDenied = new Count(meter.counter(Metrics.FILTER_PROBES, "negative"));
    probesUseful = new Count(meter.counter(Metrics.FILTER_PROBES, "true_positive"));
    probesFalse = new Count(meter.counter(Metrics.FILTER_PROBES, "false_positive"));
    eventsDropped = new Count(meter.counter(Metrics.EVENTS_DROPPED));
    compactionAmplification = meter.gauge(Metrics.AMPLIFICATION, "compaction_write");
    zone = meter.gauge(Metrics.PRESSURE_ZONE);
    memtableActive = meter.gauge(Metrics.MEMTABLE_BYTES, "active");
    memtableSealed = meter.gauge(Metrics.MEMTABLE_BYTES, "sealed");
    walSegments = meter.gauge(Metrics.WAL_SEGMENTS);
    cacheBytes = meter.gauge(Metrics.CACHE_BYTES, "block");
    cacheCapacity = meter.gauge(Metrics.CACHE_CAPACITY, "block");
    tableMemory = meter.gauge(Metrics.TABLE_MEMORY);
  }

  private static Count ops(Meter meter, OpKind kind) {
    return new Count(meter.counter(Metrics.OPS, OpStatsSampler.label(kind)));
  }

  /** Tells what only the parts know. */
  void update(StoreParts parts, Stats stats) {
    long period = parts.options.readSamplePeriod();
    ReadMeter reads = parts.meter;
    userBytesOut.follow(reads.sampledBytes() * period);
    long denied = reads.sampledDenials();
    long wrong = reads.sampledFalsePositives();
    probesDenied.follow(denied * period);
    probesFalse.follow(wrong * period);
    probesUseful.follow(Math.max(0, reads.sampledProbes() - denied - wrong) * period);
    eventsDropped.follow(parts.events.dropped());
    compactionAmplification.set(stats.compactionWriteAmplification());
    zone.set(
        switch (parts.throttle.zone()) {
          case GREEN -> 0;
          case YELLOW -> 1;
          case ORANGE -> 2;
          case RED -> 3;
        });
    Memtable[] memtables = parts.states.peek().memtables();
    long active = memtables[0].bytes();
    long sealed = 0;
    for (int i = 1; i < memtables.length; i++) {
      sealed += memtables[i].bytes();
    }
    memtableActive.set((double) active);
    memtableSealed.set((double) sealed);
    walSegments.set(parts.wal.segments().size());
    cacheBytes.set((double) stats.cache().usedBytes());
    cacheCapacity.set((double) stats.cache().capacityBytes());
    tableMemory.set((double) stats.cache().memoryBytes());
    levels(stats.levels());
    update(stats);
  }

  private void levels(List<Stats.LevelStats> levels) {
    for (Stats.LevelStats level : levels) {
      if (levelRuns.size() <= level.level()) {
        String label = Integer.toString(level.level());
        levelRuns.add(meter.gauge(Metrics.LEVEL_RUNS, label));
        levelBytes.add(meter.gauge(Metrics.LEVEL_BYTES, label));
      }
      int runs = level.slotRuns().stream().mapToInt(Integer::intValue).sum();
      levelRuns.get(level.level()).set(runs);
      levelBytes.get(level.level()).set((double) level.bytes());
    }
  }

  private void update(Stats stats) {
    gets.follow(stats.gets());
    puts.follow(stats.puts());
    deletes.follow(stats.deletes());
    scans.follow(stats.seeks());
    userBytes.follow(stats.userBytesWritten());
    logBytes.follow(stats.logBytesWritten());
    flushBytes.follow(stats.flushBytesWritten());
    cacheHits.follow(stats.cacheHits());
    cacheMisses.follow(stats.cacheMisses());
    debt.set((double) stats.debtBytes());
    levelZero.set(stats.levels().get(0).slotRuns().get(0));
    writeAmplification.set(stats.writeAmplification());
    readAmplification.set(stats.probesPerGet());
    spaceAmplification.set(
        stats.liveBytes() == 0 ? 1 : (double) stats.tableBytes() / stats.liveBytes());
    liveBytes.set((double) stats.liveBytes());
    deadBytes.set((double) Math.max(0, stats.tableBytes() - stats.liveBytes()));
    snapshots.set(stats.snapshots());
  }
}
