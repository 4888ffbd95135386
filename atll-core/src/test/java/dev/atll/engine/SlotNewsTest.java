package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.UnitCosts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of single slots and of the block cache, and how much of it at most. */
class SlotNewsTest {
  private static final UnitCosts COSTS = UnitCosts.parse("100/2000/5000/1/2");
  private static final int KEYS = 6_000;

  /** Keeps what it is told. */
  private static final class Heard implements EventSink {
    final List<VizEvent> events = new ArrayList<>();

    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public void emit(VizEvent event) {
      events.add(event);
    }

    <T> List<T> of(Class<T> type) {
      return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  private final Heard heard = new Heard();
  private final SlotNews news = new SlotNews(heard);

  private static SlotFacts slot(long id, int runs, long probes) {
    RunFacts run = new RunFacts(1, 1000, 10, 0, 0, 0, false, 0, probes, 0, 0, 0, 0, 0);
    List<RunFacts> all = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      all.add(run);
    }
    return new SlotFacts(2, (int) id, id, false, false, -1, -1, 7, 0, 0, all);
  }

  private int look(long nanos, double kStar, SlotFacts... slots) {
    news.begin(nanos);
    int k = 0;
    for (SlotFacts slot : slots) {
      k = news.see(COSTS, slot, 0, 1, kStar);
    }
    news.end();
    return k;
  }

  @Test
  void kFollowsAPredictionThatIsClearlyElsewhere() {
    assertEquals(3, look(0, 2.6, slot(5, 1, 0)));
    assertEquals(3, look(1, 2.4, slot(5, 1, 0)));
    assertEquals(3, look(2, 3.7, slot(5, 1, 0)));
    assertTrue(heard.of(SlotEvent.KChanged.class).isEmpty());
    assertEquals(2, look(3, 2.2, slot(5, 1, 0)));
    assertEquals(
        List.of(new SlotEvent.KChanged(3, 2, 5, 3, 2, 7)), heard.of(SlotEvent.KChanged.class));
    // Without an opinion, the runs that there are; and a prediction below one run is one.
    assertEquals(4, look(4, Double.NaN, slot(5, 4, 0)));
    assertEquals(1, look(5, 0.1, slot(5, 4, 0)));
    // Another slot that came to be begins anew.
    assertEquals(9, look(6, 9, slot(6, 4, 0)));
    assertEquals(2, heard.of(SlotEvent.KChanged.class).size());
  }

  @Test
  void aSlotIsMeasuredWhenItChangedAndOnceASecondAtMost() {
    look(0, 2, slot(1, 2, 1000));
    SlotEvent.Measured first = heard.of(SlotEvent.Measured.class).getLast();
    assertEquals(new SlotEvent.Measured(0, 2, 1, 0, 1, 2, 2000, 7, 2, 2, 200, 2000), first);
    look(SlotNews.SLOT_PERIOD_NANOS / 2, 2, slot(1, 2, 9000));
    look(SlotNews.SLOT_PERIOD_NANOS, 2, slot(1, 2, 9000));
    look(9 * SlotNews.SLOT_PERIOD_NANOS, 2, slot(1, 2, 9000));
    List<SlotEvent.Measured> told = heard.of(SlotEvent.Measured.class);
    assertEquals(
        List.of(0L, SlotNews.SLOT_PERIOD_NANOS), told.stream().map(e -> e.timeNanos()).toList());
    assertEquals(1800, told.getLast().readBurdenMicros(), 1e-9);
    look(20 * SlotNews.SLOT_PERIOD_NANOS, 2, slot(1, 1, 9000));
    assertEquals(0, heard.of(SlotEvent.Measured.class).getLast().writeBurdenBytes());
  }

