package dev.atll.torture;

import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many writers of one store, each with keys of its own, beside readers of what was acknowledged, and
 * one thread that flushes, merges and scans. A key is written once and never deleted: whoever finds
 * it missing, or with another value, has found a bug.
 */
final class Crowd {
  private static final int READERS = 2;
  private static final int BATCH_MAX = 6;
  private static final long PATIENCE_SECONDS = 120;

  private final AtllDb db;
  private final long seed;
  private final boolean mayFail;
  // Of each writer, how many of its keys were acknowledged.
  private final AtomicLongArray acked;
  // Of each writer, the revision of each of its writes since, and how many keys it had then.
  private final List<Queue<long[]>> writes = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
  private volatile boolean over;

  /**
   * A crowd that has not begun.
   *
   * @param before how many keys of each writer are there already; as many writers as numbers
   * @param mayFail whether something is done to the store that may end it with a typed error
   */
  Crowd(AtllDb db, long seed, long[] before, boolean mayFail) {
    this.db = db;
    this.seed = seed;
    this.mayFail = mayFail;
    this.acked = new AtomicLongArray(before);
    for (int w = 0; w < before.length; w++) {
      writes.add(new ConcurrentLinkedQueue<>(List.of(new long[] {0, before[w]})));
    }
  }

  /** How many keys of each writer were acknowledged so far. */
  long[] acked() {
    long[] counts = new long[acked.length()];
    Arrays.setAll(counts, acked::get);
    return counts;
  }

  /** How many keys of each writer were acknowledged so far with a revision up to this one. */
  long[] ackedUpTo(long revision) {
    long[] counts = new long[acked.length()];
    for (int w = 0; w < counts.length; w++) {
      for (long[] write : writes.get(w)) {
        counts[w] = write[0] <= revision ? write[1] : counts[w];
      }
    }
    return counts;
  }

  /**
   * Lets them at it.
   *
   * @param beside what the caller does meanwhile; when it returns the others are told to stop
   * @throws AssertionError if an answer was wrong, a promise broken, or somebody did not return
   */
  void run(Runnable beside) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int w = 0; w < acked.length(); w++) {
      int writer = w;
      threads.add(start("writer-" + w, () -> write(writer)));
    }
    for (int r = 0; r < READERS; r++) {
      SplittableRandom random = new SplittableRandom(seed + r);
      threads.add(start("reader-" + r, () -> read(random)));
    }
    threads.add(start("keeper", () -> keep(new SplittableRandom(~seed))));
    try {
      beside.run();
    } finally {
      over = true;
    }
    join(threads);
    Throwable failure = wrong.get();
    if (failure != null) {
      throw new AssertionError("in a crowd of " + acked.length() + ": " + failure, failure);
    }
  }

  private Thread start(String name, Runnable part) {
    return Thread.ofPlatform()
        .name(name)
        .daemon()
        .start(
            () -> {
              try {
                part.run();
              } catch (StoreClosedException e) {
                // Whoever closes a store under them answers like that.
              } catch (Throwable e) {
                if (!mayFail || !(e instanceof AtllException)) {
                  wrong.compareAndSet(null, e);
                }
              }
            });
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        StringBuilder text = new StringBuilder(thread.getName() + " does not return:");
        for (Thread other : threads) {
          text.append('\n').append(other);
          for (StackTraceElement frame : other.getStackTrace()) {
            text.append("\n    ").append(frame);
          }
        }
        throw new AssertionError(text.toString());
      }
    }
  }

  // ---- the parts

  private void write(int writer) {
    SplittableRandom random = new SplittableRandom(seed * 31 + writer);
    for (long n = acked.get(writer); !over; ) {
      WriteBatch batch = new WriteBatch();
      int count = random.nextInt(4) == 0 ? 1 + random.nextInt(BATCH_MAX) : 1;
      for (int i = 0; i < count; i++) {
        batch.put(key(writer, n + i), value(writer, n + i));
      }
      Durability durability = Durability.values()[random.nextInt(Durability.values().length)];
      long revision = db.write(batch, durability);
      if (durability == Durability.SYNC && db.durableRevision() < revision) {
        throw new AssertionError(
            "durable revision %d after revision %d was written with SYNC"
                .formatted(db.durableRevision(), revision));
      }
      n += count;
      acked.set(writer, n);
      writes.get(writer).add(new long[] {revision, n});
    }
  }

  private void read(SplittableRandom random) {
    while (!over) {
      int writer = random.nextInt(acked.length());
      long count = acked.get(writer);
      if (count > 0) {
        // Often the newest: they are in the memtable that grows.
        long n = random.nextBoolean() ? count - 1 : random.nextLong(count);
        check(db, writer, n);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private void keep(SplittableRandom random) {
    while (!over) {
      switch (random.nextInt(6)) {
        case 0, 1 -> db.flush();
        case 2 -> db.compact(KeyRange.all());
        case 3 -> db.sync();
        case 4 -> db.verify();
        default -> {
          long[] before = acked();
          try (Cursor cursor = db.cursor(KeyRange.all())) {
            long sum = 0;
            while (cursor.next()) {
              sum++;
            }
            if (sum < Arrays.stream(before).sum()) {
              throw new AssertionError(
                  "a scan saw %d of at least %s".formatted(sum, Arrays.toString(before)));
            }
          }
        }
      }
    }
  }

  // ---- what is written, and whether it is there

  private static byte[] key(int writer, long n) {
    return ByteBuffer.allocate(12).putInt(writer * 0x01010101).putLong(n).array();
  }

  private static byte[] value(int writer, long n) {
    int length = (int) ((n * 7 + writer) % 150);
    return Bytes.value((int) (n * 64 + writer), length).array();
  }

  private static void check(AtllDb db, int writer, long n) {
    byte[] found = db.get(key(writer, n));
    if (!Arrays.equals(value(writer, n), found)) {
      throw new AssertionError(
          "key %d of writer %d, which was acknowledged, %s"
              .formatted(n, writer, found == null ? "is missing" : "has another value"));
    }
  }

  /**
   * Checks that a store has all that was acknowledged, and of what more was under way only prefixes.
   *
   * @return how many keys of each writer there are
   */
  static long[] verify(AtllDb db, long[] acked) {
    long[] there = acked.clone();
    for (int writer = 0; writer < acked.length; writer++) {
      for (long n = 0; n < acked[writer]; n++) {
        check(db, writer, n);
      }
      while (db.contains(key(writer, there[writer]))) {
        check(db, writer, there[writer]++);
      }
    }
    long entries = db.count(KeyRange.all());
    if (entries != Arrays.stream(there).sum()) {
      throw new AssertionError(entries + " entries, " + Arrays.toString(there) + " expected");
    }
    db.verify();
    return there;
  }
}
