package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.WriteBatch;
import dev.atll.blackbox.Linearizability.Call;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small histories of a few threads on two keys, each searched for an order that explains it. */
class LinearizabilityTest {
  private static final int HISTORIES = Integer.getInteger("atll.histories", 1500);
  private static final int THREADS = 4;
  private static final int CALLS_EACH = 6;
  private static final int[] BOTH = {0, 1};

  @TempDir private Path temp;
  private final long seed = Long.getLong("atll.seed", System.nanoTime());
  private final AtomicLong unique = new AtomicLong();

  private static Call write(long begin, long end, int register, long value) {
    return new Call(begin, end, false, new int[] {register}, new long[] {value});
  }

  private static Call read(long begin, long end, int register, long value) {
    return new Call(begin, end, true, new int[] {register}, new long[] {value});
  }

  @Test
  void theSearchTellsGoodHistoriesFromBadOnes() {
    long[] empty = {0, 0};
    // A read beside a write may see it or not; one after it must.
    assertTrue(Linearizability.holds(List.of(write(0, 10, 0, 7), read(5, 6, 0, 0)), empty));
    assertTrue(Linearizability.holds(List.of(write(0, 10, 0, 7), read(5, 6, 0, 7)), empty));
    assertFalse(Linearizability.holds(List.of(write(0, 10, 0, 7), read(11, 12, 0, 0)), empty));
    // Once seen, it stays seen.
    assertFalse(
        Linearizability.holds(
            List.of(write(0, 10, 0, 7), read(1, 2, 0, 7), read(3, 4, 0, 0)), empty));
    // Two observers do not disagree about an order.
    assertFalse(
        Linearizability.holds(
            List.of(
                write(0, 10, 0, 1), write(0, 10, 0, 2),
                read(1, 2, 0, 1), read(3, 4, 0, 2), read(5, 6, 0, 1)),
            empty));
    // Half a batch is never seen.
    Call batch = new Call(0, 10, false, BOTH, new long[] {5, 6});
    assertTrue(Linearizability.holds(List.of(batch, read(1, 2, 0, 0), read(3, 4, 1, 6)), empty));
    assertFalse(
        Linearizability.holds(
            List.of(batch, new Call(1, 2, true, BOTH, new long[] {5, 0})), empty));
  }

  @Test
  void everyHistoryHasAnOrder() throws Exception {
    Options options =
        Options.builder()
            .durability(Durability.OS)
            .levelCount(2)
            .memtableBytes(16 << 10)
            .compactionJobs(1)
            .build();
    try (AtllDb db = Atll.open(temp, options);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      for (int h = 0; h < HISTORIES; h++) {
        // New keys for each history: both registers begin empty.
        byte[][] keys = {Content.key(2 * h), Content.key(2 * h + 1)};
        List<Call> history = record(db, keys, threads, h);
        assertTrue(
            Linearizability.holds(history, new long[2]),
            () -> "seed " + seed + "\n" + String.join("\n", lines(history)));
        if (h % 50 == 0) {
          Future<?> flushed = threads.submit(db::flush);
          flushed.get(60, TimeUnit.SECONDS);
        }
      }
    }
  }

  private static List<String> lines(List<Call> history) {
    return history.stream().map(Call::toString).toList();
  }

  private List<Call> record(AtllDb db, byte[][] keys, ExecutorService threads, int number)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<List<Call>>> parts = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      SplittableRandom random = new SplittableRandom(seed + number * 31L + t);
      parts.add(
          threads.submit(
              () -> {
                List<Call> calls = new ArrayList<>();
                start.await();
                for (int i = 0; i < CALLS_EACH; i++) {
                  calls.add(call(db, keys, random));
                }
                return calls;
              }));
    }
    List<Call> history = new ArrayList<>();
    for (Future<List<Call>> part : parts) {
      history.addAll(part.get(60, TimeUnit.SECONDS));
    }
    return history;
  }

  private Call call(AtllDb db, byte[][] keys, SplittableRandom random) {
    int[] one = {random.nextInt(2)};
    byte[] key = keys[one[0]];
    long value = unique.incrementAndGet();
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    long begin = System.nanoTime();
    switch (random.nextInt(7)) {
      case 0 -> {
        db.put(key, bytes);
        return new Call(begin, System.nanoTime(), false, one, new long[] {value});
      }
      case 1 -> {
        db.delete(key);
        return new Call(begin, System.nanoTime(), false, one, new long[] {0});
      }
      case 2 -> {
        db.write(new WriteBatch().put(keys[0], bytes).put(keys[1], bytes));
        return new Call(begin, System.nanoTime(), false, BOTH, new long[] {value, value});
      }
      case 3 -> {
        db.write(new WriteBatch().delete(keys[0]).put(keys[1], bytes));
        return new Call(begin, System.nanoTime(), false, BOTH, new long[] {0, value});
      }
      case 4 -> {
        long found = number(db.get(key));
        return new Call(begin, System.nanoTime(), true, one, new long[] {found});
      }
      case 5 -> {
        try (Snapshot snapshot = db.snapshot()) {
          long taken = System.nanoTime();
          long[] found = {number(snapshot.get(keys[0])), number(snapshot.get(keys[1]))};
          // It shows the moment at which it was taken, however late it is read.
          return new Call(begin, taken, true, BOTH, found);
        }
      }
      default -> {
        long[] found = new long[2];
        try (Cursor cursor = db.cursor(KeyRange.from(keys[0]))) {
          long taken = System.nanoTime();
          boolean more = cursor.next();
          for (int i = 0; i < 2; i++) {
            if (more && java.util.Arrays.equals(cursor.keyBytes(), keys[i])) {
              found[i] = number(cursor.valueBytes());
              more = cursor.next();
            }
          }
          return new Call(begin, taken, true, BOTH, found);
        }
      }
    }
  }

  private static long number(byte[] value) {
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }
}
