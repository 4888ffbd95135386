package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A store that outgrows the memory for its tables while it is open reads all of them by way of the cache. */
class ResidenceTest {
  private static final int KEYS = 50;
  private static final int GETS = 40;

  @Test
  void tablesThatWereMappedUseTheCacheAsWell() {
    Options options =
        Options.builder().tableMemoryBytes(256 << 10).blockCacheBytes(0).spaceReserveBytes(0).build();
    try (AtllDb db = Atll.open(Path.of("/db"), options, Observer.none(), new SimEnv(1))) {
      for (int i = 0; i < KEYS; i++) {
        db.put(Content.key(i), Content.value(i, 100));
      }
      db.flush();
      read(db);
      assertEquals(0, db.stats().cacheHits(), "mapped tables are read in place");
      // Beyond all the others, so that it does not come into their table.
      db.put(new byte[] {(byte) 0xFF}, new byte[512 << 10]);
      db.flush();
      assertEquals(0, db.stats().compactions());
      read(db);
      long hits = db.stats().cacheHits();
      assertTrue(hits > GETS / 2, () -> "hits of " + GETS + " gets of one block: " + hits);
    }
  }

  private static void read(AtllDb db) {
    for (int i = 0; i < GETS; i++) {
      assertArrayEquals(Content.value(7, 100), db.get(Content.key(7)));
    }
  }
}
