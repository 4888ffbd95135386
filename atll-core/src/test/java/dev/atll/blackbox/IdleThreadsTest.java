package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
import dev.atll.api.Options;
import dev.atll.api.WriteBatch;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What threads that wrote once and then only live keep in memory: nothing of size. */
@Timeout(60)
class IdleThreadsTest {
  private static final int THREADS = 2;

  @TempDir private Path temp;

  private static Options options() {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(1 << 20)
        .valueBytesMax(8 << 20)
        .build();
  }

  private static void expectGone(WeakReference<?> reference, String what) throws Exception {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(reference.get(), what + " is kept");
  }

  @Test
  void idleThreadsKeepNeitherTheirLastBatchNorTheStore() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<WeakReference<?>> batches = new ArrayList<>();
    try {
      WeakReference<AtllDb> store = use(pool, batches);
      for (WeakReference<?> batch : batches) {
        expectGone(batch, "a batch");
      }
      expectGone(store, "a closed store");
    } finally {
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  private WeakReference<AtllDb> use(ExecutorService pool, List<WeakReference<?>> batches)
      throws Exception {
    AtllDb db = Atll.open(temp, options());
    CountDownLatch all = new CountDownLatch(THREADS);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      byte[] key = {(byte) t};
      done.add(
          pool.submit(
              () -> {
                all.countDown();
                assertTrue(all.await(20, TimeUnit.SECONDS));
                WriteBatch batch = new WriteBatch().put(key, new byte[2 << 20]);
                db.write(batch);
                synchronized (batches) {
                  batches.add(new WeakReference<>(batch.encoded()));
                }
                db.put(key, new byte[2 << 20]);
                try {
                  db.put(key, new byte[16 << 20]);
                } catch (InvalidInputException e) {
                  // Too long: it must leave nothing either.
                }
                db.get(key);
                return null;
              }));
    }
    for (Future<?> future : done) {
      future.get(30, TimeUnit.SECONDS);
    }
    db.flush();
    for (WeakReference<?> batch : batches) {
      expectGone(batch, "a batch, with the store open,");
    }
    db.close();
    return new WeakReference<>(db);
  }
}
