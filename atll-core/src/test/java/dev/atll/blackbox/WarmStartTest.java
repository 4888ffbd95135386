package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.StoreFailedException;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.fault.TraceFileSystem;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WarmStart;
import dev.atll.sstable.HotList;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store beyond memory is opened with the blocks in its cache that were hot when it was closed. */
@Timeout(60)
class WarmStartTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final Path LIST = DIRECTORY.resolve(HotList.FILE);
  private static final int KEYS = 6_000;
  private static final int HOT = 300;

  private final List<VizEvent> heard = new ArrayList<>();

  @TempDir private Path temp;

  private Observer observer() {
    return Observer.none()
        .withEvents(
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

  private static Options options() {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(128 << 10)
        .slotBytes(256 << 10)
        .spaceReserveBytes(0)
        .blockCacheBytes(0)
        .tableMemoryBytes(900 << 10)
        .build();
  }

  private AtllDb open(Env env) {
    heard.clear();
    return Atll.open(DIRECTORY, options(), observer(), env);
  }

  private static void readHot(AtllDb db) {
    for (int i = 0; i < HOT; i++) {
      assertArrayEquals(Content.value(i, 200), db.get(Content.key(i)));
    }
  }

  /** Filled, with a few blocks that were read again and again, and closed. */
  private void make(Env env) {
    try (AtllDb db = open(env)) {
      for (int i = 0; i < KEYS; i++) {
        db.put(Content.key(i), Content.value(i, 200));
      }
      db.compact(KeyRange.all());
      for (int pass = 0; pass < 6; pass++) {
        readHot(db);
      }
    }
  }

  private static void pass(SimEnv env, AtllDb db, Duration time) {
    for (int i = 0; i < 20; i++) {
      env.workers().advance(time.toNanos() / 20);
      db.settle(Duration.ofMillis(50));
    }
  }

  private CacheEvent.Warmed warmed() {
    List<CacheEvent.Warmed> all =
        heard.stream()
            .filter(CacheEvent.Warmed.class::isInstance)
            .map(CacheEvent.Warmed.class::cast)
            .toList();
    assertEquals(1, all.size(), all.toString());
    return all.getFirst();
  }

  private boolean toldOfFailure() {
    return heard.stream()
        .anyMatch(e -> e instanceof EngineEvent.JobFailed failed && failed.job() == JobKind.WARM_START);
  }

  /** The next process, on what this one left. */
  private static SimEnv next(SimEnv env) {
    return new SimEnv(env.seed() + 1, env.files().kill());
  }

  @Test
  void whatWasHotIsThereBeforeItIsAskedFor() {
    SimEnv first = new SimEnv(1);
    make(first);
    SimEnv second = next(first);
    try (AtllDb db = open(second)) {
      pass(second, db, Duration.ofSeconds(2));
      CacheEvent.Warmed warmed = warmed();
      assertEquals(WarmStart.READ, warmed.outcome());
      assertTrue(warmed.blocksListed() > 10, warmed.toString());
      assertEquals(warmed.blocksListed(), warmed.blocksRead());
      long misses = db.stats().cacheMisses();
      long hits = db.stats().cacheHits();
      readHot(db);
      assertTrue(
          db.stats().cacheMisses() - misses <= HOT / 20,
          () -> db.stats().cacheMisses() - misses + " misses of " + HOT);
      assertTrue(db.stats().cacheHits() - hits >= HOT * 19 / 20);
      assertFalse(toldOfFailure());
    }
    // The same history gives the same list, and the same work in the same order.
    SimEnv again = next(first);
    try (AtllDb db = open(again)) {
      pass(again, db, Duration.ofSeconds(2));
      readHot(db);
    }
    assertEquals(second.traceHash(), again.traceHash());
  }

  @Test
  void withoutAListOrWithABadOneTheStoreIsOnlyCold() throws IOException {
    SimEnv first = new SimEnv(2);
    make(first);
    byte[] good = first.files().read(LIST);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 4;
    byte[] newer = good.clone();
    newer[8] = 9;
    List<byte[]> lists = List.of(new byte[0], flipped, newer, new byte[HotList.BYTES_MAX + 1]);
    for (byte[] list : lists) {
      SimEnv env = next(first);
      env.files().plant(LIST, list);
      expectCold(env, WarmStart.DAMAGED, 0);
      // Written anew at close.
      expectWarm(next(env));
    }
    SimEnv without = next(first);
    without.files().lose(LIST);
    expectCold(without, WarmStart.NO_LIST, 0);
    expectWarm(next(without));
  }

  private void expectCold(SimEnv env, WarmStart outcome, int listed) {
    try (AtllDb db = open(env)) {
      pass(env, db, Duration.ofSeconds(1));
      assertEquals(outcome, warmed().outcome());
      assertEquals(listed, warmed().blocksListed());
      assertEquals(0, warmed().blocksRead());
      assertTrue(db.health().isWell());
      assertEquals(0, db.health().jobsFailed());
      for (int i = 0; i < 4; i++) {
        readHot(db);
      }
    }
  }

  private void expectWarm(SimEnv env) {
    try (AtllDb db = open(env)) {
      pass(env, db, Duration.ofSeconds(1));
      assertEquals(WarmStart.READ, warmed().outcome());
      assertTrue(warmed().blocksRead() > 10, warmed().toString());
    }
  }

  /** Tables that are gone, offsets between blocks and beyond the end: passed over. */
  @Test
  void entriesOfNothingAreIgnored() throws IOException {
    SimEnv first = new SimEnv(3);
    make(first);
    SimEnv second = next(first);
    byte[] list = first.files().read(LIST);
    long store = java.nio.ByteBuffer.wrap(list).getLong(12);
    HotList.Block real = HotList.decode(store, list).getFirst();
    List<HotList.Block> blocks =
        java.util.stream.Stream.of(
                real,
                new HotList.Block(real.file(), real.offset() + 1),
                new HotList.Block(real.file(), 1L << 49),
                new HotList.Block(999_999, 0),
                new HotList.Block(Long.MAX_VALUE, 5))
            .sorted()
            .toList();
    second.files().plant(LIST, HotList.encode(store, blocks));
    try (AtllDb db = open(second)) {
      pass(second, db, Duration.ofSeconds(1));
      assertEquals(WarmStart.READ, warmed().outcome());
      assertEquals(5, warmed().blocksListed());
      assertEquals(1, warmed().blocksRead());
      assertTrue(db.health().isWell());
      readHot(db);
    }
  }

  /** Each call on the list fails in turn: told, and nothing else. */
  @Test
  void aListThatCannotBeWrittenOrReadHurtsNothing() {
    SimEnv first = new SimEnv(4);
    make(first);
    for (OpKind kind :
        List.of(OpKind.CREATE, OpKind.APPEND, OpKind.RENAME, OpKind.OPEN, OpKind.READ)) {
      SimEnv env = next(first);
      FaultFileSystem faulty = new FaultFileSystem(env.files());
      faulty.add(
          new FaultRule(kind, name -> name.startsWith(HotList.FILE), 1, true, Fault.ioError()));
      try (AtllDb db = open(new EnvWithFiles(env, faulty))) {
        pass(env, db, Duration.ofSeconds(1));
        readHot(db);
        db.put(Content.key(KEYS), Content.value(KEYS, 200));
      }
      assertTrue(toldOfFailure(), kind.name());
      assertTrue(
          heard.stream().anyMatch(e -> e instanceof EngineEvent.Closed closed && closed.clean()),
          kind.name());
      SimEnv after = next(env);
      try (AtllDb db = open(after)) {
        assertArrayEquals(Content.value(KEYS, 200), db.get(Content.key(KEYS)));
        readHot(db);
        db.verify();
      }
    }
  }

  /** A failed sync ends writing, of whatever file it was: later ones may lie. Reads go on. */
  @Test
  void aSyncOfTheListThatFailsEndsWriting() {
    SimEnv first = new SimEnv(4);
    make(first);
    SimEnv env = next(first);
    FaultFileSystem faulty = new FaultFileSystem(env.files());
    faulty.add(
        new FaultRule(
            OpKind.SYNC, name -> name.startsWith(HotList.FILE), 1, false, Fault.lostPages()));
    try (AtllDb db = open(new EnvWithFiles(env, faulty))) {
      readHot(db);
      pass(env, db, Duration.ofMinutes(11));
      assertEquals(1, faulty.fired());
      assertThrows(
          StoreFailedException.class, () -> db.put(Content.key(0), Content.value(1, 200)));
      readHot(db);
    }
    try (AtllDb db = open(next(env))) {
      readHot(db);
      db.verify();
    }
  }

  /** The power goes at each call on the list. */
  @Test
  void aCrashWhileTheListIsWrittenLeavesTheOldOneOrTheNewOrNone() throws IOException {
    SimEnv first = new SimEnv(5);
    make(first);
    SimEnv env = next(first);
    List<SimFileSystem> left = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    TraceFileSystem traced =
        new TraceFileSystem(
            env.files(),
            event -> {
              if (event.name().startsWith(HotList.FILE) && event.kind().mutating()) {
                for (CrashMode mode : CrashMode.all()) {
                  left.add(env.files().crash(random, mode));
                }
              }
            });
    try (AtllDb db = open(new EnvWithFiles(env, traced))) {
      pass(env, db, Duration.ofSeconds(1));
      readHot(db);
    }
    assertTrue(left.size() >= 4 * CrashMode.all().size(), left.size() + " crashes");
    for (SimFileSystem files : left) {
      SimEnv after = new SimEnv(9, files);
      try (AtllDb db = open(after)) {
        pass(after, db, Duration.ofSeconds(1));
        assertTrue(
            warmed().outcome() == WarmStart.READ || warmed().outcome() == WarmStart.NO_LIST,
            "under its name the list is whole: " + warmed());
        readHot(db);
      }
    }
  }

  /** A store that is closed before it is warm keeps what it had no time for. */
  @Test
  void aShortRunForgetsNothing() throws IOException {
    SimEnv first = new SimEnv(6);
    make(first);
    long before = first.files().read(LIST).length;
    SimEnv env = next(first);
    try (AtllDb db = open(env)) {
      db.get(Content.key(KEYS / 2));
    }
    CacheEvent.Warmed warmed = warmed();
    assertEquals(WarmStart.STOPPED, warmed.outcome());
    assertTrue(env.files().read(LIST).length >= before);
    expectWarm(next(env));
  }

  /** Killed, not closed: the list is ten minutes old at most. */
  @Test
  void theListIsWrittenNowAndThen() throws IOException {
    SimEnv first = new SimEnv(8);
    make(first);
    first.files().lose(LIST);
    SimEnv env = next(first);
    AtllDb killed = open(env);
    for (int i = 0; i < 6; i++) {
      readHot(killed);
    }
    pass(env, killed, Duration.ofMinutes(11));
    expectWarm(next(env));
  }

  @Test
  void aStoreInMemoryKeepsNoList() throws IOException {
    Options mapped = options().toBuilder().tableMemoryBytes(1 << 30).build();
    SimEnv env = new SimEnv(7);
    for (int i = 0; i < 2; i++) {
      try (AtllDb db = Atll.open(DIRECTORY, mapped, observer(), env)) {
        for (int k = 0; k < HOT; k++) {
          db.put(Content.key(k), Content.value(k, 200));
        }
        db.flush();
        readHot(db);
      }
    }
    try (Storage storage = env.files().open(DIRECTORY, false)) {
      assertFalse(storage.list().stream().anyMatch(name -> name.startsWith(HotList.FILE)));
    }
    assertTrue(heard.stream().noneMatch(CacheEvent.Warmed.class::isInstance));
  }

  /** With real threads on a real disk. */
  @Test
  void onARealDiskToo() {
    try (AtllDb db = Atll.open(temp, options())) {
      for (int i = 0; i < KEYS; i++) {
        db.put(Content.key(i), Content.value(i, 200));
      }
      db.compact(KeyRange.all());
      for (int pass = 0; pass < 6; pass++) {
        readHot(db);
      }
    }
    try (AtllDb db = Atll.open(temp, options())) {
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (db.stats().cache().usedBytes() == 0 && System.nanoTime() - end < 0) {
        db.settle(Duration.ofMillis(5));
        Thread.onSpinWait();
      }
      assertTrue(db.stats().cache().usedBytes() > 0, "blocks came without being asked for");
      readHot(db);
    }
  }
}
