package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device with one bad, slow or lying block, under a store that reads its tables block by block. */
@Timeout(60)
class BlockFaultsTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int ENTRIES = 1200;
  private static final Pattern PLACE = Pattern.compile("at (\\d+) of table (\\S+\\.sst)");

  @TempDir private Path temp;

  private final SimEnv sim = new SimEnv(7);
  private final FaultFileSystem faulty =
      new FaultFileSystem(sim.files(), sim.clock()::advance);

  /** Where a block of a table is. */
  private record Place(String file, long at) {
    FaultRule rule(Fault fault) {
      return FaultRule.place(file, at, fault);
    }
  }

  private static Options.Builder options() {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(64 << 10)
        .slotBytes(64 << 10)
        .spaceReserveBytes(0)
        .tableMemoryBytes(1);
  }

  private AtllDb open(Options options) {
    return Atll.open(DIRECTORY, options, Observer.none(), new EnvWithFiles(sim, faulty));
  }

  private static byte[] key(int i) {
    return Content.key(i);
  }

  private static byte[] value(int i) {
    return Content.value(i, 200);
  }

  private static void fill(AtllDb db) {
    for (int i = 0; i < ENTRIES; i++) {
      db.put(key(i * 7919 % ENTRIES), value(i * 7919 % ENTRIES));
    }
    db.flush();
    db.compact(KeyRange.all());
  }

  /** The block of a key that nobody has asked for, by its place in the error of one read. */
  private static Place blockOf(AtllDb db, FaultFileSystem files, int i) {
    // Neighbours in other blocks, for the index. The block itself is in no frame as it was never read.
    assertArrayEquals(value(i - 25), db.get(key(i - 25)));
    assertArrayEquals(value(i + 25), db.get(key(i + 25)));
    files.add(FaultRule.once(OpKind.READ_BLOCK, 1, Fault.ioError()));
    StorageIoException e = assertThrows(StorageIoException.class, () -> db.get(key(i)));
    files.clear();
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    assertTrue(place.find(), e.getMessage());
    return new Place(place.group(2), Long.parseLong(place.group(1)));
  }

  /** The keys whose gets fail, each with the error that is expected; all others are right. */
  private static List<Integer> failing(
      AtllDb db, Class<? extends AtllException> expected, Place place) {
    List<Integer> failing = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      try {
        assertArrayEquals(value(i), db.get(key(i)), "key " + i);
      } catch (AtllException e) {
        assertInstanceOf(expected, e);
        assertTrue(String.valueOf(e.getMessage()).contains(place.file()), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("" + place.at()), e.getMessage());
        failing.add(i);
      }
    }
    return failing;
  }

  /** EIO wherever one block is read: its keys fail, all others are there, and it ends with the fault. */
  @ParameterizedTest
  @EnumSource(Options.Compression.class)
  void oneBadBlockHitsItsKeysOnly(Options.Compression compression) {
    try (AtllDb db = open(options().compression(compression).build())) {
      fill(db);
      Place bad = blockOf(db, faulty, 500);
      faulty.add(bad.rule(Fault.ioError()));
      List<Integer> failing = failing(db, StorageIoException.class, bad);
      assertTrue(failing.contains(500));
      // Neighbours in one block of some 4 KiB.
      int first = failing.getFirst();
      int last = failing.getLast();
      assertEquals(last - first + 1, failing.size(), failing::toString);
      assertTrue(failing.size() <= 40, failing::toString);

      // Scans come as far as the block, from both sides, whatever they read ahead. Backwards, a newer
      // version of the key next to it could be the last entry of the block.
      assertEquals(first, scanned(db, 0, true));
      assertEquals(ENTRIES - 2 - last, scanned(db, ENTRIES - 1, false));
      try (Cursor cursor = db.cursor(KeyRange.from(key(last + 1)))) {
        for (int i = last + 1; i < ENTRIES; i++) {
          assertTrue(cursor.next());
          assertArrayEquals(value(i), cursor.valueBytes());
        }
      }

      // The store goes on: writes, flushes, and a merge that needs the block fails and harms nothing.
      db.put(key(ENTRIES), value(ENTRIES));
      db.flush();
      assertThrows(AtllException.class, () -> db.compact(KeyRange.all()));
      assertArrayEquals(value(ENTRIES), db.get(key(ENTRIES)));
      assertThrows(StorageIoException.class, db::verify);

      faulty.clear();
      assertEquals(List.of(), failing(db, StorageIoException.class, bad));
      assertEquals(ENTRIES + 1, db.count(KeyRange.all()));
      db.verify();
      db.compact(KeyRange.all());
      assertEquals(List.of(), failing(db, StorageIoException.class, bad));
    }
  }

  /** How many entries a scan shows before it fails. */
  private static int scanned(AtllDb db, int from, boolean forward) {
    int seen = 0;
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      while (forward ? cursor.next() : cursor.previous()) {
        int i = forward ? from + seen : from - seen;
        assertArrayEquals(key(i), cursor.keyBytes());
        assertArrayEquals(value(i), cursor.valueBytes());
        seen++;
      }
    } catch (StorageIoException e) {
      return seen;
    }
    throw new AssertionError("the scan found no fault");
  }

  /**
   * One cursor goes to and fro about a bad block: what it shows is right, and it fails at that block
   * only, whatever it had read ahead before it failed.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCursorGoesOnWhereverABlockCannotBeRead(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (AtllDb db = open(options().build())) {
      fill(db);
      Place bad = blockOf(db, faulty, 500);
      faulty.add(bad.rule(Fault.ioError()));
      int failed = 0;
      try (Cursor cursor = db.cursor(KeyRange.all())) {
        for (int walk = 0; walk < 200; walk++) {
          int at = 500 + random.nextInt(-150, 150);
          boolean forward = random.nextBoolean();
          try {
            boolean on = cursor.seek(key(at));
            for (int steps = random.nextInt(150); on; steps--) {
              assertArrayEquals(key(at), cursor.keyBytes());
              assertArrayEquals(value(at), cursor.valueBytes());
              if (steps <= 0) {
                break;
              }
              on = forward ? cursor.next() : cursor.previous();
              at += forward ? 1 : -1;
            }
          } catch (StorageIoException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("" + bad.at()), e.getMessage());
            failed++;
          }
        }
      }
      assertTrue(failed > 20 && failed < 180, failed + " walks failed");
      assertEquals(List.of(), db.health().damage()); // it cannot be read, but nothing is wrong
    }
  }

  /** A device that gives a few bytes at a time: everything is as ever, merges and verification too. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 4095, 5000})
  void shortReadsChangeNothing(int most) {
    faulty.add(FaultRule.from(OpKind.READ_BLOCK, 1, Fault.shortReads(most)));
    try (AtllDb db = open(options().build())) {
      for (int i = 0; i < 300; i++) {
        db.put(key(i), value(i));
      }
      db.flush();
      for (int i = 0; i < 300; i += most == 1 ? 20 : 1) {
        assertArrayEquals(value(i), db.get(key(i)));
      }
      assertEquals(300, db.count(KeyRange.all()));
      db.put(key(300), value(300));
      db.compact(KeyRange.all());
      db.verify();
      assertEquals(301, db.count(KeyRange.all()));
    }
    assertTrue(faulty.fired() > 20, faulty.fired() + " short reads");
  }

  /** A file that ends within a block is damage, with its place. */
  @Test
  void aFileCutWithinABlockIsDamage() throws Exception {
    try (AtllDb db = open(options().flushOnClose(false).build())) {
      fill(db);
      Place block = blockOf(db, faulty, 500);
      sim.files().truncate(DIRECTORY.resolve(block.file()), (int) block.at() + 10);
      CorruptionException e =
          assertThrows(CorruptionException.class, () -> db.get(key(500)));
      assertEquals(block.file(), e.file());
      assertEquals(block.at(), e.offset());
      db.put(key(500), value(1));
      assertArrayEquals(value(1), db.get(key(500)));
    }
  }

  /** A bad block near the end of a table, where footer and directory are: the table is opened. */
  @Test
  void aBadBlockNearTheEndKeepsNoTableFromOpening() {
    Options options = options().flushOnClose(true).build();
    Place bad;
    try (AtllDb db = open(options)) {
      for (int i = 0; i < 60; i++) {
        db.put(key(i), value(i));
      }
      db.flush();
      assertNotNull(db.get(key(0)));
      faulty.add(FaultRule.once(OpKind.READ_BLOCK, 1, Fault.ioError()));
      StorageIoException e = assertThrows(StorageIoException.class, () -> db.get(key(30)));
      faulty.clear();
      Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
      assertTrue(place.find());
      bad = new Place(place.group(2), Long.parseLong(place.group(1)));
    }
    faulty.add(bad.rule(Fault.ioError()));
    try (AtllDb db = open(options)) {
      assertArrayEquals(value(0), db.get(key(0)));
      assertThrows(StorageIoException.class, () -> db.get(key(30)));
      assertArrayEquals(value(59), db.get(key(59)));
      faulty.clear();
      assertEquals(60, db.count(KeyRange.all()));
    }
  }

  /** A block that is once read wrong: an answer is right or an error, and later ones are right. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.99})
  void whatIsReadWrongIsNeverKept(double at) {
    try (AtllDb db = open(options().build())) {
      fill(db);
      Place block = blockOf(db, faulty, 500);
      faulty.add(block.rule(Fault.wrongBytes(at)));
      // More often than a block has to be asked for to get a frame.
      for (int i = 0; i < 8; i++) {
        CorruptionException e =
            assertThrows(CorruptionException.class, () -> db.get(key(500)));
        assertEquals(block.file(), e.file());
        assertEquals(block.at(), e.offset());
      }
      faulty.clear();
      for (int i = 0; i < 8; i++) {
        assertArrayEquals(value(500), db.get(key(500)));
      }
      assertEquals(List.of(), failing(db, AtllException.class, block));
      db.verify();
    }
  }

  /** Wrong once, in a get, a scan or a merge: answered by a second read, and told to those who care. */
  @ParameterizedTest
  @EnumSource(Options.Compression.class)
  void aBlockReadWrongOnceIsReadAgain(Options.Compression compression) {
    try (AtllDb db = open(options().compression(compression).build())) {
      fill(db);
      Place block = blockOf(db, faulty, 500);
      assertTrue(db.health().isWell());
      List<Runnable> uses =
          List.of(
              () -> assertArrayEquals(value(500), db.get(key(500))),
              () -> assertEquals(ENTRIES, db.count(KeyRange.all())),
              db::verify,
              () -> db.compact(KeyRange.all()));
      for (Runnable use : uses) {
        long before = faulty.fired();
        faulty.add(
            new FaultRule(
                OpKind.READ_BLOCK,
                block.file()::equals,
                1,
                false,
                Fault.wrongBytes(0),
                block.at(),
                block.at() + 1));
        use.run();
        faulty.clear();
        assertTrue(faulty.fired() <= before + 1);
      }
      assertTrue(faulty.fired() > 0);
      CorruptionException told = db.health().damage().getFirst();
      assertEquals(block.file(), told.file());
      assertTrue(String.valueOf(told.getMessage()).contains("right when"), told.toString());
      assertEquals(0, db.health().jobsFailed());
      assertEquals(ENTRIES, db.count(KeyRange.all()));
    }
  }

  /** The same of index and filter of a partition, wherever the wrong byte is. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 0.5, 0.8, 0.99})
  void anIndexReadWrongOnceIsReadAgain(double at) {
    try (AtllDb db = open(options().build())) {
      fill(db);
    }
    try (AtllDb db = open(options().build())) {
      faulty.add(FaultRule.once(OpKind.READ_BLOCK, 1, Fault.wrongBytes(at)));
      assertArrayEquals(value(500), db.get(key(500)));
      assertEquals(1, faulty.fired());
      assertEquals(1, db.health().damage().size());
      assertTrue(
          String.valueOf(db.health().damage().getFirst().getMessage()).contains("right when"));
    }
    assertEquals(1, faulty.fired());
  }

  /** A real disk that does not answer for one block, until it is told to. */
  private final class Stalling implements AutoCloseable {
    final CountDownLatch stalled = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final FaultFileSystem files =
        new FaultFileSystem(Env.system().files(), nanos -> await());
    final AtllDb db;

    Stalling(Options options) {
      db = Atll.open(temp, options, Observer.none(), new EnvWithFiles(Env.system(), files));
    }

    Place stall(int i) {
      fill(db);
      Place place = blockOf(db, files, i);
      files.add(place.rule(new Fault.Delay(1)));
      return place;
    }

    private void await() {
      stalled.countDown();
      boolean interrupted = false;
      while (goOn.getCount() > 0) {
        try {
          goOn.await();
        } catch (InterruptedException e) {
          interrupted = true; // a read of a device is not interrupted
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      goOn.countDown();
      db.close();
    }
  }

  private static <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "reader");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Who needs the block waits, two at once; all others go on, and it comes right in the end. */
  @Test
  void aStallHoldsUpThoseWhoNeedItsBlockOnly() throws Exception {
    try (Stalling slow = new Stalling(options().build())) {
      AtllDb db = slow.db;
      db.put(key(ENTRIES + 1), value(1));
      slow.stall(500);
      FutureTask<byte[]> first = start(() -> db.get(key(500)));
      assertTrue(slow.stalled.await(30, TimeUnit.SECONDS));
      FutureTask<byte[]> second = start(() -> db.get(key(500)));
      FutureTask<Boolean> scan =
          start(
              () -> {
                try (Cursor cursor = db.cursor(KeyRange.from(key(500)))) {
                  return cursor.next() && Arrays.equals(value(500), cursor.valueBytes());
                }
              });
      // Another thread, so that a wait of it fails the test and does not hang it.
      FutureTask<Integer> others =
          start(
              () -> {
                int seen = 0;
                for (int round = 0; round < 3; round++) {
                  for (int i = 0; i < ENTRIES; i += 7) {
                    if (i < 450 || i > 550) {
                      assertArrayEquals(value(i), db.get(key(i)));
                      seen++;
                    }
                  }
                }
                for (int i = 0; i < 100; i++) {
                  db.put(key(ENTRIES + 2 + i), value(i));
                }
                db.flush();
                assertArrayEquals(value(99), db.get(key(ENTRIES + 101)));
                return seen;
              });
      assertTrue(others.get(20, TimeUnit.SECONDS) > 400);
      assertFalse(first.isDone());
      assertFalse(second.isDone());
      assertFalse(scan.isDone());
      slow.goOn.countDown();
      assertArrayEquals(value(500), first.get(20, TimeUnit.SECONDS));
      assertArrayEquals(value(500), second.get(20, TimeUnit.SECONDS));
      assertTrue(scan.get(20, TimeUnit.SECONDS));
    }
  }

  /** An index that is being read, too: other partitions of the table can be asked meanwhile. */
  @Test
  void aStallInOneIndexHoldsUpNoOther() throws Exception {
    Options options = options().slotBytes(1 << 20).partitionBytes(32 << 10).build();
    try (AtllDb db = Atll.open(temp, options)) {
      fill(db);
    }
    try (Stalling slow = new Stalling(options)) {
      AtllDb db = slow.db;
      // What the merge left behind is swept by now.
      try (var names = Files.list(temp)) {
        assertEquals(1, names.filter(name -> name.toString().endsWith(".sst")).count());
      }
      slow.files.add(FaultRule.once(OpKind.READ_BLOCK, 1, new Fault.Delay(1)));
      FutureTask<byte[]> first = start(() -> db.get(key(0)));
      assertTrue(slow.stalled.await(30, TimeUnit.SECONDS));
      FutureTask<byte[]> second = start(() -> db.get(key(1)));
      FutureTask<byte[]> other = start(() -> db.get(key(ENTRIES - 1)));
      assertArrayEquals(value(ENTRIES - 1), other.get(20, TimeUnit.SECONDS));
      assertFalse(first.isDone());
      assertFalse(second.isDone());
      slow.goOn.countDown();
      assertArrayEquals(value(0), first.get(20, TimeUnit.SECONDS));
      assertArrayEquals(value(1), second.get(20, TimeUnit.SECONDS));
    }
  }

  /** Closing does not wait for a device that may never answer; the read then finds the store closed. */
  @Test
  void aStoreClosesUnderAStalledRead() throws Exception {
    try (Stalling slow = new Stalling(options().build())) {
      slow.stall(500);
      FutureTask<byte[]> read = start(() -> slow.db.get(key(500)));
      assertTrue(slow.stalled.await(30, TimeUnit.SECONDS));
      start(
              () -> {
                slow.db.close();
                return true;
              })
          .get(20, TimeUnit.SECONDS);
      assertFalse(read.isDone());
      slow.goOn.countDown();
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> read.get(20, TimeUnit.SECONDS));
      assertInstanceOf(StoreClosedException.class, e.getCause());
    }
    try (AtllDb again = Atll.open(temp, options().build())) {
      assertNotNull(again.get(key(500)));
    }
  }
}
