package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Reader;
import dev.atll.api.Snapshot;
import dev.atll.api.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Long stretches of dead keys: scans go around them and still show all that is alive. */
@Timeout(120)
final class DeadStretchTest {
  private static final int KEYS = 600;
  private static final long SEED = Long.getLong("seed", 3);

  @TempDir Path directory;

  private AtllDb open(String name) {
    return Atll.open(
        directory.resolve(name),
        Options.builder().durability(Durability.OS).memtableBytes(1 << 20).build());
  }

  @Test
  void scansAgreeWithAMapWhileRangesDieAndRevive() {
    SplittableRandom random = new SplittableRandom(SEED);
    TreeMap<Integer, Integer> live = new TreeMap<>();
    TreeMap<Integer, Integer> past = new TreeMap<>();
    try (AtllDb db = open("map")) {
      Snapshot held = db.snapshot();
      for (int step = 0; step < 1500; step++) {
        switch (random.nextInt(16)) {
          case 0 -> deleteRange(db, live, random);
          case 1 -> fillRange(db, live, random);
          case 2, 3, 4 -> {
            int k = random.nextInt(KEYS);
            db.put(key(k), value(step));
            live.put(k, step);
          }
          case 5 -> {
            int k = random.nextInt(KEYS);
            db.delete(key(k));
            live.remove(k);
          }
          case 6 -> {
            if (random.nextInt(4) == 0) {
              db.flush();
            }
          }
          case 7 -> {
            if (random.nextInt(6) == 0) {
              held.close();
              held = db.snapshot();
              past = new TreeMap<>(live);
            }
          }
          case 8 -> walk(held, past, random, step);
          default -> walk(db, live, random, step);
        }
      }
      held.close();
    }
  }

  private static void deleteRange(
      AtllDb db, TreeMap<Integer, Integer> live, SplittableRandom random) {
    WriteBatch batch = new WriteBatch();
    int from = random.nextInt(KEYS);
    int to = Math.min(KEYS, from + random.nextInt(400));
    for (int k = from; k < to; k++) {
      batch.delete(key(k));
      live.remove(k);
    }
    db.write(batch);
  }

  private static void fillRange(
      AtllDb db, TreeMap<Integer, Integer> live, SplittableRandom random) {
    WriteBatch batch = new WriteBatch();
    int from = random.nextInt(KEYS);
    int to = Math.min(KEYS, from + random.nextInt(200));
    for (int k = from; k < to; k++) {
      batch.put(key(k), value(k));
      live.put(k, k);
    }
    db.write(batch);
  }

  private static void walk(
      Reader reader, TreeMap<Integer, Integer> want, SplittableRandom random, int step) {
    int low = random.nextInt(3) == 0 ? random.nextInt(KEYS) : 0;
    int high = random.nextInt(3) == 0 ? low + random.nextInt(KEYS) : KEYS;
    TreeMap<Integer, Integer> in = new TreeMap<>(want.subMap(low, high));
    KeyRange range =
        high == KEYS && low == 0 ? KeyRange.all() : KeyRange.of(key(low), key(high));
    try (Cursor cursor = reader.cursor(range)) {
      int at = random.nextInt(KEYS);
      boolean forward = random.nextBoolean();
      boolean on = forward ? cursor.seek(key(at)) : cursor.seekAtOrBefore(key(at));
      Map.Entry<Integer, Integer> entry = forward ? in.ceilingEntry(at) : in.floorEntry(at);
      for (int move = 0; move < 12; move++) {
        String where = "step " + step + ", -Dseed=" + SEED;
        assertEquals(entry != null, on, where);
        if (!on || entry == null) {
          break;
        }
        assertEquals(entry.getKey(), ByteBuffer.wrap(cursor.keyBytes()).getInt(), where);
        assertEquals(entry.getValue(), ByteBuffer.wrap(cursor.valueBytes()).getInt(), where);
        forward = random.nextInt(5) == 0 ? !forward : forward;
        on = forward ? cursor.next() : cursor.previous();
        entry = forward ? in.higherEntry(entry.getKey()) : in.lowerEntry(entry.getKey());
      }
    }
  }

