package dev.atll.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One writer, several readers: at a published revision they see exactly the history up to it. */
final class MemtableConcurrencyTest {
  private static final long SEED = Long.getLong("seed", 31);
  private static final int REVISIONS = 20_000;
  private static final int KEYS = 600;

  /** Per revision the keys written, in order; some of them twice, so that replacement happens. */
  private static int[][] history(SplittableRandom random) {
    int[][] history = new int[REVISIONS + 1][];
    history[0] = new int[0];
    for (int r = 1; r <= REVISIONS; r++) {
      int[] keys = new int[random.nextInt(1, 4)];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = i > 0 && random.nextBoolean() ? keys[0] : random.nextInt(KEYS);
      }
      history[r] = keys;
    }
    return history;
  }

  private static byte[] key(int k) {
    // Two kinds: decided inside the node, and only in the arena.
    return k % 2 == 0
        ? ByteBuffer.allocate(4).putInt(k).array()
        : ByteBuffer.allocate(24).putInt(20, k).array();
  }

  private static byte[] value(int k, long revision, int position) {
    return ByteBuffer.allocate(20).putInt(k).putLong(revision).putInt(position).putInt(~k).array();
  }

  @Test
  @Timeout(60)
  void readersSeeExactlyThePublishedPrefix() throws Exception {
    int[][] history = history(new SplittableRandom(SEED));
    List<List<Integer>> revisionsOfKey = new ArrayList<>();
    for (int k = 0; k < KEYS; k++) {
      revisionsOfKey.add(new ArrayList<>());
    }
    long[] distinctUpTo = new long[REVISIONS + 1];
    for (int r = 1; r <= REVISIONS; r++) {
      int[] distinct = Arrays.stream(history[r]).distinct().toArray();
      distinctUpTo[r] = distinctUpTo[r - 1] + distinct.length;
      for (int k : distinct) {
        revisionsOfKey.get(k).add(r);
      }
    }
    Memtable table = new Memtable(1, SEED);
    AtomicLong published = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> readers = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        SplittableRandom random = new SplittableRandom(SEED + n);
        Callable<Long> reader =
            () -> {
              long checks = 0;
              Lookup lookup = new Lookup();
              for (long at = 0; at < REVISIONS; checks++) {
                at = published.get();
                for (int i = 0; i < 200; i++) {
                  checkGet(table, lookup, random.nextInt(KEYS), at, revisionsOfKey, history);
                }
                checkScan(table, at, distinctUpTo[(int) at], history);
              }
              return checks;
            };
        readers.add(pool.submit(reader));
      }
      pool.submit(
              () -> {
                for (int r = 1; r <= REVISIONS; r++) {
                  int[] keys = history[r];
                  for (int i = 0; i < keys.length; i++) {
                    byte[] key = key(keys[i]);
                    byte[] value = value(keys[i], r, i);
                    table.put(r, ValueKind.PUT, key, 0, key.length, value, 0, value.length);
                  }
                  published.set(r);
                }
              })
          .get();
      for (Future<Long> reader : readers) {
        assertTrue(reader.get() > 0);
      }
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError("replay with -Dseed=" + SEED, e);
    } finally {
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  private static void checkGet(
      Memtable table,
      Lookup lookup,
      int k,
      long at,
      List<List<Integer>> revisionsOfKey,
      int[][] history) {
    byte[] key = key(k);
    lookup.ask(key, 0, key.length, at);
    table.get(lookup);
    long want = 0;
    for (int r : revisionsOfKey.get(k)) {
      if (r > at) {
        break;
      }
      want = r;
    }
    if (want == 0) {
      assertEquals(Lookup.Answer.UNKNOWN, lookup.answer);
      return;
    }
    assertEquals(Lookup.Answer.FOUND, lookup.answer);
    assertEquals(want, lookup.foundRevision);
    int position = lastPosition(history[(int) want], k);
    assertTrue(
        Arrays.equals(
            value(k, want, position),
            MemtableModel.bytes(lookup.valueSegment, lookup.valueOffset, lookup.valueLength)));
  }

  private static int lastPosition(int[] keys, int k) {
    int position = -1;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] == k) {
        position = i;
      }
    }
    return position;
  }

  /** Every entry up to the revision exactly once, in order, none invented. */
  private static void checkScan(Memtable table, long at, long want, int[][] history) {
    long seen = 0;
    byte[] previousKey = new byte[0];
    long previousRevision = Long.MAX_VALUE;
    try (EntryCursor cursor = table.cursor()) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        byte[] key =
            Arrays.copyOfRange(
                cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
        int order = Arrays.compareUnsigned(previousKey, key);
        assertTrue(order < 0 || order == 0 && previousRevision > cursor.revision());
        previousKey = key;
        previousRevision = cursor.revision();
        byte[] value =
            MemtableModel.bytes(cursor.valueSegment(), cursor.valueOffset(), cursor.valueLength());
        ByteBuffer parts = ByteBuffer.wrap(value);
        int k = parts.getInt();
        assertTrue(Arrays.equals(key(k), key));
        assertEquals(cursor.revision(), parts.getLong());
        int position = parts.getInt();
        assertEquals(~k, parts.getInt());
        if (cursor.revision() <= at) {
          assertEquals(lastPosition(history[(int) cursor.revision()], k), position);
          seen++;
        }
      }
    }
    assertEquals(want, seen);
  }
}
