package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.StorageIoException;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store whose tables are more than the memory for them: the same answers, and errors that stay small. */
@Timeout(60)
class UnmappedReadsTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int ENTRIES = 3000;

  @TempDir private Path temp;

  private static Options.Builder options() {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(64 << 10)
        .slotBytes(64 << 10)
        .spaceReserveBytes(0)
        .tableMemoryBytes(1);
  }

  private static void fill(AtllDb db) {
    for (int i = 0; i < ENTRIES; i++) {
      db.put(Content.key(i * 7919 % ENTRIES), Content.value(i * 7919 % ENTRIES, 200));
    }
    db.flush();
    db.compact(KeyRange.all());
  }

  private static void check(AtllDb db) {
    for (int i = 0; i < ENTRIES; i++) {
      assertArrayEquals(Content.value(i, 200), db.get(Content.key(i)), "key " + i);
    }
  }

  /** EIO where one block is: a typed error that names the table, there and nowhere else. */
  @Test
  void anErrorOfTheDeviceHitsOneReadOnly() {
    SimEnv sim = new SimEnv(1);
    FaultFileSystem faulty = new FaultFileSystem(sim.files());
    Env world = new EnvWithFiles(sim, faulty);
    try (AtllDb db = Atll.open(DIRECTORY, options().build(), Observer.none(), world)) {
      fill(db);
      check(db);
      int failed = 0;
      for (int i = 0; i < ENTRIES; i += 101) {
        byte[] key = Content.key(i);
        faulty.add(
            new FaultRule(
                OpKind.READ_BLOCK, name -> name.endsWith(".sst"), 1, false, Fault.ioError()));
        try {
          assertArrayEquals(Content.value(i, 200), db.get(key));
        } catch (StorageIoException e) {
          failed++;
          assertTrue(e.getMessage().contains(".sst"), e.getMessage());
          assertTrue(e.getMessage().contains(" bytes at "), e.getMessage());
        }
        // The block may have been in a frame: then nothing failed, and nothing is to.
        faulty.clear();
        assertArrayEquals(Content.value(i, 200), db.get(key));
      }
      assertTrue(failed > 10, failed + " reads failed");
      check(db);
      faulty.add(
          new FaultRule(OpKind.READ_BLOCK, name -> name.endsWith(".sst"), 1, true, Fault.ioError()));
      assertThrows(StorageIoException.class, () -> db.count(KeyRange.all()));
      faulty.clear();
      assertEquals(ENTRIES, db.count(KeyRange.all()));
      db.verify();
    }
  }

  /** A byte of the device changes while the store is open: no wrong answer, and only there. */
  @Test
  void damageUnderAnOpenStoreIsSeen() throws IOException {
    SimEnv sim = new SimEnv(3);
    try (AtllDb db = Atll.open(DIRECTORY, options().build(), Observer.none(), sim)) {
      fill(db);
      check(db);
      try (Storage storage = sim.files().open(DIRECTORY, false)) {
        for (String name : storage.list()) {
          // Of each third page: some blocks are in frames, where they are whole.
          for (long at = 2000; name.endsWith(".sst") && at < storage.length(name); at += 3 * 4096) {
            sim.files().corrupt(DIRECTORY.resolve(name), at, 0x10);
          }
        }
      }
      int damaged = 0;
      for (int i = 0; i < ENTRIES; i++) {
        try {
          assertArrayEquals(Content.value(i, 200), db.get(Content.key(i)), "key " + i);
        } catch (CorruptionException e) {
          assertTrue(e.file().endsWith(".sst"), e.file());
          damaged++;
        }
      }
      assertTrue(damaged > 100 && damaged < 2 * ENTRIES / 3, damaged + " keys");
    }
  }

  /** A get inside a function over the value of another: each has its block. */
  @Test
  void readsWithinReadsKeepTheirValues() {
    SimEnv sim = new SimEnv(2);
    try (AtllDb db = Atll.open(DIRECTORY, options().build(), Observer.none(), sim)) {
      fill(db);
      for (int i = 0; i < 200; i++) {
        int outer = i * 13 % ENTRIES;
        int inner = i * 17 % ENTRIES;
        byte[] seen =
            db.get(
                Content.key(outer),
                value -> {
                  assertArrayEquals(Content.value(inner, 200), db.get(Content.key(inner)));
                  db.get(
                      Content.key(inner + 1),
                      other -> other.toArray(ValueLayout.JAVA_BYTE));
                  return value.toArray(ValueLayout.JAVA_BYTE);
                });
        assertArrayEquals(Content.value(outer, 200), seen);
      }
    }
  }

  /** On a real disk, growing out of its memory and back into it, with cursors open on the way. */
  @Test
  void aStoreThatGrowsAndShrinksAnswersAlike() {
    Options options = options().tableMemoryBytes(400 << 10).build();
    try (AtllDb db = Atll.open(temp, options)) {
      for (int i = 0; i < 1000; i++) {
        db.put(Content.key(i), Content.value(i, 200));
      }
      db.flush();
      try (Cursor early = db.cursor(KeyRange.all())) {
        assertTrue(early.next());
        fill(db);
        check(db);
        int count = 1;
        while (early.next()) {
          assertArrayEquals(Content.value(count, 200), early.valueBytes());
          count++;
        }
        assertEquals(1000, count);
      }
      try (Cursor back = db.cursor(KeyRange.all())) {
        for (int i = ENTRIES - 1; i >= 0; i--) {
          assertTrue(back.previous());
          assertArrayEquals(Content.key(i), back.keyBytes());
          assertArrayEquals(Content.value(i, 200), back.valueBytes());
        }
      }
      for (int i = 500; i < ENTRIES; i++) {
        db.delete(Content.key(i));
      }
      db.flush();
      db.compact(KeyRange.all());
      for (int i = 0; i < 500; i++) {
        assertArrayEquals(Content.value(i, 200), db.get(Content.key(i)), "key " + i);
      }
      assertEquals(500, db.count(KeyRange.all()));
      db.verify();
    }
    try (AtllDb db = Atll.open(temp, options.toBuilder().tableMemoryBytes(1).build())) {
      assertEquals(500, db.count(KeyRange.all()));
    }
  }
}
