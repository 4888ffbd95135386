package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A full disk lets a store be opened and read; it makes nothing durable, and a sync says so. */
class SyncAfterFullDiskTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int WRITES = 20;

  private static AtllDb open(SimFileSystem files) {
    Options options =
        Options.builder().durability(Durability.OS).spaceReserveBytes(0).build();
    return Atll.open(DIRECTORY, options, Observer.none(), new SimEnv(1, files));
  }

  @Test
  void aSyncReturnsOnlyWhenTheRecoveredLogIsDurable() {
    int refusedOpens = 0;
    int refusedSyncs = 0;
    int synced = 0;
    for (int room : new int[] {0, 50, 100, 150, 200, 500, 1_000, 4_000, 100_000, 1_000_000}) {
      SimFileSystem first = new SimEnv(1).files();
      AtllDb killed = open(first);
      for (int i = 0; i < WRITES; i++) {
        killed.put(Content.key(i), Content.value(i, 100));
      }
      SimFileSystem left = first.kill();
      left.setCapacity(left.usedBytes() + room);
      AtllDb db;
      try {
        db = open(left);
      } catch (StorageFullException e) {
        refusedOpens++;
        continue;
      }
      assertArrayEquals(Content.value(3, 100), db.get(Content.key(3)));
      try {
        db.sync();
        synced++;
      } catch (StorageFullException e) {
        refusedSyncs++;
        left.setCapacity(Long.MAX_VALUE);
        db.sync();
      }
      SimFileSystem cut = left.crash(new SimEnv(1).random("cut"), CrashMode.SYNCED_ONLY);
      try (AtllDb later = open(cut)) {
        assertEquals(WRITES, later.count(KeyRange.all()), "room " + room);
      }
    }
    assertTrue(
        refusedOpens > 0 && refusedSyncs > 0 && synced > 0,
        refusedOpens + " opens, " + refusedSyncs + " syncs refused, " + synced + " not");
  }
}
