package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import dev.atll.policy.Policies;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on one store, while everything that can happen to a store happens. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ConcurrencyTest {
  private static final List<String> POLICIES = Policies.names();
  private static final long MILLIS =
      Long.getLong("atll.stress.millis", 1200L);

  @TempDir private Path temp;
  private final long seed = Long.getLong("atll.seed", System.nanoTime());

  private static Options.Builder options() {
    return Options.builder()
        .durability(Durability.OS)
        .levelCount(3)
        .memtableBytes(32 << 10)
        .walSegmentBytes(32 << 10)
        .slotBytes(16 << 10)
        .fanout(3)
        .compactionJobs(2)
        .compactionSliceBytes(8 << 10);
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }

  /** What nobody may notice: flushes, compactions, other policies. */
  private static void meddle(AtllDb db, SplittableRandom random) throws InterruptedException {
    Thread.sleep(random.nextInt(20));
    switch (random.nextInt(7)) {
      case 0 -> db.flush();
      case 5 -> db.verify();
      case 6 -> assertTrue(db.approximateBytes(KeyRange.all()) >= 0);
      case 1 -> db.compact(KeyRange.all());
      case 2 -> db.compact(KeyRange.of(Content.key(random.nextInt(50)), Content.key(60)));
      case 3 -> db.policy(POLICIES.get(random.nextInt(POLICIES.size())));
      default -> db.sync();
    }
  }

  // ---- Counters: each key only ever grows

  /**
   * Each writer owns keys and raises their numbers. Its own read gives exactly what it wrote last;
   * anybody else's never goes back, and is never less than what was acknowledged before the read.
   */
  @Test
  void numbersOnlyGrowAndWritersReadWhatTheyWrote() throws Exception {
    int writers = 4;
    int keysEach = 40;
    AtomicLongArray acked = new AtomicLongArray(writers * keysEach);
    AtomicInteger names = new AtomicInteger();
    Crew crew = new Crew(seed);
    try (AtllDb db = Atll.open(temp, options().build())) {
      ThreadLocal<Integer> who = ThreadLocal.withInitial(names::getAndIncrement);
      crew.start(
          "writer",
          writers,
          random -> {
            int key = who.get() * keysEach + random.nextInt(keysEach);
            long next = acked.get(key) + 1;
            db.put(Content.key(key), filled(next, random.nextInt(200)));
            acked.set(key, next);
            assertEquals(next, number(db.get(Content.key(key))));
          });
      ThreadLocal<long[]> seen = ThreadLocal.withInitial(() -> new long[writers * keysEach]);
      crew.start(
          "reader",
          2,
          random -> {
            int key = random.nextInt(writers * keysEach);
            long atLeast = Math.max(seen.get()[key], acked.get(key));
            byte[] value = db.get(Content.key(key));
            long now = value == null ? 0 : number(value);
            assertTrue(now >= atLeast, () -> "key %d: %d after %d".formatted(key, now, atLeast));
            seen.get()[key] = now;
          });
      crew.start("scanner", 1, random -> scan(db, acked, random));
      crew.start("meddler", 1, random -> meddle(db, random));
      crew.work(MILLIS);
      crew.finish();
      for (int key = 0; key < acked.length(); key++) {
        byte[] value = db.get(Content.key(key));
        assertEquals(acked.get(key), value == null ? 0 : number(value), "seed " + seed);
      }
    }
  }

  private static byte[] filled(long number, int more) {
    return Arrays.copyOf(number(number), Long.BYTES + more);
  }

  private static void scan(AtllDb db, AtomicLongArray acked, SplittableRandom random) {
    long[] atLeast = new long[acked.length()];
    for (int i = 0; i < atLeast.length; i++) {
      atLeast[i] = acked.get(i);
    }
    boolean forward = random.nextBoolean();
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      int key = forward ? -1 : atLeast.length;
      while (forward ? cursor.next() : cursor.previous()) {
        int found = Integer.parseInt(new String(cursor.keyBytes(), 4, 8));
        // Every key that was there before the scan began is met, in order.
        for (key += forward ? 1 : -1; key != found; key += forward ? 1 : -1) {
          assertEquals(0, atLeast[key], "the scan passes over key " + key);
        }
        assertTrue(number(cursor.valueBytes()) >= atLeast[key], "the scan sees an old value");
      }
    }
  }

  // ---- Batches: all or nothing, and snapshots that stand still

  /** Batches move an amount between accounts, deleting and making them; the sum never changes. */
  @Test
  void batchesAreSeenWholeAndSnapshotsStandStill() throws Exception {
    int accounts = 50;
    long total = accounts * 1000L;
    Crew crew = new Crew(seed);
    Object[] locks = new Object[accounts];
    Arrays.setAll(locks, i -> new Object());
    AtomicLong transfers = new AtomicLong();
    try (AtllDb db = Atll.open(temp, options().retainedRevisions(500).build())) {
      WriteBatch opening = new WriteBatch();
      for (int i = 0; i < accounts; i++) {
        opening.put(Content.key(i), number(1000));
      }
      long opened = db.write(opening);
      crew.start(
          "transfer",
          3,
          random -> {
            int a = random.nextInt(accounts - 1);
            int b = a + 1 + random.nextInt(accounts - a - 1);
            synchronized (locks[a]) {
              synchronized (locks[b]) {
                transfer(db, a, b, random);
              }
            }
            transfers.incrementAndGet();
          });
      crew.start(
          "sum",
          2,
          random -> {
            try (Snapshot snapshot = db.snapshot()) {
              assertEquals(total, sum(snapshot), "seed " + seed);
              Thread.sleep(random.nextInt(5));
              assertEquals(total, sumByGets(snapshot, accounts), "by gets, seed " + seed);
              assertEquals(total, sum(snapshot), "the second time, seed " + seed);
            }
            try (Snapshot past = db.snapshotAt(Math.max(opened, db.visibleRevision() - 100))) {
              assertEquals(total, sum(past), "in the past, seed " + seed);
            }
          });
      crew.start("cursor", 1, random -> assertEquals(total, sumBackward(db), "seed " + seed));
      crew.start("meddler", 1, random -> meddle(db, random));
      crew.work(MILLIS);
      crew.finish();
      assertEquals(total, sum(db));
      assertTrue(transfers.get() > 0);
    }
    try (AtllDb db = Atll.open(temp, options().build())) {
      assertEquals(total, sum(db));
    }
  }

  private static void transfer(AtllDb db, int a, int b, SplittableRandom random) {
    long inA = balance(db.get(Content.key(a)));
    long inB = balance(db.get(Content.key(b)));
    // Often all of it: the account goes, and comes back later.
    long amount = random.nextBoolean() ? inA : random.nextLong(inA + 1);
    WriteBatch batch = new WriteBatch();
    set(batch, a, inA - amount);
    set(batch, b, inB + amount);
    db.write(batch);
  }

  private static void set(WriteBatch batch, int account, long balance) {
    if (balance == 0) {
      batch.delete(Content.key(account));
    } else {
      batch.put(Content.key(account), number(balance));
    }
  }

  private static long balance(byte[] value) {
    return value == null ? 0 : number(value);
  }

  private static long sum(dev.atll.api.Reader reader) {
    long sum = 0;
    try (Cursor cursor = reader.cursor(KeyRange.all())) {
      while (cursor.next()) {
        sum += number(cursor.valueBytes());
      }
    }
    return sum;
  }

  private static long sumByGets(Snapshot snapshot, int accounts) {
    long sum = 0;
    for (int i = 0; i < accounts; i++) {
      sum += balance(snapshot.get(Content.key(i)));
    }
    return sum;
  }

  private static long sumBackward(AtllDb db) {
    long sum = 0;
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      while (cursor.previous()) {
        sum += number(cursor.valueBytes());
      }
    }
    return sum;
  }

  // ---- Tables that go while they are read

  /** Flushes and compactions without a pause, so that tables are replaced all the time under readers. */
  @Test
  void noTableGoesUnderAReader() throws Exception {
    int keys = 200;
    Crew crew = new Crew(seed);
    try (AtllDb db = Atll.open(temp, options().slotBytes(4 << 10).build())) {
      for (int i = 0; i < keys; i++) {
        db.put(Content.key(i), number(i));
      }
      crew.start(
          "flusher",
          2,
          random -> {
            for (int i = 0; i < 4; i++) {
              int key = random.nextInt(keys);
              db.put(Content.key(key), number(key));
            }
            db.flush();
          });
      crew.start("compacter", 1, random -> db.compact(KeyRange.all()));
      crew.start(
          "reader",
          3,
          random -> {
            int key = random.nextInt(keys);
            assertEquals(key, number(db.get(Content.key(key))));
            if (random.nextInt(16) == 0) {
              assertEquals(keys, db.count(KeyRange.all()));
            }
          });
      crew.work(MILLIS);
      crew.finish();
    }
  }

  // ---- Close under load

  /** Whoever works while the store is closed gets StoreClosedException, and what returned is there. */
  @Test
  void closingUnderLoadGivesOneKindOfExceptionAndLosesNothing() throws Exception {
    for (int round = 0; round < 6; round++) {
      AtomicLongArray acked = new AtomicLongArray(6);
      AtomicInteger names = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      Path directory = temp.resolve("round" + round);
      // Two memtables: writers are nearly always held back when the store closes.
      Options options =
          options().memtablesMax(2 + round % 2 * 2).memtableBytes(16 << 10).build();
      AtllDb db = Atll.open(directory, options);
      db.put(Content.key(0), number(0));
      Crew crew = new Crew(seed + round);
      ThreadLocal<Integer> who = ThreadLocal.withInitial(names::getAndIncrement);
      crew.start(
          "writer",
          6,
          random ->
              untilClosed(
                  crew,
                  refused,
                  () -> {
                    long next = acked.get(who.get()) + 1;
                    db.put(Content.key(who.get()), filled(next, random.nextInt(3000)));
                    acked.set(who.get(), next);
                  }));
      crew.start(
          "reader",
          2,
          random ->
              untilClosed(
                  crew,
                  refused,
                  () -> {
                    assertNotNull(db.get(Content.key(0)));
                    Long first = db.get(Content.key(0), s -> s.byteSize());
                    assertTrue(first != null && first >= Long.BYTES);
                    assertTrue(db.contains(Content.key(0)));
                  }));
      crew.start(
          "scanner", 2, random -> untilClosed(crew, refused, () -> db.count(KeyRange.all())));
      crew.start("meddler", 1, random -> untilClosed(crew, refused, () -> meddleQuietly(db, random)));
      crew.work(150);
      CountDownLatch closed = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  db.close();
                  closed.countDown();
                });
      }
      boolean inTime = closed.await(30, TimeUnit.SECONDS);
      crew.finish();
      assertTrue(inTime, "close hangs, seed " + seed);
      assertTrue(refused.get() > 0, "nobody noticed");
      try (AtllDb again = Atll.open(directory, options)) {
        for (int i = 0; i < acked.length(); i++) {
          byte[] value = again.get(Content.key(i));
          // The last one may have been written although its caller was told of the close.
          long number = value == null ? 0 : number(value);
          assertTrue(number - acked.get(i) >= 0 && number - acked.get(i) <= 1, "seed " + seed);
        }
      }
    }
  }

  private static void meddleQuietly(AtllDb db, SplittableRandom random) {
    try {
      meddle(db, random);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void untilClosed(Crew crew, AtomicInteger refused, Runnable call) {
    try {
      call.run();
    } catch (StoreClosedException e) {
      refused.incrementAndGet();
      crew.stop();
    }
  }

  // ---- Interrupts

  /** Interrupts by the thousand: every call completes, the flag stays, the store lives on. */
  @Test
  void interruptsNeitherEndACallNorCloseAFile() throws Exception {
    AtomicLongArray acked = new AtomicLongArray(3);
    AtomicInteger names = new AtomicInteger();
    AtomicInteger flagged = new AtomicInteger();
    AtomicBoolean storm = new AtomicBoolean(true);
    Crew crew = new Crew(seed);
    try (AtllDb db = Atll.open(temp, options().durability(Durability.SYNC).build())) {
      ThreadLocal<Integer> who = ThreadLocal.withInitial(names::getAndIncrement);
      crew.start(
          "writer",
          3,
          random -> {
            // Set before the call, so it has to be there afterwards.
            boolean interrupted = random.nextInt(4) == 0;
            if (interrupted) {
              Thread.currentThread().interrupt();
            }
            long next = acked.get(who.get()) + 1;
            db.put(Content.key(who.get()), filled(next, random.nextInt(500)));
            acked.set(who.get(), next);
            assertEquals(next, number(db.get(Content.key(who.get()))));
            if (random.nextInt(50) == 0) {
              db.flush();
              db.compact(KeyRange.all());
              db.sync();
            }
            db.count(KeyRange.all());
            boolean flag = Thread.interrupted();
            assertTrue(flag || !interrupted, "the interrupt was swallowed, seed " + seed);
            if (flag) {
              flagged.incrementAndGet();
            }
          });
      List<Thread> victims = crew.threads();
      crew.start(
          "storm",
          1,
          random -> {
            if (storm.get()) {
              victims.get(random.nextInt(victims.size())).interrupt();
            }
            Thread.sleep(random.nextInt(2));
          });
      crew.work(MILLIS);
      storm.set(false);
      crew.finish();
      assertTrue(flagged.get() > 0);
      for (int i = 0; i < acked.length(); i++) {
        assertEquals(acked.get(i), number(db.get(Content.key(i))));
      }
      db.verify();
    }
    // Opening, closing and verifying too.
    Thread.currentThread().interrupt();
    try (AtllDb db = Atll.open(temp, options().build())) {
      assertEquals(acked.get(0), number(db.get(Content.key(0))));
      db.flush();
      db.verify();
    }
    assertTrue(Thread.interrupted());
  }
}
