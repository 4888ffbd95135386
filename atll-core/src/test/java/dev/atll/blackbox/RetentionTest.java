package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.RevisionUnavailableException;
import dev.atll.api.Snapshot;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Retention counts the revisions that writes have, whatever happened between them. */
class RetentionTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final byte[] KEY = {7};

  private static AtllDb open(SimFileSystem files, int retained) {
    Options options =
        Options.builder().retainedRevisions(retained).spaceReserveBytes(0).build();
    return Atll.open(DIRECTORY, options, Observer.none(), new SimEnv(1, files));
  }

  private static byte[] value(long revision) {
    return Content.value(revision, 20);
  }

  /** Writes so many times; each value says which revision it has. */
  private static long write(AtllDb db, int times) {
    long last = 0;
    for (int i = 0; i < times; i++) {
      last = db.put(KEY, value(db.visibleRevision() + 1));
    }
    return last;
  }

  private static void assertReads(AtllDb db, long revision) {
    try (Snapshot snapshot = db.snapshotAt(revision)) {
      assertArrayEquals(value(revision), snapshot.get(KEY), "revision " + revision);
    }
  }

  @Test
  void anUncleanStopRetiresNothing() {
    SimFileSystem files = new SimEnv(1).files();
    AtllDb first = open(files, 40);
    assertEquals(50, write(first, 50));
    SimFileSystem left = files.kill();
    try (AtllDb db = open(left, 40)) {
      assertTrue(db.visibleRevision() > 1 << 20, "revisions that were lost are not used again");
      assertEquals(db.visibleRevision(), db.durableRevision());
      assertReads(db, 30);
      long second = write(db, 1);
      db.flush();
      assertReads(db, 30);
      db.compact(KeyRange.all());
      assertReads(db, 30);
      assertEquals(11, db.oldestReadableRevision(), "39 of the first process, and the newest");
      write(db, 25);
      db.flush();
      db.compact(KeyRange.all());
      assertReads(db, 36);
      assertReads(db, second + 3);
      assertThrows(RevisionUnavailableException.class, () -> db.snapshotAt(35));
    }
    // The gap is known after a clean close as well, and after a second unclean stop.
    AtllDb third = open(left, 40);
    assertReads(third, 36);
    write(third, 1);
    third.flush();
    SimFileSystem again = left.kill();
    try (AtllDb db = open(again, 40)) {
      assertReads(db, 37);
      long last = write(db, 5);
      db.flush();
      db.compact(KeyRange.all());
      assertReads(db, 42);
      assertReads(db, last - 2);
      assertThrows(RevisionUnavailableException.class, () -> db.snapshotAt(41));
      assertEquals(db.visibleRevision(), db.durableRevision());
    }
  }

  @Test
  void theMessageNamesTheOption() {
    try (AtllDb db = open(new SimEnv(1).files(), 0)) {
      RevisionUnavailableException e =
          assertThrows(RevisionUnavailableException.class, () -> db.snapshotAt(1));
      assertTrue(e.getMessage().contains("Options.retainedRevisions"), e.getMessage());
    }
  }

  @Test
  void aHeldSnapshotDoesNotLowerTheFloor() {
    SimFileSystem files = new SimEnv(1).files();
    Options options =
        Options.builder().retainedRevisions(5).policy("leveled").spaceReserveBytes(0).build();
    AtllDb first = Atll.open(DIRECTORY, options, Observer.none(), new SimEnv(1, files));
    write(first, 10);
    try (Snapshot held = first.snapshotAt(8)) {
      write(first, 20);
      first.flush();
      write(first, 20);
      first.flush();
      // The floor has moved on since the last flush: the merge drops more, and has to say so itself.
      write(first, 20);
      assertTrue(first.settle(Duration.ofMinutes(1)));
      assertTrue(first.stats().compactions() > 0);
      assertArrayEquals(value(8), held.get(KEY));
      // Asked for more than was kept, the store must know what it has dropped.
      try (AtllDb db = open(files.kill(), 100)) {
        int kept = 0;
        for (long revision = 1; revision <= 70; revision++) {
          try (Snapshot snapshot = db.snapshotAt(revision)) {
            assertArrayEquals(value(revision), snapshot.get(KEY), "revision " + revision);
            kept++;
          } catch (RevisionUnavailableException e) {
            assertTrue(revision < 66, e::getMessage);
          }
        }
        assertTrue(kept >= 5, "revisions kept: " + kept);
      }
    }
  }
}
