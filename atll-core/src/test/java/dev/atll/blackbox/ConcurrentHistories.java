package dev.atll.blackbox;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Small histories of a few threads on two keys of a store on disk, each searched for an order that
 * explains it. Which history comes is up to the scheduler: a seed gives the calls, not their timing.
 */
public final class ConcurrentHistories implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int CALLS_EACH = 6;
  private static final int[] BOTH = {0, 1};

  private final AtomicLong unique = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
  private final AtllDb db;
  private final long seed;
  private int number;

  /** Opens the store. */
  public ConcurrentHistories(Path directory, long seed) {
    this.seed = seed;
    this.db =
        Atll.open(
            directory,
            Options.builder()
                .durability(Durability.OS)
                .levelCount(2)
                .memtableBytes(16 << 10)
                .compactionJobs(1)
                // Every other store reads its tables block by block.
                .tableMemoryBytes(seed & 1)
                .build());
  }

  /**
   * Records one more history, on two new keys.
   *
   * @return it, if no order explains it; or null
   */
  public @Nullable String findWrongOne() throws Exception {
    // New keys for each history: both registers begin empty.
    byte[][] keys = {key(2 * number), key(2 * number + 1)};
    List<Call> history = record(db, keys, threads, number);
    if (number++ % 50 == 0) {
      threads.submit(db::flush).get(60, TimeUnit.SECONDS);
    }
    return Linearizability.holds(history, new long[2])
        ? null
        : history.stream()
            .map(Call::toString)
            .collect(Collectors.joining("\n", "seed " + seed + "\n", ""));
  }

  private static byte[] key(int number) {
    return "key-%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    threads.close();
    db.close();
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
                  boolean interrupted = random.nextInt(8) == 0;
                  if (interrupted) {
                    Thread.currentThread().interrupt();
                  }
                  calls.add(call(db, keys, random));
                  if (Thread.interrupted() != interrupted) {
                    throw new AssertionError("the interrupt was swallowed, or made up");
                  }
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
