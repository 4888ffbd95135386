package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writers of mixed durability beside flush, sync and close: none hangs, revisions are unique and
 * without gaps, and each synced write is durable when it returns.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class MixedDurabilityTest {
  private static final Durability[] DURABILITIES = Durability.values();

  @TempDir private Path temp;
  private final long seed = Long.getLong("atll.seed", System.nanoTime());

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 32, 64})
  void everyWriteReturnsAndIsAsDurableAsAskedFor(int writers) throws Exception {
    Options options =
        Options.builder().memtableBytes(64 << 10).walSegmentBytes(64 << 10).build();
    BitSet revisions = new BitSet();
    AtomicInteger failed = new AtomicInteger();
    AtomicLong written = new AtomicLong();
    AtllDb db = Atll.open(temp, options);
    long first = db.visibleRevision();
    Crew crew = new Crew(seed);
    crew.start(
        "writer",
        writers,
        random -> {
          Durability durability = DURABILITIES[random.nextInt(DURABILITIES.length)];
          long revision;
          try {
            revision = db.write(batch(random), durability);
          } catch (StoreClosedException e) {
            failed.incrementAndGet();
            crew.stop();
            return;
          }
          written.incrementAndGet();
          if (durability == Durability.SYNC) {
            long durable = db.durableRevision();
            assertTrue(
                durable >= revision, () -> "durable " + durable + ", synced " + revision);
          }
          assertTrue(db.visibleRevision() >= revision);
          synchronized (revisions) {
            assertTrue(!revisions.get((int) (revision - first)), "given twice: " + revision);
            revisions.set((int) (revision - first));
          }
        });
    crew.start(
        "meddler",
        1,
        random -> {
          try {
            if (random.nextBoolean()) {
              db.flush();
            } else {
              db.sync();
            }
          } catch (StoreClosedException e) {
            crew.stop();
          }
        });
    crew.work(400);
    Thread closer = Thread.ofPlatform().daemon().start(db::close);
    closer.join(60_000);
    assertTrue(!closer.isAlive(), "close hangs, seed " + seed);
    crew.finish();
    assertTrue(written.get() > 0);
    assertEquals(written.get(), revisions.cardinality());
    // A write may have been done although its caller was told of the close, but then it was last.
    long missing = revisions.length() - 1L - revisions.cardinality();
    assertTrue(missing >= 0 && missing <= failed.get(), missing + " gaps, seed " + seed);
  }

  private static WriteBatch batch(SplittableRandom random) {
    WriteBatch batch = new WriteBatch();
    for (int i = random.nextInt(3); i >= 0; i--) {
      batch.put(Content.key(random.nextInt(1000)), new byte[random.nextInt(300)]);
    }
    return batch;
  }
}