  @Test
  void manySlotsTakeTurns() {
    SlotFacts[] slots = new SlotFacts[3 * SlotNews.EACH_LOOK_MAX];
    Set<Integer> told = new HashSet<>();
    for (int turn = 0; turn < 3; turn++) {
      long probes = 1000 << turn;
      Arrays.setAll(slots, i -> slot(i, 2, probes));
      look(turn * SlotNews.SLOT_PERIOD_NANOS, 2 + 2 * turn, slots);
      List<SlotEvent.Measured> now = heard.of(SlotEvent.Measured.class);
      assertEquals(SlotNews.EACH_LOOK_MAX, now.size());
      now.forEach(e -> told.add(e.slot()));
      assertEquals(turn == 0 ? 0 : SlotNews.EACH_LOOK_MAX, heard.of(SlotEvent.KChanged.class).size());
      heard.events.clear();
    }
    assertEquals(slots.length, told.size());
  }

  private static byte[] key(int i) {
    return "%06d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aStoreTellsOfItsSlotsAndItsCache() {
    SimEnv env = new SimEnv(3);
    Options options =
        Options.builder()
            .memtableBytes(64 << 10)
            .slotBytes(64 << 10)
            .fanout(4)
            .levelCount(4)
            .readSamplePeriod(1)
            .heatHalfLifeOps(20_000)
            .spaceReserveBytes(0)
            .compactionJobs(1)
            .durability(Durability.OS)
            .compression(Options.Compression.LZ4)
            .blockCacheBytes(64 << 10)
            .policy("tiered")
            .build();
    long hits;
    long misses;
    try (AtllDb db =
        Atll.open(Path.of("/db"), options, new Observer(Meter.none(), heard), env)) {
      for (int i = 0; i < 4 * KEYS; i++) {
        db.put(key(i * 17 % KEYS), new byte[60]);
        db.get(key(i % KEYS));
      }
      assertTrue(db.settle(Duration.ofMinutes(5)));
      settleNews(env, db);
      hits = db.stats().cacheHits();
      misses = db.stats().cacheMisses();
      List<CacheEvent.Measured> cache = heard.of(CacheEvent.Measured.class);
      assertEquals(hits, cache.stream().mapToLong(CacheEvent.Measured::hits).sum());
      assertEquals(misses, cache.stream().mapToLong(CacheEvent.Measured::misses).sum());
      assertTrue(cache.stream().mapToLong(CacheEvent.Measured::evictions).sum() > 0);
      assertTrue(cache.stream().allMatch(e -> e.usedBytes() <= e.capacityBytes()));
      assertTrue(misses > 0);
      expectMeasuredSlots();
      assertTrue(heard.of(SlotEvent.KChanged.class).isEmpty(), "tiered has one K");

      db.policy("leveled");
      settleNews(env, db);
      List<SlotEvent.KChanged> changed = heard.of(SlotEvent.KChanged.class);
      assertFalse(changed.isEmpty());
      assertTrue(changed.stream().allMatch(e -> e.kFrom() > e.kTo()), changed.toString());
      for (SlotShape slot : heard.of(TreeEvent.Shape.class).getLast().slots()) {
        assertTrue(slot.level() == 0 || slot.k() == Math.round(slot.kStar()), slot.toString());
      }
    }
  }

  /** Lets the store look at itself a few times. */
  private static void settleNews(SimEnv env, AtllDb db) {
    for (int i = 0; i < 20; i++) {
      env.workers().advance(SlotNews.SLOT_PERIOD_NANOS);
      db.settle(Duration.ofSeconds(10));
    }
  }

  private void expectMeasuredSlots() {
    List<SlotEvent.Measured> measured = heard.of(SlotEvent.Measured.class);
    assertTrue(measured.stream().anyMatch(e -> e.readBurdenMicros() > 0), "no reads were charged");
    assertTrue(measured.stream().anyMatch(e -> e.runs() > 1 && e.writeBurdenBytes() == e.bytes()));
    Map<Long, Integer> each = new HashMap<>();
    measured.forEach(e -> each.merge(e.timeNanos(), 1, Integer::sum));
    assertTrue(each.values().stream().allMatch(n -> n <= SlotNews.EACH_LOOK_MAX), each.toString());
  }
}