  /** Each key has a stamp: odd while it is written, else alive for every second even number. */
  @Test
  void acknowledgedPutsIntoADeadStretchAreSeenByScansBegunLater() throws Exception {
    AtomicIntegerArray stamps = new AtomicIntegerArray(KEYS);
    try (AtllDb db = open("threads")) {
      WriteBatch batch = new WriteBatch();
      for (int k = 0; k < KEYS; k++) {
        batch.delete(key(k));
      }
      db.write(batch);
      Crew crew = new Crew(SEED);
      for (int writer = 0; writer < 2; writer++) {
        int odd = writer;
        crew.start(
            "writer-" + writer,
            1,
            random -> {
              int k = random.nextInt(KEYS / 2) * 2 + odd;
              int stamp = stamps.incrementAndGet(k);
              if ((stamp & 2) == 0) {
                db.put(key(k), value(stamp));
              } else {
                db.delete(key(k));
              }
              stamps.incrementAndGet(k);
              if (random.nextInt(4) == 0) {
                Thread.sleep(0, 200_000);
              }
            });
      }
      crew.start("reader", 3, random -> scanOnce(db, stamps, random));
      crew.work(1500);
      crew.finish();
    }
  }

  private static void scanOnce(AtllDb db, AtomicIntegerArray stamps, SplittableRandom random) {
    int[] before = new int[KEYS];
    boolean[] seen = new boolean[KEYS];
    for (int k = 0; k < KEYS; k++) {
      before[k] = stamps.get(k);
    }
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      boolean forward = random.nextBoolean();
      while (forward ? cursor.next() : cursor.previous()) {
        seen[ByteBuffer.wrap(cursor.keyBytes()).getInt()] = true;
      }
    }
    for (int k = 0; k < KEYS; k++) {
      int stamp = before[k];
      if ((stamp & 1) == 0 && stamps.get(k) == stamp) {
        assertEquals((stamp & 2) != 0, seen[k], "key " + k + " of stamp " + stamp);
      }
    }
  }

  /** A queue: put at the tail, polled at the head; then the same from the other end. */
  @Test
  void aPollDoesNotPassWhatWasPolledBefore() {
    int items = 20_000;
    try (AtllDb db = open("queue")) {
      WriteBatch batch = new WriteBatch();
      for (int k = 0; k < items; k++) {
        batch.put(key(k), new byte[100]);
        if (batch.count() == 1000) {
          db.write(batch);
          batch.clear();
        }
      }
      int head = 0;
      int tail = items;
      for (int n = 0; n < 3000; n++) {
        db.put(key(tail++), new byte[100]);
        head = poll(db, head, true);
      }
      for (int n = 0; n < 3000; n++) {
        tail = poll(db, tail - 1, false);
      }
      // Wherever deletions and values went.
      db.flush();
      head = poll(db, head, true);
      tail = poll(db, tail - 1, false);
      assertEquals(items + 3000 - 6002, tail - head);
      try (Cursor cursor = db.cursor(KeyRange.all())) {
        int left = 0;
        while (cursor.next()) {
          left++;
        }
        assertEquals(tail - head, left);
      }
    }
  }

  private static int poll(AtllDb db, int expected, boolean first) {
    try (Cursor cursor = db.cursor(KeyRange.all())) {
      assertTrue(first ? cursor.next() : cursor.previous());
      assertEquals(expected, ByteBuffer.wrap(cursor.keyBytes()).getInt());
      // The stretch is known from the second scan that was long: 64 at most, and again 64.
      assertTrue(cursor.skipped() <= 200, "passed " + cursor.skipped() + " at " + expected);
      db.delete(cursor.keyBytes());
    }
    return first ? expected + 1 : expected;
  }

  private static byte[] key(int k) {
    return ByteBuffer.allocate(12).putInt(k).array();
  }

  private static byte[] value(int v) {
    return ByteBuffer.allocate(8).putInt(v).array();
  }
}
