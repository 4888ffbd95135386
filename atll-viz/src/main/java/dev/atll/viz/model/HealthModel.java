package dev.atll.viz.model;

import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CacheKind;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.OpStats;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.WalEvent;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the engine is doing now: pressure, memory, log, caches, readers, damage. */
final class HealthModel implements Section {
  private final Map<CacheKind, CacheEvent.Measured> caches = new EnumMap<>(CacheKind.class);
  private StatsEvent.@Nullable Measured stats;
  private PressureZone zone = PressureZone.GREEN;
  private PressureCause cause = PressureCause.NONE;
  private long zoneSinceMillis;
  private final Stalls stalls = new Stalls();
  private final OpenSnapshots snapshots = new OpenSnapshots();
  private final Troubles troubles = new Troubles();
  private final RecentOps recent = new RecentOps();
  private long walSyncNanos = -1;
  private int walSegments = -1;
  private boolean dirty;

  void apply(StatsEvent event) {
    dirty = true;
    stats =
        switch (event) {
          case StatsEvent.Measured measured -> {
            recent.add(measured);
            yield measured;
          }
        };
  }

  void apply(PressureEvent event, long millis) {
    dirty = true;
    switch (event) {
      case PressureEvent.ZoneChanged e -> {
        zone = e.to();
        cause = e.cause();
        zoneSinceMillis = millis;
      }
      case PressureEvent.StallStarted e -> {
        stalls.started(e);
        cause = e.cause();
      }
      case PressureEvent.StallEnded e -> stalls.ended(e);
      case PressureEvent.DiskFull _, PressureEvent.DiskFreed _ -> {
        // A line of the log each; the zone tells what writers feel.
      }
    }
  }

  void apply(WalEvent event) {
    dirty = true;
    switch (event) {
      case WalEvent.SegmentRolled e -> walSegments = e.liveSegments();
      case WalEvent.Synced e -> walSyncNanos = e.nanos();
      case WalEvent.Collected e -> walSegments = e.liveSegments();
    }
  }

  void apply(CacheEvent event) {
    dirty = true;
    switch (event) {
      case CacheEvent.Measured e -> caches.put(e.cache(), e);
      case CacheEvent.Warmed _ -> {
        // A line of the log.
      }
    }
  }

  void apply(SnapshotEvent event, long millis) {
    snapshots.apply(event, millis);
    dirty = true;
  }

  void apply(CorruptionEvent event, long millis) {
    switch (event) {
      case CorruptionEvent.Detected e -> {
        troubles.found(e, millis);
        dirty = true;
      }
      case CorruptionEvent.Scrubbed _ -> {}
    }
  }

  void apply(CompactionEvent event, long millis) {
    if (event instanceof CompactionEvent.Quarantined e) {
      troubles.apply(e, millis);
      dirty = true;
    } else if (event instanceof CompactionEvent.Released e) {
      troubles.apply(e);
      dirty = true;
    }
  }

  void apply(EngineEvent.Poisoned event, long millis) {
    troubles.poisoned(event, millis);
    dirty = true;
  }

  /** A fresh store has neither pressure nor readers; what was counted stays. */
  void forget() {
    zone = PressureZone.GREEN;
    cause = PressureCause.NONE;
    stalls.opened();
    snapshots.forget();
    troubles.opened();
    recent.clear();
    walSegments = -1;
    caches.clear();
    dirty = true;
  }

  PressureZone zone() {
    return zone;
  }

  @Override
  public boolean dirty() {
    return dirty;
  }

  @Override
  public void writeFull(Json json) {
    write(json);
  }

  @Override
  public void writeDelta(Json json, long nowMillis) {
    write(json);
    dirty = false;
  }

  private void write(Json json) {
    json.name("health").object();
    json.name("zone").value(zone.name()).name("cause").value(cause.name());
    json.name("zoneSince").value(zoneSinceMillis);
    stalls.write(json);
    json.name("syncNanos").value(walSyncNanos).name("segments").value(walSegments);
    snapshots.write(json);
    troubles.write(json);
    recent.write(json);
    json.name("caches").array();
    for (CacheEvent.Measured c : caches.values()) {
      json.array().value(c.cache().name()).value(c.usedBytes()).value(c.capacityBytes());
      json.value(c.hits()).value(c.misses()).value(c.evictions());
      json.value(c.memoryBytes()).value(c.tableBytes()).value(c.mapped()).endArray();
    }
    json.endArray();
    if (stats != null) {
      write(json, stats);
    }
    json.endObject();
  }

  private static void write(Json json, StatsEvent.Measured s) {
    json.name("ops").array();
    for (OpStats op : s.ops()) {
      json.array().value(op.op().name()).value(op.opsPerSecond(), 0).value(op.p50Nanos());
      json.value(op.p95Nanos()).value(op.p99Nanos()).value(op.p999Nanos());
      json.value(op.maxNanos()).endArray();
    }
    json.endArray();
    json.name("wa").value(s.writeAmplification(), 3).name("ra");
    json.value(s.readAmplificationPoint(), 3).name("sa").value(s.spaceAmplification(), 3);
    json.name("memtable").value(s.memtableBytes()).name("sealed").value(s.sealedMemtables());
    json.name("l0").value(s.l0Files()).name("wal").value(s.walBytes());
    json.name("walSegments").value(s.walSegments()).name("debt").value(s.debtBytes());
    json.name("hit").value(s.cacheHitRate(), 4).name("live").value(s.liveBytes());
    json.name("dead").value(s.deadBytes()).name("revision").value(s.lastRevision());
    json.name("durable").value(s.durableRevision());
    json.name("lost").value(s.eventsDropped());
  }
}
