package dev.atll.engine;

import dev.atll.api.CacheStats;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CacheKind;
import dev.atll.observe.event.SlotEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of the caches of blocks, as a whole and slot by slot, when something went on in them since it
 * was told: of a slot once a second at most, of a few slots each look, those first that have waited
 * longest. A slot whose runs are read in place and ask no cache is never told of. For one thread.
 */
final class CacheNews {
  private final EventSink events;
  private boolean toldAny;
  private boolean mapped;
  private long bytes;
  private long hits;
  private long misses;
  private long evictions;
  private Map<Long, Told> told = new HashMap<>();

  /** What was told of a slot. */
  private static final class Told {
    boolean any;
    long nanos;
    long hits;
    long misses;
    long frameBytes;
    long mappedBytes;
    long blockBytes;
  }

  private record Due(Told told, CacheStats.SlotCache now) {}

  CacheNews(EventSink events) {
    this.events = events;
  }

  /**
   * Looks at the caches.
   *
   * @param tableBytes size of all tables
   */
  void look(SlotCaches.Look now, long tableBytes, long nowNanos) {
    whole(now.stats(), tableBytes, nowNanos);
    Map<Long, Told> present = new HashMap<>();
    List<Due> due = new ArrayList<>();
    for (int i = 0; i < now.ids().length; i++) {
      CacheStats.SlotCache slot = now.stats().slots().get(i);
      Told before = told.get(now.ids()[i]);
      if (before == null) {
        before = new Told();
        before.nanos = nowNanos - SlotNews.SLOT_PERIOD_NANOS;
      }
      present.put(now.ids()[i], before);
      if (nowNanos - before.nanos >= SlotNews.SLOT_PERIOD_NANOS && isNews(before, slot)) {
        due.add(new Due(before, slot));
      }
    }
    told = present;
    due.sort(Comparator.comparingLong(d -> d.told().nanos));
    for (Due next : due.subList(0, Math.min(SlotNews.EACH_LOOK_MAX, due.size()))) {
      tell(next.told(), next.now(), nowNanos);
    }
  }

  private void whole(CacheStats now, long tableBytes, long nowNanos) {
    boolean same =
        now.usedBytes() == bytes
            && now.hits() == hits
            && now.misses() == misses
            && now.mapped() == mapped;
    if (toldAny ? same : now.capacityBytes() == 0) {
      return;
    }
    events.emit(
        new CacheEvent.Measured(
            nowNanos,
            CacheKind.BLOCK,
            now.capacityBytes(),
            now.usedBytes(),
            now.hits() - hits,
            now.misses() - misses,
            now.evictions() - evictions,
            now.memoryBytes(),
            tableBytes,
            now.mapped()));
    toldAny = true;
    bytes = now.usedBytes();
    hits = now.hits();
    misses = now.misses();
    evictions = now.evictions();
    mapped = now.mapped();
  }

  private static boolean isNews(Told before, CacheStats.SlotCache now) {
    return now.hits() != before.hits
        || now.misses() != before.misses
        || now.frameBytes() != before.frameBytes
        || now.blockBytes() != before.blockBytes
        || (before.any && now.mappedBytes() != before.mappedBytes);
  }

  private void tell(Told before, CacheStats.SlotCache now, long nowNanos) {
    events.emit(
        new SlotEvent.Cached(
            nowNanos,
            now.level(),
            now.slot(),
            now.hits() - before.hits,
            now.misses() - before.misses,
            now.frameBytes(),
            now.mappedBytes(),
            now.blockBytes()));
    before.any = true;
    before.nanos = nowNanos;
    before.hits = now.hits();
    before.misses = now.misses();
    before.frameBytes = now.frameBytes();
    before.mappedBytes = now.mappedBytes();
    before.blockBytes = now.blockBytes();
  }
}
