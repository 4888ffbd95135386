package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.CacheStats;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Metrics;
import dev.atll.observe.Observer;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.VizEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store beyond its memory tells of its caches: by event, by statistics, by metric. */
@Timeout(60)
class SlotCachesTest {
  private static final int KEYS = 8_000;
  private static final int HOT = 20;

  private final List<VizEvent> heard = new ArrayList<>();
  private final SimEnv env = new SimEnv(7);
  private final StripedMeter meter = new StripedMeter();

  private <T> List<T> of(Class<T> type) {
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private Observer observer() {
    return new Observer(
        meter,
        new EventSink() {
          @Override
          public boolean enabled() {
            return true;
          }

          @Override
          public void emit(VizEvent event) {
            heard.add(event);
          }
        });
  }

  private static Options options(long memory) {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(128 << 10)
        .slotBytes(128 << 10)
        .fanout(4)
        .levelCount(3)
        .spaceReserveBytes(0)
        .blockCacheBytes(0)
        .tableMemoryBytes(memory)
        .build();
  }

  private static byte[] key(int i) {
    return String.format(Locale.ROOT, "%06d", i).getBytes(StandardCharsets.US_ASCII);
  }

  private AtllDb filled(long memory) {
    AtllDb db = Atll.open(Path.of("/db"), options(memory), observer(), env);
    for (int i = 0; i < KEYS; i++) {
      db.put(key(i * 3 % KEYS), new byte[100]);
    }
    db.compact(KeyRange.all());
    assertTrue(db.settle(Duration.ofMinutes(5)));
    return db;
  }

  private void look(AtllDb db) {
    for (int i = 0; i < 8; i++) {
      env.workers().advance(SlotNews.SLOT_PERIOD_NANOS / 2);
      db.settle(Duration.ofSeconds(1));
    }
  }

  private static long slotHits(CacheStats stats) {
    return stats.slots().stream().mapToLong(CacheStats.SlotCache::hits).sum();
  }

  @Test
  void beyondMemoryEachSlotTellsWhatItsReadsFound() {
    try (AtllDb db = filled(512 << 10)) {
      look(db);
      CacheStats before = db.stats().cache();
      assertFalse(before.mapped());
      heard.clear();
      for (int pass = 0; pass < 10; pass++) {
        for (int i = 0; i < HOT; i++) {
          db.get(key(i));
        }
      }
      look(db);
      CacheStats after = db.stats().cache();
      long hits = after.hits() - before.hits();
      long misses = after.misses() - before.misses();
      assertEquals(10 * HOT, hits + misses, "each get reads one block");
      assertTrue(misses <= 3, misses + " misses of a hot block");
      List<SlotEvent.Cached> cached = of(SlotEvent.Cached.class);
      assertEquals(hits, cached.stream().mapToLong(SlotEvent.Cached::hits).sum());
      assertEquals(misses, cached.stream().mapToLong(SlotEvent.Cached::misses).sum());
      List<SlotEvent.Cached> hot =
          cached.stream().filter(e -> e.hits() + e.misses() > 0).toList();
      assertTrue(hot.stream().allMatch(e -> e.slot() == 0), hot.toString());
      SlotEvent.Cached last = hot.getLast();
      assertTrue(last.frameBytes() >= 4096, last.toString());
      assertEquals(0, last.mappedBytes());
      assertTrue(last.blockBytes() > 10_000, last.toString());
      CacheEvent.Measured whole = of(CacheEvent.Measured.class).getLast();
      assertEquals(512 << 10, whole.memoryBytes());
      assertEquals(after.capacityBytes(), whole.capacityBytes());
      assertTrue(whole.capacityBytes() >= 64 << 10 && whole.capacityBytes() <= 128 << 10);
      assertTrue(whole.usedBytes() > 0 && whole.usedBytes() <= whole.capacityBytes());
      assertEquals(db.stats().tableBytes(), whole.tableBytes());
      assertFalse(whole.mapped());

      // The state that one can ask for says the same.
      assertEquals(hits, slotHits(after) - slotHits(before));
      CacheStats.SlotCache slot =
          after.slots().stream()
              .filter(s -> s.level() == last.level() && s.slot() == 0)
              .findFirst()
              .orElseThrow();
      assertEquals(last.frameBytes(), slot.frameBytes());
      assertEquals(last.blockBytes(), slot.blockBytes());
      assertEquals(after.capacityBytes(), meter.snapshot().gauge(Metrics.CACHE_CAPACITY, "block"));
      assertEquals(512 << 10, meter.snapshot().gauge(Metrics.TABLE_MEMORY));

      // Nothing was read since: nothing is told.
      heard.clear();
      look(db);
      assertTrue(of(SlotEvent.Cached.class).isEmpty(), heard.toString());
      assertTrue(of(CacheEvent.Measured.class).isEmpty(), heard.toString());
    }
  }

  /** The memory of the cache is gone; what was counted is not. */
  @Test
  void figuresCanBeAskedForAfterTheClose() {
    AtllDb db = filled(512 << 10);
    db.get(key(1));
    CacheStats open = db.stats().cache();
    db.close();
    env.clock().advance(5 * SlotNews.SLOT_PERIOD_NANOS);
    CacheStats closed = db.stats().cache();
    assertEquals(open.hits(), closed.hits());
    assertEquals(open.misses(), closed.misses());
  }

  @Test
  void countsOfTablesThatAreReplacedStay() {
    try (AtllDb db = filled(1)) {
      for (int i = 0; i < KEYS; i += 7) {
        db.get(key(i));
      }
      look(db);
      CacheStats before = db.stats().cache();
      heard.clear();
      for (int i = 0; i < KEYS; i += 7) {
        db.get(key(i));
      }
      CacheStats read = db.stats().cache();
      for (int i = 0; i < KEYS; i += 3) {
        db.put(key(i), new byte[120]);
      }
      db.compact(KeyRange.all());
      look(db);
      long told = of(SlotEvent.Cached.class).stream().mapToLong(e -> e.hits() + e.misses()).sum();
      long gets = read.hits() + read.misses() - before.hits() - before.misses();
      CacheStats after = db.stats().cache();
      long all = after.hits() + after.misses() - before.hits() - before.misses();
      // A job looks at the first block of what it wrote, too, some of which is gone by the next look.
      assertTrue(told >= gets && told <= all, gets + " gets, " + told + " told of " + all);
    }
  }

  @Test
  void aStoreInMemoryTellsNothing() {
    try (AtllDb db = filled(64 << 20)) {
      for (int i = 0; i < KEYS; i++) {
        db.get(key(i));
      }
      look(db);
      CacheStats stats = db.stats().cache();
      assertTrue(stats.mapped());
      assertEquals(0, stats.hits() + stats.misses() + stats.capacityBytes());
      assertTrue(Double.isNaN(stats.hitRatio()));
      long mapped = stats.slots().stream().mapToLong(s -> s.mappedBytes()).sum();
      assertTrue(mapped > KEYS * 100L, mapped + " bytes");
      assertTrue(of(SlotEvent.Cached.class).isEmpty());
      assertTrue(of(CacheEvent.Measured.class).isEmpty());
    }
  }
}
