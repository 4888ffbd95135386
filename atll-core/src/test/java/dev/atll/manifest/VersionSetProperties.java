package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreFailedException;
import dev.atll.version.RandomEdits;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionText;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories of a version set: reopened, killed, with failing calls and full disks. */
final class VersionSetProperties {
  private static final int LEVELS = 3;
  private static final long STORE_ID = 0x5EED_0123_4567_89ABL;

  private static ManifestOptions options(Random random) {
    return new ManifestOptions(1 + random.nextInt(4000), 1 + random.nextInt(20));
  }

  @Property(tries = 60)
  void reopeningAndKillingLosesNothingAndRepeatsNoNumber(@ForAll long seed) {
    Random random = new Random(seed);
    RamStorage storage = new RamStorage();
    VersionSet[] set = {VersionSet.create(storage, LEVELS, STORE_ID, options(random))};
    Set<Long> given = new HashSet<>();
    RandomEdits edits =
        new RandomEdits(
            random,
            () -> {
              long number = set[0].nextNumber();
              assertTrue(given.add(number), "number given twice: " + number);
              return number;
            });
    for (int i = 0; i < 60; i++) {
      set[0].install(edits.next(set[0].current()));
      if (random.nextInt(8) == 0) {
        String before = VersionText.shape(set[0].current());
        if (random.nextBoolean()) {
          set[0].close();
        } else {
          storage = storage.copy(); // killed: the old set is left as it is
        }
        set[0] = VersionSet.recover(storage, options(random));
        assertEquals(before, VersionText.shape(set[0].current()));
        assertEquals(STORE_ID, set[0].storeId());
        assertEquals(-1, set[0].recovered().cutOffset());
      }
      long manifests = storage.files.keySet().stream().filter(n -> n.startsWith("M")).count();
      assertTrue(manifests <= 2, "manifests: " + storage.files.keySet());
    }
  }

  /** Each call fails once: nothing is installed afterwards, nothing deleted, and either tree is there. */
  @Property(tries = 25)
  void anyFailingCallStopsChangesButLosesNothing(@ForAll long seed) {
    for (int call = 0; ; call++) {
      Random random = new Random(seed);
      RamStorage storage = new RamStorage();
      VersionSet set = VersionSet.create(storage, LEVELS, STORE_ID, options(random));
      RandomEdits edits = new RandomEdits(random, set::nextNumber);
      int[] countdown = {call};
      boolean[] fired = {false};
      storage.fault =
          (kind, name) -> {
            if (countdown[0]-- == 0) {
              fired[0] = true;
              throw new IOException("planned failure of " + kind + " " + name);
            }
          };
      String before = "";
      String after = "";
      try {
        for (int i = 0; i < 10; i++) {
          before = VersionText.shape(set.current());
          VersionEdit edit = edits.next(set.current());
          after = VersionText.shape(set.current().apply(edit));
          set.install(edit);
          assertEquals(after, VersionText.shape(set.current()));
          before = after;
        }
      } catch (StoreFailedException e) {
        assertTrue(fired[0]);
        assertEquals(before, VersionText.shape(set.current()));
      }
      if (!fired[0]) {
        return;
      }
      if (set.failure() != null) {
        storage.journal.clear();
        assertThrows(StoreFailedException.class, () -> set.install(new VersionEdit()));
        assertThrows(StoreFailedException.class, set::nextNumber);
        set.close();
        assertEquals(List.of(), storage.journal);
      } else {
        // The only failure that may pass is that of deleting what nobody needs.
        assertTrue(storage.journal.toString().contains("DELETE"));
      }
      VersionSet again = VersionSet.recover(storage, options(random));
      String found = VersionText.shape(again.current());
      if (!found.equals(before)) {
        assertEquals(after, found);
      }
      again.install(new RandomEdits(random, again::nextNumber).next(again.current()));
    }
  }

