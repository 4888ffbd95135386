package dev.atll.engine;

import dev.atll.api.Stats;
import dev.atll.env.Workers;
import dev.atll.memtable.Memtable;
import dev.atll.observe.OpStatsSampler;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.OpStats;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.TreeEvent;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.schedule.KeyFractions;
import dev.atll.tree.ReadState;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A few times a second: the shape of the tree and the figures of the store, as events. */
final class Telemetry implements Workers.WorkUnit {
  private static final long PERIOD_NANOS = 250_000_000L;
  // A shape names every slot and run: with more slots than this it is sent once a second only.
  private static final int SLOTS_OFTEN = 400;
  private static final int PERIODS_SELDOM = 4;

  private final StoreParts parts;
  private long lastNanos;
  private final MeterFeed feed;
  private final @Nullable OpStatsSampler sampler;
  private final SlotNews slotNews;
  private final CacheNews cacheNews;
  private int slotsSent;
  private int periods;

  Telemetry(StoreParts parts) {
    this.parts = parts;
    this.lastNanos = parts.clock.nanoTime();
    this.feed = new MeterFeed(parts.metrics);
    this.slotNews = new SlotNews(parts.events);
    this.cacheNews = new CacheNews(parts.events);
    StripedMeter striped = parts.striped;
    this.sampler = striped == null ? null : new OpStatsSampler(striped, lastNanos);
  }

  @Override
  public long runOnce() {
    // Meters and policies may be code of others: what they throw costs one look, not the loop.
    parts.events.run(this::look);
    return PERIOD_NANOS;
  }

  private void look() {
    long now = parts.clock.nanoTime();
    long since = now - lastNanos;
    if (since >= PERIOD_NANOS) {
      lastNanos = now;
      SlotCaches.Look caches = parts.caches.look();
      Stats stats = StatsReport.of(parts, caches.stats());
      feed.update(parts, stats);
      if (parts.events.enabled()) {
        if (slotsSent <= SLOTS_OFTEN || ++periods % PERIODS_SELDOM == 0) {
          shape(now);
        }
        stats(now, since, stats);
        cacheNews.look(caches, stats.tableBytes(), now);
      }
    }
  }

  private void shape(long now) {
    ReadState state = parts.states.peek();
    Version version = state.version();
    TreeSnapshot facts = parts.scheduler.snapshot();
    List<SlotShape> slots = new ArrayList<>();
    if (!version.levelZero().isEmpty()) {
      slots.add(shape(0, 0, 0, 1, version.levelZero(), 0, version.levelZero().size(), Double.NaN));
    }
    long memtableBytes = 0;
    for (Memtable memtable : state.memtables()) {
      memtableBytes += memtable.bytes();
    }
    slotNews.begin(now);
    int deepest = Math.max(1, facts.deepestLevelWithRuns());
    for (int i = 1; i <= deepest; i++) {
      LevelFacts level = facts.level(i);
      Guards guards = version.level(i).guards();
      // The snapshot may be of a version just before or after: draw what both have.
      int count = Math.min(level.slots().size(), guards.slotCount());
      for (int s = 0; s < count; s++) {
        SlotFacts slot = level.slots().get(s);
        double low = KeyFractions.fraction(guards.low(s));
        double high = KeyFractions.fraction(guards.high(s));
        double kStar = parts.scheduler.predictedRuns(facts, slot);
        int k = slotNews.see(facts.costs(), slot, low, high, kStar);
        slots.add(
            shape(
                i, s, low, high, version.level(i).slots().get(s).runs(), slot.readHeat(), k, kStar));
      }
    }
    slotsSent = slots.size();
    parts.events.emit(
        new TreeEvent.Shape(
            now,
            version.nextNumber(),
            deepest,
            state.memtables().length - 1,
            memtableBytes,
            slots));
    slotNews.end();
  }

  private static SlotShape shape(
      int level,
      int slot,
      double low,
      double high,
      List<Run> runs,
      double heat,
      int k,
      double kStar) {
    long[] files = new long[runs.size()];
    long[] bytes = new long[runs.size()];
    for (int r = 0; r < files.length; r++) {
      files[r] = runs.get(r).fileNumber();
      bytes[r] = runs.get(r).bytes();
    }
    return new SlotShape(
        level,
        slot,
        low,
        high,
        Longs.of(files),
        Longs.of(bytes),
        heat,
        k,
        kStar);
  }

  private void stats(long now, long sinceNanos, Stats stats) {
    OpStatsSampler latencies = sampler;
    List<OpStats> ops = latencies == null ? List.of() : latencies.sample(now);
    long blocks = stats.cacheHits() + stats.cacheMisses();
    parts.events.emit(
        new StatsEvent.Measured(
            now,
            sinceNanos,
            ops,
            stats.writeAmplification(),
            stats.probesPerGet(),
            stats.liveBytes() == 0 ? 1 : (double) stats.tableBytes() / stats.liveBytes(),
            stats.userBytesWritten(),
            stats.flushBytesWritten(),
            stats.compactionBytesRead(),
            stats.compactionBytesWritten(),
            stats.memtableBytes(),
            parts.states.peek().memtables().length - 1,
            stats.levels().get(0).slotRuns().get(0),
            stats.logBytes(),
            parts.wal.segments().size(),
            stats.debtBytes(),
            blocks == 0 ? 0 : (double) stats.cacheHits() / blocks,
            stats.liveBytes(),
            Math.max(0, stats.tableBytes() - stats.liveBytes()),
            stats.stallNanos(),
            parts.commits.visibleRevision(),
            parts.durableRevision(),
            parts.events.dropped()));
  }
}
