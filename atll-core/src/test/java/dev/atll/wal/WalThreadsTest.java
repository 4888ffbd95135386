package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Env;
import dev.atll.env.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One thread appends while others force and collect, on real files. */
final class WalThreadsTest {
  private static final int REVISIONS = 3_000;

  @Test
  @Timeout(60)
  void appendsForcesAndCollectsAtOnce(@TempDir Path directory) throws Exception {
    Env env = Env.system();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong flushed = new AtomicLong();
    try (Storage storage = env.files().open(directory, true)) {
      WalWriter writer =
          new WalWriter(
              storage,
              env.clock(),
              WalListener.NONE,
              WalWorld.STORE_ID,
              2_000,
              RecoveredLog.EMPTY,
              0);
      List<Future<?>> helpers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        helpers.add(
            pool.submit(
                () -> {
                  while (!done.get()) {
                    long before = writer.lastRevision();
                    long reached = writer.sync();
                    assertTrue(reached >= before && reached <= writer.lastRevision());
                  }
                  return null;
                }));
      }
      helpers.add(
          pool.submit(
              () -> {
                while (!done.get()) {
                  long target = writer.durableRevision() / 2;
                  flushed.set(Math.max(flushed.get(), target));
                  writer.collect(flushed.get() + 1);
                  // The first append makes the first segment, whenever its thread comes to it.
                  boolean begun = writer.lastRevision() > 0;
                  assertTrue(!begun || !writer.segments().isEmpty());
                  Thread.yield();
                }
                return null;
              }));
      for (long revision = 1; revision <= REVISIONS; revision++) {
        WalWorld.append(writer, revision, 1, 0);
        if (revision % 500 == 0) {
          writer.roll();
        }
      }
      done.set(true);
      for (Future<?> helper : helpers) {
        helper.get();
      }
      writer.close();
      assertEquals(REVISIONS, writer.durableRevision());
    } finally {
      done.set(true);
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
      env.workers().close();
    }
    try (Storage storage = env.files().open(directory, false)) {
      List<Long> seen = new ArrayList<>();
      RecoveredLog log =
          WalRecovery.replay(
              storage, WalWorld.STORE_ID, 0, flushed.get(), (r, bytes, from, length) -> seen.add(r));
      assertEquals(WalWorld.range(flushed.get() + 1, REVISIONS), seen);
      assertTrue(log.sealed());
    }
  }
}
