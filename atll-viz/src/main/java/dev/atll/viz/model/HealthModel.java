package dev.atll.viz.model;

import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CacheKind;
import dev.atll.observe.event.CorruptionEvent;
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
  private boolean stalled;
  private long stalls;
  private long stallNanos;
  private long walSyncNanos = -1;
  private int walSegments = -1;
  private int openSnapshots;
  private long overdueSnapshots;
  private long damages;
  private boolean dirty;

  void apply(StatsEvent event) {
    dirty = true;
    stats =
        switch (event) {
          case StatsEvent.Measured measured -> measured;
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
        stalled = true;
        stalls++;
        cause = e.cause();
      }
      case PressureEvent.StallEnded e -> {
        stalled = false;
        stallNanos += e.nanos();
      }
    }
  }

  void apply(WalEvent event) {
    dirty = true;
    switch (event) {
      case WalEvent.SegmentRolled e -> walSegments = e.liveSegments();
      case WalEvent.Synced e -> walSyncNanos = e.nanos();
      case WalEvent.TailTruncated _ -> {}
      case WalEvent.Collected e -> walSegments = e.liveSegments();
    }
  }

  void apply(CacheEvent event) {
    dirty = true;
    switch (event) {
      case CacheEvent.Measured e -> caches.put(e.cache(), e);
      case CacheEvent.Resized _ -> {}
    }
  }

  void apply(SnapshotEvent event) {
    switch (event) {
      case SnapshotEvent.Opened e -> {
        openSnapshots = e.openSnapshots();
        dirty = true;
      }
      case SnapshotEvent.Closed e -> {
        openSnapshots = e.openSnapshots();
        dirty = true;
      }
      case SnapshotEvent.Overdue _ -> {
        overdueSnapshots++;
        dirty = true;
      }
      case SnapshotEvent.FloorRaised _ -> {}
    }
  }

  void apply(CorruptionEvent event) {
    switch (event) {
      case CorruptionEvent.Detected _ -> {
        damages++;
        dirty = true;
      }
      case CorruptionEvent.Scrubbed _ -> {}
    }
  }

  /** A fresh store has neither pressure nor readers; what was counted stays. */
  void forget() {
    zone = PressureZone.GREEN;
    cause = PressureCause.NONE;
    stalled = false;
    openSnapshots = 0;
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
    json.name("zoneSince").value(zoneSinceMillis).name("stalled").value(stalled);
    json.name("stalls").value(stalls).name("stallMs").value(stallNanos / 1_000_000);
    json.name("syncNanos").value(walSyncNanos).name("segments").value(walSegments);
    json.name("snapshots").value(openSnapshots).name("overdue").value(overdueSnapshots);
    json.name("damages").value(damages);
    json.name("caches").array();
    for (CacheEvent.Measured c : caches.values()) {
      json.array().value(c.cache().name()).value(c.usedBytes()).value(c.capacityBytes());
      json.value(c.hits()).value(c.misses()).value(c.evictions()).endArray();
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
