package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.VizEvent;
import dev.atll.policy.RunFacts;
import dev.atll.policy.UnitCosts;
import dev.atll.replay.Look;
import dev.atll.replay.LookDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The same load beyond memory: where blocks take long fewer runs are kept, and filters get more bits. */
class SlowDeviceTest {
  private static final int KEYS = 3_000;
  private static final int OPS = 12_000;
  private static final int SLOT_BYTES = 8 << 10;
  private static final long SLOW_NANOS = 100_000;

  private record Outcome(Stats stats, List<VizEvent> events) {
    double runsPerSeek() {
      return stats.runsPerSeek();
    }

    /** Expected of the filters of all entries. */
    double falsePositiveRate() {
      double sum = 0;
      long entries = 0;
      for (Stats.LevelStats level : stats.levels()) {
        sum += level.falsePositiveRate() * level.entries();
        entries += level.entries();
      }
      return sum / entries;
    }

    long mergesForReads() {
      return events.stream()
          .filter(e -> e instanceof DecisionEvent.Made made && isForReads(made))
          .count();
    }

    private static boolean isForReads(DecisionEvent.Made made) {
      return made.chosen() >= 0
          && made.candidates().get(made.chosen()).reason() == DecisionReason.READ_BURDEN;
    }
  }

  @Test
  void slowBlocksMakeFewerRuns() {
    Outcome memory = run(1L << 40, 0, SLOT_BYTES, 100);
    Outcome device = run(1, SLOW_NANOS, SLOT_BYTES, 100);
    // Merges of so small slots wait for the device as well, and are priced by that.
    assertTrue(
        device.runsPerSeek() < 0.9 * memory.runsPerSeek(),
        () -> device.runsPerSeek() + " runs per seek, in memory " + memory.runsPerSeek());
    assertTrue(
        device.mergesForReads() > memory.mergesForReads(),
        () -> device.mergesForReads() + " merges for reads, in memory " + memory.mergesForReads());
  }

  @Test
  void filtersGetWhatTheirBitsAreWorthInTheCache() {
    double inMemory = run(1L << 40, 0, 128 << 10, 1_000).falsePositiveRate();
    double beyond = run(1 << 20, 0, 128 << 10, 1_000).falsePositiveRate();
    double without = run(1, 0, 128 << 10, 1_000).falsePositiveRate();
    assertTrue(beyond < 0.85 * inMemory, () -> beyond + ", in memory " + inMemory);
    // There is no memory to give to filters: they get what the options say.
    assertEquals(inMemory, without, 0.5 * inMemory);
  }

  @Test
  void aRecordedDecisionTellsWhatBlocksCost() {
    assertEquals(0, mostRecorded(run(1L << 40, 0, SLOT_BYTES, 100)));
    assertEquals(0, mostRecorded(run(1, 0, SLOT_BYTES, 100)));
    long most = mostRecorded(run(1, SLOW_NANOS, SLOT_BYTES, 100));
    assertTrue(most > SLOW_NANOS / 4 && most <= 1.2 * SLOW_NANOS, () -> "most " + most);
  }

  @Test
  void aRecordedDecisionTellsWhatMergedBytesCost() {
    assertEquals(1, mergedBytePrices(run(1L << 40, SLOW_NANOS, SLOT_BYTES, 100)).size());
    List<UnitCosts> beyond = mergedBytePrices(run(1, 10 * SLOW_NANOS, SLOT_BYTES, 100));
    UnitCosts most = beyond.getLast();
    assertTrue(beyond.size() > 1 && most.readByteNanos() > 2, beyond::toString);
    assertEquals(3, most.writeByteNanos() / most.readByteNanos(), 1e-9);
  }

  /** The prices that looks were made with, in their order. */
  private static List<UnitCosts> mergedBytePrices(Outcome outcome) {
    LookDecoder decoder = new LookDecoder();
    List<UnitCosts> prices = new ArrayList<>();
    for (VizEvent event : outcome.events()) {
      if (event instanceof DecisionEvent.Looked looked) {
        Look look = Objects.requireNonNull(decoder.decode(looked));
        assertEquals(1, look.rules().sinceLook(), "the policy is the same");
        if (prices.isEmpty() || !prices.getLast().equals(look.snapshot().costs())) {
          prices.add(look.snapshot().costs());
        }
      }
    }
    return prices;
  }

  private static long mostRecorded(Outcome outcome) {
    LookDecoder decoder = new LookDecoder();
    long most = 0;
    int looks = 0;
    for (VizEvent event : outcome.events()) {
      if (event instanceof DecisionEvent.Looked looked) {
        looks++;
        Look look = Objects.requireNonNull(decoder.decode(looked));
        most =
            look.snapshot().levels().stream()
                .flatMap(level -> level.slots().stream())
                .flatMap(slot -> slot.runs().stream())
                .mapToLong(RunFacts::missNanos)
                .reduce(most, Math::max);
      }
    }
    assertTrue(looks > 10);
    return most;
  }

  private static Outcome run(
      long tableMemoryBytes, long blockNanos, int slotBytes, int valueBytes) {
    Options options =
        Options.builder()
            .tableMemoryBytes(tableMemoryBytes)
            .memtableBytes(16 << 10)
            .slotBytes(slotBytes)
            .partitionBytes(slotBytes / 4)
            .blockBytes(512)
            .fanout(4)
            .levelCount(3)
            .spaceReserveBytes(0)
            .blockCacheBytes(0)
            .readSamplePeriod(1)
            .heatHalfLifeOps(2_000)
            .build();
    List<VizEvent> events = new ArrayList<>();
    SimEnv env = new SimEnv(5);
    env.files().setBlockReadNanos(blockNanos);
    SplittableRandom random = new SplittableRandom(5);
    try (AtllDb db =
        Atll.open(Path.of("/db"), options, new Observer(Meter.none(), new Sink(events)), env)) {
      for (int i = 0; i < OPS; i++) {
        byte[] key = Content.key(random.nextInt(KEYS));
        if (i % 3 == 0) {
          db.put(key, Content.value(i, valueBytes));
        } else if (i % 3 == 1) {
          db.get(Content.key(random.nextInt(2 * KEYS)));
        } else {
          try (Cursor cursor = db.cursor(KeyRange.from(key))) {
            cursor.next();
          }
        }
        if (i % 16 == 0) {
          env.workers().advance(random.nextInt(20_000_000));
        }
      }
      db.settle(Duration.ofMinutes(10));
      // All filters as they are planned now: those of old tables stay as they were.
      db.compact(KeyRange.all());
      return new Outcome(db.stats(), events);
    }
  }

  private record Sink(List<VizEvent> events) implements EventSink {
    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public boolean wantsDetail() {
      return true;
    }

    @Override
    public void emit(VizEvent event) {
      synchronized (events) {
        events.add(event);
      }
    }
  }
}
