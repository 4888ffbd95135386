package dev.atll.engine;

import dev.atll.api.Stats;
import dev.atll.observe.Counter;
import dev.atll.observe.Gauge;
import dev.atll.observe.Meter;
import dev.atll.observe.Metrics;
import dev.atll.observe.OpStatsSampler;
import dev.atll.observe.event.OpKind;

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

  /** A counter of the meter that follows a running total. */
  private static final class Count {
    private final Counter counter;
    private long told;

    Count(Counter counter) {
      this.counter = counter;
    }

    void follow(long total) {
      counter.add(total - told);
      told = total;
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
  }

  private static Count ops(Meter meter, OpKind kind) {
    return new Count(meter.counter(Metrics.OPS, OpStatsSampler.label(kind)));
  }

  void update(Stats stats) {
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
