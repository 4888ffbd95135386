package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileIdentity;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.FileSystem;
import dev.atll.env.Storage;
import dev.atll.env.Workers;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FailureCause;
import dev.atll.observe.event.VizEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that fail hurt nobody but themselves: what they read stays, and others have their turn. */
@Timeout(60)
class FailingJobsTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int KEYS = 4_000;

  private final SimEnv sim = new SimEnv(3);
  private final List<VizEvent> events = new ArrayList<>();
  private final Meddler disk = new Meddler();

  /** The simulated disk, which flips a bit of what is written to tables, or tells nonsense. */
  private final class Meddler implements FileSystem, Env {
    private boolean flips;
    private int flipped;
    private long free = Long.MIN_VALUE;
    private boolean freeFails;

    @Override
    public Storage open(Path directory, boolean create) throws IOException {
      return new MeddledStorage(sim.files().open(directory, create));
    }

    @Override
    public FileSystem files() {
      return this;
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
  }

  private final class MeddledStorage implements Storage {
    private final Storage below;

    MeddledStorage(Storage below) {
      this.below = below;
    }

    @Override
    public FileOut create(String name) throws IOException {
      FileOut out = below.create(name);
      return name.endsWith(".sst") ? new MeddledOut(out) : out;
    }

    @Override
    public FileIn open(String name) throws IOException {
      return below.open(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
      return below.exists(name);
    }

    @Override
    public long length(String name) throws IOException {
      return below.length(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      below.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      below.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
      below.syncDirectory();
    }

    @Override
    public List<String> list() throws IOException {
      return below.list();
    }

    @Override
    public AutoCloseable lock() throws IOException {
      return below.lock();
    }

    @Override
    public void link(String name, Path target) throws IOException {
      below.link(name, target);
    }

    @Override
    public FileIdentity identity(String name) throws IOException {
      return below.identity(name);
    }

    @Override
    public long freeBytes() throws IOException {
      if (disk.freeFails) {
        throw new IOException("Mount point not found");
      }
      return disk.free == Long.MIN_VALUE ? below.freeBytes() : disk.free;
    }

    @Override
    public Path path() {
      return below.path();
    }

    @Override
    public void close() {
      below.close();
    }
  }

  private final class MeddledOut implements FileOut {
    private final FileOut below;

    MeddledOut(FileOut below) {
      this.below = below;
    }

    @Override
    public void append(byte[] source, int offset, int length) throws IOException {
      if (disk.flips && length > 100) {
        disk.flipped++;
        source[offset + 50] ^= 0x10;
      }
      below.append(source, offset, length);
    }

    @Override
    public void sync() throws IOException {
      below.sync();
    }

    @Override
    public long length() {
      return below.length();
    }

    @Override
    public void close() throws IOException {
      below.close();
    }
  }

  private static Options.Builder options() {
    return Options.builder()
        .durability(Durability.OS)
        .levelCount(4)
        .fanout(4)
        .memtableBytes(64 << 10)
        .slotBytes(32 << 10)
        .compactionJobs(1);
  }

  private AtllDb open(Options options) {
    EventSink sink =
        new EventSink() {
          @Override
          public boolean enabled() {
            return true;
          }

          @Override
          public void emit(VizEvent event) {
            events.add(event);
          }
        };
    return Atll.open(DIRECTORY, options, Observer.none().withEvents(sink), disk);
  }

  private static void fill(AtllDb db, int round) {
    for (int i = 0; i < KEYS; i++) {
      int k = (int) (i * 7919L % KEYS);
      db.put(Content.key(k), Content.value(k + round, 100));
    }
  }

  private static void check(AtllDb db, int round) {
    for (int i = 0; i < KEYS; i++) {
      assertArrayEquals(Content.value(i + round, 100), db.get(Content.key(i)));
    }
  }

  private <T extends VizEvent> List<T> seen(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<String> tables() throws IOException {
    try (Storage storage = sim.files().open(DIRECTORY, false)) {
      return storage.list().stream().filter(name -> name.endsWith(".sst")).toList();
    }
  }

  @Test
  void aMergeThatWroteSomethingElseIsNotInstalled() throws IOException {
    try (AtllDb db = open(options().spaceReserveBytes(0).build())) {
      fill(db, 0);
      db.flush();
      assertTrue(db.settle(Duration.ofMinutes(10)));
      sim.workers().runUntilIdle();
      List<String> before = tables();
      disk.flips = true;
      CorruptionException found =
          assertThrows(CorruptionException.class, () -> db.compact(KeyRange.all()));
      assertTrue(found.getMessage().contains("output verification failed"), found.getMessage());
      disk.flips = false;
      assertTrue(disk.flipped > 0);
      check(db, 0);
      db.verify();
      assertEquals(before, tables(), "inputs stay, outputs go");
      assertEquals(FailureCause.OUTPUT, seen(CompactionEvent.Quarantined.class).getFirst().cause());
      assertEquals(1, db.stats().quarantinedSlots());

      db.compact(KeyRange.all());
      assertEquals(1, seen(CompactionEvent.Released.class).size());
      assertEquals(0, db.stats().quarantinedSlots());
      check(db, 0);
      db.verify();
    }
  }

  @Test
  void aFlushThatWroteSomethingElseIsWrittenAgain() {
    try (AtllDb db = open(options().spaceReserveBytes(0).build())) {
      for (int i = 0; i < 300; i++) {
        db.put(Content.key(i), Content.value(i, 100));
      }
      disk.flips = true;
      sim.workers().start("mender", () -> {
        disk.flips &= disk.flipped < 2;
        return 1_000_000;
      });
      db.flush();
      assertTrue(disk.flipped >= 1);
      assertEquals(300, db.count(KeyRange.all()));
      db.verify();
    }
  }

  /** Bytes of the largest table are damaged behind the store's back. */
  private void damage() throws IOException {
    String largest = null;
    long length = 0;
    try (Storage storage = sim.files().open(DIRECTORY, false)) {
      for (String name : tables()) {
        if (storage.length(name) > length) {
          largest = name;
          length = storage.length(name);
        }
      }
    }
    sim.files().corrupt(DIRECTORY.resolve(String.valueOf(largest)), length / 2, 0x40);
  }

  private static int mostRuns(Stats stats) {
    return stats.levels().stream()
        .flatMap(level -> level.slotRuns().stream())
        .mapToInt(runs -> runs)
        .max()
        .orElse(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"atll", "leveled", "tiered"})
  void aDamagedBlockStopsNoOtherSlot(String policy) throws IOException {
    Options options = options().spaceReserveBytes(0).policy(policy).build();
    try (AtllDb db = open(options)) {
      fill(db, 0);
      db.flush();
      db.settle(Duration.ofMinutes(10));
    }
    damage();
    events.clear();
    long compactions;
    try (AtllDb db = open(options)) {
      for (int round = 1; round <= 3; round++) {
        fill(db, round);
        sim.workers().advance(Duration.ofSeconds(5).toNanos());
      }
      db.flush();
      sim.workers().advance(Duration.ofSeconds(30).toNanos());
      Stats stats = db.stats();
      compactions = stats.compactions();
      List<CompactionEvent.Quarantined> aside = seen(CompactionEvent.Quarantined.class);
      assertFalse(aside.isEmpty(), "told");
      assertTrue(aside.stream().allMatch(e -> e.cause() == FailureCause.DAMAGE), aside::toString);
      assertTrue(stats.quarantinedSlots() >= 1);
      // A try after 1, 2, 4, 8 and 16 s, and not one each second.
      Map<List<Integer>, Long> bySlot =
          aside.stream()
              .collect(Collectors.groupingBy(e -> List.of(e.level(), e.slot()), Collectors.counting()));
      assertTrue(Collections.max(bySlot.values()) <= 8, aside::toString);
      int most = mostRuns(stats);
      long crowded =
          stats.levels().stream()
              .flatMap(level -> level.slotRuns().stream())
              .filter(runs -> runs > 6)
              .count();
      assertTrue(crowded <= 3, () -> "most runs " + most + ", " + stats.levels());
    }
    assertTrue(compactions > 20, "compactions " + compactions);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void mergesGoOnWhereFreeSpaceCannotBeTold(long told) {
    disk.free = told;
    disk.freeFails = told == Long.MIN_VALUE;
    try (AtllDb db = open(options().spaceReserveBytes(16 << 20).build())) {
      fill(db, 0);
      fill(db, 1);
      db.flush();
      assertTrue(db.settle(Duration.ofMinutes(10)));
      assertTrue(db.stats().compactions() > 0);
      db.compact(KeyRange.all());
      check(db, 1);
      assertEquals(
          List.of(false),
          seen(EngineEvent.FreeSpaceKnown.class).stream()
              .map(EngineEvent.FreeSpaceKnown::known)
              .toList(),
          "told once");
    }
  }

  /** A 0 after more than 0 is a full disk; written in spite of it, it is a lie. */
  @Test
  void aDiskThatSaysItIsFullIsBelievedUntilItTakesMore() {
    try (AtllDb db = open(options().spaceReserveBytes(1 << 20).build())) {
      fill(db, 0);
      db.flush();
      disk.free = 0;
      AtllException refused =
          assertThrows(
              AtllException.class,
              () -> {
                for (int round = 0; round < 4; round++) {
                  fill(db, round);
                }
              });
      assertTrue(refused.getMessage().contains("reserve"), refused.getMessage());
      disk.free = 1L << 40;
      fill(db, 5);
      check(db, 5);
    }
  }
}
