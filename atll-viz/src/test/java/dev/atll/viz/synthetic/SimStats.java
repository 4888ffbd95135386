package dev.atll.viz.synthetic;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CacheKind;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import dev.atll.observe.event.PressureZone;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.WalEvent;
import java.util.List;
import java.util.SplittableRandom;

/** Periodic summaries of the modelled store. */
final class SimStats {
  private static final long INTERVAL = 500_000_000L;

  private final EventSink sink;
  private final SplittableRandom random;
  private long user;
  private long flush;
  private long compactIn;
  private long compactOut;
  private long nextStats;
  private long nextWorth;
  private long walBytes;
  private long segment = 1;
  private double noise;
  private long stallNanos;

  SimStats(EventSink sink, SplittableRandom random) {
    this.sink = sink;
    this.random = random;
  }

  void wrote(long bytes) {
    user += bytes;
    walBytes += bytes;
    if (walBytes > 128L << 20) {
      walBytes -= 64L << 20;
    }
  }

  void flushed(long bytes) {
    flush += bytes;
  }

  void compacted(long in, long out) {
    compactIn += in;
    compactOut += out;
  }

  void step(long now, SyntheticEngine engine) {
    engine.load.tick(now);
    if (now >= nextStats) {
      nextStats = now + INTERVAL;
      emit(now, engine);
    }
    if (now >= nextWorth) {
      nextWorth = now + 2_000_000_000L;
      worth(now);
    }
  }

  private void emit(long now, SyntheticEngine engine) {
    noise = noise * 0.7 + random.nextDouble(-1, 1) * 0.3;
    double reads = engine.load.readsPerSecond() * (1 + noise * 0.08);
    double writes = engine.load.writesPerSecond() * (1 - noise * 0.05);
    double probes = probes(engine);
    double slow = engine.zone() == PressureZone.RED ? 6 : 1 + engine.debt() / 3e9;
    long live = live(engine);
    long total = Math.max(1, user);
    sink.emit(
        new StatsEvent.Measured(
            now,
            INTERVAL,
            List.of(
                op(OpKind.GET, reads, 2_400 * probes, slow),
                op(OpKind.PUT, writes, 1_600, slow * 1.2),
                op(OpKind.SCAN, reads * 0.01, 48_000 * probes, slow)),
            (flush + compactOut) / (double) total + 1,
            probes,
            1.06 + engine.debt() / (double) Math.max(1, live),
            user,
            flush,
            compactIn,
            compactOut,
            engine.memtableBytes(),
            engine.sealedCount(),
            engine.tree.l0.size(),
            walBytes,
            2,
            engine.debt(),
            0.94 - 0.04 * probes + noise * 0.01,
            live,
            live / 14,
            stallNanos += engine.zone() == PressureZone.RED ? INTERVAL / 3 : 0,
            user / 220,
            user / 220 - 400,
            0));
    sink.emit(
        new CacheEvent.Measured(
            now, CacheKind.BLOCK, 1L << 30, (long) ((0.91 + noise * 0.02) * (1L << 30)), 90_000,
            6_000, 800, 4L << 30, live, false));
    sink.emit(
        new WalEvent.Synced(now, segment, 1 << 20, 40, random.nextLong(300_000, 2_400_000)));
    if (random.nextDouble() < 0.03) {
      sink.emit(new WalEvent.SegmentRolled(now, segment++, 128L << 20, user / 220, 2));
    }
  }

  private OpStats op(OpKind kind, double rate, double median, double slow) {
    double p50 = median * (1 + noise * 0.1);
    long p99 = (long) (p50 * 7 * slow);
    return new OpStats(
        kind,
        (long) (rate * INTERVAL / 1e9),
        rate,
        (long) p50,
        (long) (p50 * 3.1 * Math.sqrt(slow)),
        p99,
        (long) (p99 * 3.4),
        p99 * 9,
        Longs.empty());
  }

  private double probes(SyntheticEngine engine) {
    double sum = 0;
    for (List<SimSlot> row : engine.tree.levels) {
      for (SimSlot slot : row) {
        sum += engine.load.shareOf(slot.low, slot.high) * Math.max(0, slot.runs.size() - 1) * 0.18;
      }
    }
    return 1 + sum;
  }

  private static long live(SyntheticEngine engine) {
    long live = 0;
    for (List<SimSlot> row : engine.tree.levels) {
      for (SimSlot slot : row) {
        live += slot.bytes();
      }
    }
    return live;
  }

  private void worth(long now) {
    double bc = 0.42 + noise * 0.05;
    double gain = 0.31 - noise * 0.03;
    sink.emit(
        new RegretEvent.GainPredicted(
            now, bc, bc - 0.05, bc + 0.05, gain, gain - 0.06, gain + 0.05, 224, 1_000_000, 300_000));
    double best = 1e6;
    sink.emit(
        new RegretEvent.Measured(
            now, -1, -1, 60_000_000_000L, best * (1.12 + noise * 0.04 + 3e9 / (now + 1e10)), best));
  }
}
