package dev.atll.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The index while it grows: whatever was added before a read began is found by it. */
@Timeout(60)
final class KeyIndexTest {
  /** One table grows from 8 to a million slots; all readers look into the one that grows. */
  private static final int KEYS = 600_000;

  private static final long SEED = Long.getLong("seed", 11);

  /** The node of a hash, or 0. */
  private static int find(KeyIndex index, long hash) {
    long[] table = index.table(hash);
    if (table == null) {
      return 0;
    }
    int place = KeyIndex.start(table, hash);
    for (long slot = KeyIndex.slot(table, place); slot != 0; slot = KeyIndex.slot(table, place)) {
      if (KeyIndex.isOf(slot, hash)) {
        return KeyIndex.node(slot);
      }
      place = KeyIndex.after(table, place);
    }
    return 0;
  }

  private static long hash(int key) {
    // A bijection of ints below, so that no two hashes look alike; the high bits choose the table.
    return 9L << 58 | (key * 0x9E3779B9 & 0xFFFF_FFFFL);
  }

  @Test
  void whatWasAddedIsFoundWhileTheIndexGrows() throws Exception {
    KeyIndex index = new KeyIndex();
    AtomicInteger added = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<Long>> readers = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        SplittableRandom random = new SplittableRandom(SEED + n);
        readers.add(
            pool.submit(
                () -> {
                  long found = 0;
                  for (int upTo = 0; upTo < KEYS; ) {
                    upTo = added.get();
                    for (int i = 0; upTo > 0 && i < 32; i++, found++) {
                      int key = random.nextInt(upTo);
                      assertEquals(key + 1, find(index, hash(key)), "of " + upTo + " added");
                    }
                  }
                  return found;
                }));
      }
      for (int key = 0; key < KEYS; key++) {
        index.add(hash(key), key + 1);
        added.set(key + 1);
      }
      for (Future<Long> reader : readers) {
        assertTrue(reader.get() > 0);
      }
    } finally {
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
    }
  }
}
