package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large batches take a while to be inserted: whoever has seen the first entry of one, by any kind of
 * read, sees the last one too.
 */
class BatchVisibilityTest {
  private static final int ENTRIES = 4_000;
  private static final int BATCHES = 40;

  private static final List<BiFunction<AtllDb, byte[], Integer>> READS =
      List.of(
          (db, key) -> ByteBuffer.wrap(db.get(key)).getInt(),
          (db, key) -> db.get(key, value -> value.asByteBuffer().getInt()),
          (db, key) -> {
            try (var snapshot = db.snapshot()) {
              return ByteBuffer.wrap(snapshot.get(key)).getInt();
            }
          },
          (db, key) -> {
            try (var cursor = db.cursor(KeyRange.from(key))) {
              assertTrue(cursor.next());
              return ByteBuffer.wrap(cursor.valueBytes()).getInt();
            }
          });

  private static void write(AtllDb db, int value) {
    WriteBatch batch = new WriteBatch();
    byte[] bytes = ByteBuffer.allocate(4).putInt(value).array();
    for (int i = 0; i < ENTRIES; i++) {
      batch.put(Content.key(i), bytes);
    }
    db.write(batch, Durability.OS);
  }

  @Test
  @Timeout(60)
  void whoSeesTheFirstEntrySeesTheLast(@TempDir Path temp) throws Exception {
    Options options = Options.builder().spaceReserveBytes(0).memtableBytes(1 << 20).build();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService pool = Executors.newFixedThreadPool(1);
        AtllDb db = Atll.open(temp, options)) {
      write(db, 0);
      Future<Integer> reader =
          pool.submit(
              () -> {
                int looks = 0;
                for (; !done.get(); looks++) {
                  var first = READS.get(looks % READS.size());
                  var last = READS.get(looks / READS.size() % READS.size());
                  int before = first.apply(db, Content.key(0));
                  int after = last.apply(db, Content.key(ENTRIES - 1));
                  assertTrue(after >= before, () -> before + " was seen, and then " + after);
                }
                return looks;
              });
      try {
        for (int i = 1; i <= BATCHES && !reader.isDone(); i++) {
          write(db, i);
        }
      } finally {
        done.set(true);
      }
      assertTrue(reader.get(50, TimeUnit.SECONDS) > 0);
    }
  }
}
