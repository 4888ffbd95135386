package dev.atll.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What was deleted is gone from disk by its deadline, also when nobody writes or reads any more. */
final class DeadlineTest {
  private static final int KEYS = 20_000;
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private static byte[] key(int i) {
    return "%06d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  private static long entries(AtllDb db) {
    return db.stats().levels().stream().mapToLong(Stats.LevelStats::entries).sum();
  }

  @Test
  void deletionsGoThoughNothingElseHappens() {
    SimEnv env = new SimEnv(1);
    Options options =
        Options.builder()
            .memtableBytes(64 << 10)
            .slotBytes(64 << 10)
            .fanout(4)
            .levelCount(4)
            .spaceReserveBytes(0)
            .durability(Durability.OS)
            .deleteDeadline(DEADLINE)
            .build();
    Observer observer = new Observer(Meter.none(), EventSink.none());
    try (AtllDb db = Atll.open(Path.of("/db"), options, observer, env)) {
      for (int i = 0; i < KEYS; i++) {
        db.put(key(i * 7919 % KEYS), new byte[40]);
      }
      for (int i = 0; i < KEYS; i += 100) {
        db.delete(key(i));
      }
      db.flush();
      env.workers().advance(DEADLINE.toNanos() / 2);
      long before = entries(db);
      env.workers().advance(DEADLINE.toNanos() / 2);
      long kept = KEYS - KEYS / 100;
      // Entries of a view are an estimate, here off by a few of two hundred deletions and as many keys.
      long off = KEYS / 100 / 5;
      assertTrue(before > kept + 3 * off, before + " entries half way: nothing was left to do");
      assertEquals(kept, entries(db), off);
    }
  }
}
