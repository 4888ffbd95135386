package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.StoreHealth;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import dev.atll.env.Workers;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.EventSink;
import dev.atll.observe.MeterSeries;
import dev.atll.observe.MetricName;
import dev.atll.observe.Metrics;
import dev.atll.observe.Observer;
import dev.atll.observe.StripedCounter;
import dev.atll.observe.StripedGauge;
import dev.atll.observe.StripedHistogram;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FileKind;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.PoisonCause;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WorkloadEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is declared is told: stores are driven through all that can happen to one, and every type of
 * event and every metric must have been seen. {@code context/events.md} and {@code metrics.md} are
 * drawn from the same declarations, so what they list is what an engine sends.
 */
class EverythingIsToldTest {
  private static final Path DIRECTORY = Path.of("/db");

  /** Told by others, or only after tens of thousands of operations; each with who shows it. */
  private static final Map<Class<? extends VizEvent>, String> ELSEWHERE =
      Map.of(
          CacheEvent.Warmed.class, "WarmStartTest",
          WorkloadEvent.PhaseStarted.class, "sent by the demonstration, not by an engine",
          CompactionEvent.Quarantined.class, "FailingJobsTest",
          CompactionEvent.Released.class, "FailingJobsTest",
          DecisionEvent.AdviserFailed.class, "AdvisersTest",
          EngineEvent.FreeSpaceKnown.class, "FailingJobsTest",
          GuardEvent.Merged.class, "JoinTest",
          RegretEvent.AdaptivityChanged.class, "needs a load without skew, for long");

  private static final Options OPTIONS =
      Options.builder()
          .durability(Durability.OS)
          .memtableBytes(64 << 10)
          .walSegmentBytes(64 << 10)
          .slotBytes(32 << 10)
          .fanout(4)
          .levelCount(3)
          .compactionJobs(1)
          .compactionSliceBytes(64 << 10)
          .blockCacheBytes(1 << 20)
          .readSamplePeriod(1)
          .retainedRevisions(0)
          .spaceReserveBytes(0)
          .build();

  private record World(SimEnv sim, FaultFileSystem faulty) implements Env {
    World(SimEnv sim) {
      this(sim, new FaultFileSystem(sim.files()));
    }

    @Override
    public FileSystem files() {
      return faulty;
    }

    @Override
    public Clock clock() {
      return sim.clock();
    }

    @Override
    public Workers workers() {
      return sim.workers();
    }

    @Override
    public RandomGenerator random(String stream) {
      return sim.random(stream);
    }

    /** Lets time go by, and the loops look at it. */
    void pass(Duration time) {
      sim.clock().advance(time.toNanos());
      workers().awaitUntil(() -> false, 1_000_000L);
    }
  }

  private static final class Heard implements EventSink {
    final Map<Class<?>, List<VizEvent>> events = new HashMap<>();

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
      events.computeIfAbsent(event.getClass(), _ -> new ArrayList<>()).add(event);
    }

    <E> List<E> all(Class<E> type) {
      return events.getOrDefault(type, List.of()).stream().map(type::cast).toList();
    }