  /** The disk is full after any number of bytes: a typed refusal, and life goes on when there is room. */
  @Property(tries = 60)
  void fullDiskRefusesAndRecovers(@ForAll long seed) {
    Random random = new Random(seed);
    RamStorage storage = new RamStorage();
    VersionSet set = VersionSet.create(storage, LEVELS, STORE_ID, options(random));
    RandomEdits edits = new RandomEdits(random, set::nextNumber);
    for (int i = 0; i < 40; i++) {
      VersionEdit edit = edits.next(set.current());
      String before = VersionText.shape(set.current());
      String after = VersionText.shape(set.current().apply(edit));
      storage.freeBytes = random.nextInt(600);
      try {
        set.install(edit);
        assertEquals(after, VersionText.shape(set.current()));
      } catch (StorageFullException e) {
        assertEquals(before, VersionText.shape(set.current()));
        assertNull(set.failure());
        RamStorage copy = storage.copy();
        copy.freeBytes = Long.MAX_VALUE >> 1;
        VersionSet killed = VersionSet.recover(copy, options(random));
        assertEquals(before, VersionText.shape(killed.current()));
        storage.freeBytes = Long.MAX_VALUE >> 1;
        set.install(edit);
        assertEquals(after, VersionText.shape(set.current()));
      }
      storage.freeBytes = Long.MAX_VALUE >> 1;
      RamStorage copy = storage.copy();
      assertEquals(after, VersionText.shape(VersionSet.recover(copy, options(random)).current()));
    }
  }

  @Property(tries = 60)
  void editsThatDoNotFitAreRefusedBeforeTheyAreLogged(@ForAll long seed) {
    Random random = new Random(seed);
    RamStorage storage = new RamStorage();
    VersionSet set = VersionSet.create(storage, LEVELS, STORE_ID, options(random));
    RandomEdits edits = new RandomEdits(random, set::nextNumber);
    for (int i = 0; i < 20; i++) {
      set.install(edits.next(set.current()));
    }
    Object before = set.current();
    storage.journal.clear();
    VersionEdit bad = new VersionEdit();
    bad.removedRuns.add(new VersionEdit.LevelRunId(1, 1L << 50));
    assertThrows(IllegalArgumentException.class, () -> set.install(bad));
    VersionEdit unallocated = new RandomEdits(random, () -> 1L << 50).next(set.current());
    if (!unallocated.addedRuns.isEmpty()) {
      assertThrows(IllegalArgumentException.class, () -> set.install(unallocated));
    }
    assertSame(before, set.current());
    assertEquals(List.of(), storage.journal);
  }

  /** Starting fails at any call: the store opens afterwards as if the start had never been tried. */
  @Property(tries = 10)
  void aStartThatFailsCanBeRepeated(@ForAll long seed) {
    Random random = new Random(seed);
    for (int call = 0; ; call++) {
      RamStorage storage = new RamStorage();
      VersionSet set = VersionSet.create(storage, LEVELS, STORE_ID, options(random));
      RandomEdits edits = new RandomEdits(random, set::nextNumber);
      for (int i = 0; i < 5; i++) {
        set.install(edits.next(set.current()));
      }
      set.close();
      String before = VersionText.shape(set.current());
      int[] countdown = {call};
      storage.fault =
          (kind, name) -> {
            if (countdown[0]-- == 0) {
              throw new IOException("planned failure of " + kind + " " + name);
            }
          };
      boolean failed = false;
      try {
        VersionSet.recover(storage, options(random)).close();
      } catch (StorageIoException e) {
        failed = true;
      }
      storage.fault = (kind, name) -> {};
      VersionSet again = VersionSet.recover(storage, options(random));
      assertEquals(before, VersionText.shape(again.current()));
      assertNotNull(again.install(new VersionEdit()));
      if (countdown[0] >= 0) {
        assertTrue(call > 8 && !failed);
        return;
      }
    }
  }

  /** Creating fails at any call, in a directory left by an earlier attempt. */
  @Property(tries = 1)
  void aCreationThatFailsCanBeRepeated() {
    RamStorage storage = new RamStorage();
    for (int call = 0; call < 9; call++) {
      int[] countdown = {call};
      storage.fault =
          (kind, name) -> {
            if (countdown[0]-- == 0) {
              throw new IOException("planned failure of " + kind + " " + name);
            }
          };
      assertThrows(
          StorageIoException.class,
          () -> VersionSet.create(storage, LEVELS, STORE_ID, ManifestOptions.DEFAULT),
          "call " + call);
      storage.fault = (kind, name) -> {};
      if (VersionSet.isPresent(storage)) {
        assertEquals(LEVELS, VersionSet.recover(storage, ManifestOptions.DEFAULT).current().levelCount());
        storage.files.clear();
      }
    }
    VersionSet.create(storage, LEVELS, STORE_ID, ManifestOptions.DEFAULT);
  }
}