    <E> E last(Class<E> type) {
      List<E> all = all(type);
      assertTrue(!all.isEmpty(), type + " was never sent");
      return all.getLast();
    }
  }

  private final Heard heard = new Heard();
  private final StripedMeter meter = new StripedMeter();
  private final Observer observer = new Observer(meter, heard);

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void everyEventAndEveryMetricIsSeen() throws Exception {
    SimFileSystem files = life(new World(new SimEnv(1)));
    overdue(new World(new SimEnv(2)));
    cutTail();
    damage(files);
    fullDiskAndStall(new World(new SimEnv(4)));
    failedSync(new World(new SimEnv(5)));
    warmStart(new World(new SimEnv(6)));
    Set<String> unseen = new TreeSet<>();
    for (Class<?> group : VizEvent.class.getPermittedSubclasses()) {
      for (Class<?> event : group.getPermittedSubclasses()) {
        if (!heard.events.containsKey(event) && !ELSEWHERE.containsKey(event)) {
          unseen.add(group.getSimpleName() + "." + event.getSimpleName());
        }
      }
    }
    for (MetricName metric : Metrics.all()) {
      if (meter.series().stream().noneMatch(series -> isFed(series, metric))) {
        unseen.add(metric.name());
      }
    }
    assertEquals(Set.of(), unseen, "declared, but never told");
  }

  private static boolean isFed(MeterSeries series, MetricName metric) {
    return series.name().equals(metric)
        && switch (series) {
          case StripedCounter counter ->
              counter.sum() > 0 || metric.equals(Metrics.EVENTS_DROPPED);
          case StripedGauge gauge -> !Double.isNaN(gauge.value());
          case StripedHistogram histogram -> histogram.snapshot().count() > 0;
        };
  }

  /** Open, write, flush, merge, split, join, read, snapshot, change of policy, close. */
  private SimFileSystem life(World world) {
    try (AtllDb db = Atll.open(DIRECTORY, OPTIONS, observer, world)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4_000; i++) {
          db.put(Content.key(i), Content.value(i + round, 100));
          if (i % 4 == 0) {
            db.get(Content.key(i / 2));
          }
          if (i % 500 == 0) {
            world.pass(Duration.ofMillis(300));
          }
        }
        try (Cursor cursor = db.cursor(KeyRange.all())) {
          for (int i = 0; i < 10; i++) {
            cursor.next();
          }
        }
        try (Snapshot snapshot = db.snapshot()) {
          assertEquals(snapshot.revision(), heard.last(SnapshotEvent.Opened.class).revision());
        }
        db.sync();
        settle(db, world);
      }
      db.policy("leveled");
      for (int i = 0; i < 4_000; i++) {
        db.delete(Content.key(i));
      }
      settle(db, world);
      db.compact(KeyRange.all());
      db.verify();
      for (int i = 0; i < 2_000; i++) {
        db.put(Content.key(9_000 + i % 20), Content.value(i, 100));
        world.pass(Duration.ofMillis(1));
      }
      settle(db, world);
    }
    EngineEvent.Closed closed = heard.last(EngineEvent.Closed.class);
    assertTrue(closed.clean() && closed.openNanos() > 0, closed.toString());
    assertTrue(
        heard.all(DecisionEvent.Made.class).stream()
            .flatMap(made -> made.candidates().stream())
            .noneMatch(c -> c.reason() == DecisionReason.UNKNOWN),
        "each decision tells its reason");
    return world.sim().files();
  }

  private static void settle(AtllDb db, World world) {
    db.flush();
    for (int i = 0; i < 40; i++) {
      world.pass(Duration.ofSeconds(1));
    }
    db.settle(Duration.ofSeconds(60));
  }

  /** A snapshot and a cursor that are forgotten. */
  private void overdue(World world) {
    try (AtllDb db = Atll.open(DIRECTORY, OPTIONS, observer, world)) {
      db.put(Content.key(1), Content.value(1, 10));
      Snapshot snapshot = db.snapshot();
      Cursor cursor = db.cursor(KeyRange.all());
      cursor.next();
      db.flush();
      world.pass(Duration.ofSeconds(2));
      world.pass(Duration.ofSeconds(2));
      assertEquals(0, heard.all(SnapshotEvent.Overdue.class).size());
      for (int i = 0; i < 24; i++) {
        world.pass(Duration.ofMinutes(1));
      }
      assertEquals(2, heard.all(SnapshotEvent.Overdue.class).size(), "at 10 and at 20 minutes");
      assertEquals(snapshot.revision(), heard.last(SnapshotEvent.Overdue.class).revision());
      assertTrue(heard.last(SnapshotEvent.CursorOverdue.class).heldNanos() > 600_000_000_000L);
      assertEquals(1, db.health().snapshotsOverdue());
      assertTrue(db.health().oldestSnapshot().compareTo(Duration.ofMinutes(20)) > 0);
      cursor.close();
      snapshot.close();
      assertTrue(db.health().isWell(), db.health().toString());
    }
  }

  /** A crash that tears the end of the log. */
  private void cutTail() throws Exception {
    World world = new World(new SimEnv(3));
    AtllDb db = Atll.open(DIRECTORY, OPTIONS, observer, world);
    for (int i = 0; i < 50; i++) {
      db.put(Content.key(i), Content.value(i, 100));
    }
    SimFileSystem left = world.sim().files().kill();
    String newest = "";
    try (Storage storage = left.open(DIRECTORY, false)) {
      for (String name : storage.list()) {
        newest = name.endsWith(".wal") && name.compareTo(newest) > 0 ? name : newest;
      }
      left.truncate(DIRECTORY.resolve(newest), storage.length(newest) - 3);
    }
    try (AtllDb again = Atll.open(DIRECTORY, OPTIONS, observer, new World(new SimEnv(3, left)))) {
      assertEquals(49, again.count(KeyRange.all()));
    }
    RecoveryEvent.Started started = heard.last(RecoveryEvent.Started.class);
    RecoveryEvent.TailCut cut = heard.last(RecoveryEvent.TailCut.class);
    assertTrue(started.segments() > 0 && started.bytes() > 0, started.toString());
    assertTrue(cut.segment() > 0 && cut.cutBytes() > 0, cut.toString());
  }

  /** Bits that flip in tables. */
  private void damage(SimFileSystem files) throws Exception {
    World world = new World(new SimEnv(3, files));
    try (Storage storage = files.open(DIRECTORY, false)) {
      for (String name : storage.list()) {
        if (name.endsWith(".sst")) {
          files.corrupt(DIRECTORY.resolve(name), storage.length(name) / 3, 1);
        }
      }
    }
    try (AtllDb db = Atll.open(DIRECTORY, OPTIONS, observer, world)) {
      assertThrows(CorruptionException.class, db::verify);
      assertThrows(CorruptionException.class, db::verify);
      CorruptionEvent.Detected found = heard.last(CorruptionEvent.Detected.class);
      assertEquals(FileKind.TABLE, found.file());
      assertTrue(found.fileNumber() > 0 && found.offset() >= 0, found.toString());
      assertEquals(1, heard.last(CorruptionEvent.Scrubbed.class).faults());
      assertEquals(1, heard.all(CorruptionEvent.Detected.class).size(), "each place once");
      assertThrows(AtllException.class, () -> db.compact(KeyRange.all()));
      assertEquals(JobKind.COMPACTION, heard.last(EngineEvent.JobFailed.class).job());
      StoreHealth health = db.health();
      assertTrue(health.isWritable() && !health.isWell(), "damaged, but not ended");
      assertTrue(health.jobsFailed() > 0 && health.jobFailure() instanceof CorruptionException);
    }
  }

  /** Tables beyond the memory for them, and the cache of their blocks after an open. */
  private void warmStart(World world) {
    Options options = OPTIONS.toBuilder().tableMemoryBytes(1).build();
    for (int life = 0; life < 2; life++) {
      try (AtllDb db = Atll.open(DIRECTORY, options, observer, world)) {
        db.put(Content.key(life), Content.value(life, 100));
        db.flush();
        for (int i = 0; i < 10; i++) {
          db.get(Content.key(0));
        }
        world.pass(Duration.ofSeconds(1));
      }
    }
    assertTrue(heard.last(CacheEvent.Warmed.class).blocksListed() > 0);
  }

  /** No room for a flush, until there is some again. */
  private void fullDiskAndStall(World world) {
    // Blocks that are not compressed are read where they are, past the cache.
    Options options = OPTIONS.toBuilder().compression(Options.Compression.LZ4).build();
    AtllDb db = Atll.open(DIRECTORY, options, observer, world);
    world.faulty().add(
        new FaultRule(
            OpKind.CREATE, name -> name.endsWith(".sst"), 1, true, Fault.outOfSpace()));
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      if (i % 50 == 0) {
        world.pass(Duration.ofMillis(200));
      }
      try {
        db.put(Content.key(i), new byte[400]);
      } catch (AtllException e) {
        refused++;
      }
    }
    assertTrue(refused > 0, "memory is full");
    world.faulty().clear();
    for (int i = 0; i < 50; i++) {
      world.pass(Duration.ofSeconds(1));
    }
    db.put(Content.key(1), Content.value(1, 10));
    db.flush();
    for (int i = 0; i < 200; i++) {
      db.get(Content.key(i));
    }
    for (int i = 0; i < 20; i++) {
      world.pass(Duration.ofSeconds(1));
    }
    db.close();
  }

  /** The end of writing. */
  private void failedSync(World world) {
    AtllDb db = Atll.open(DIRECTORY, OPTIONS, observer, world);
    db.put(Content.key(1), Content.value(1, 10));
    world.faulty().add(
        new FaultRule(OpKind.SYNC, name -> name.endsWith(".wal"), 1, true, Fault.lostPages()));
    assertThrows(AtllException.class, db::sync);
    EngineEvent.Poisoned poisoned = heard.last(EngineEvent.Poisoned.class);
    assertEquals(PoisonCause.SYNC_FAILED, poisoned.cause());
    assertEquals(FileKind.WAL, poisoned.file());
    assertTrue(poisoned.fileNumber() > 0, poisoned.toString());
    db.close();
    assertTrue(!db.health().isWritable() && db.health().failure() != null, "and can be asked for");
    assertTrue(!heard.last(EngineEvent.Closed.class).clean(), "not clean");
  }
}
