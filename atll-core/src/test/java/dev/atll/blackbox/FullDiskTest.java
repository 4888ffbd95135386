package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full: writes are refused with one type of error, reads go on, deletions work
 * within the reserve, and nothing that returned is lost, at whatever point the space ran out.
 */
class FullDiskTest {
  private static final int VALUE_BYTES = 700;
  private static final int WRITES_MAX = 60_000;

  @TempDir private Path temp;
  private final Content content = new Content();
  private int refused;

  private static Options options(long reserve) {
    return Options.builder()
        .levelCount(3)
        .memtableBytes(64 << 10)
        .walSegmentBytes(64 << 10)
        .slotBytes(32 << 10)
        .blockCacheBytes(0)
        .spaceReserveBytes(reserve)
        .revisionReserve(50)
        .build();
  }

  /** Writes until so many writes in a row were refused. */
  private void fill(AtllDb db, int from, int refusals) {
    int inARow = 0;
    for (int i = from; inARow < refusals; i++) {
      if (i - from > WRITES_MAX) {
        fail("the disk does not fill");
      }
      byte[] key = Content.key(i);
      byte[] value = Content.value(i, VALUE_BYTES);
      try {
        db.put(key, value);
        content.put(key, value);
        inARow = 0;
      } catch (StorageFullException e) {
        refused++;
        inARow++;
      }
    }
  }

  private static void putWithin(AtllDb db, Duration atMost, byte[] key, byte[] value)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      try {
        db.put(key, value);
        return;
      } catch (StorageFullException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  private static long tableFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".sst")).count();
    }
  }

  @Test
  void withAReserveDeletionsGoOnAndSpaceComesBack() throws Exception {
    for (long megabytes : List.of(4)) {
      content.entries.clear();
      try (SmallDisk disk = SmallDisk.mount(temp.resolve("reserve" + megabytes), megabytes << 20)) {
        Path directory = disk.path().resolve("store");
        try (AtllDb db = Atll.open(directory, options(1 << 20))) {
          fill(db, 0, 50);
          content.assertIn(db);
          // The reserve was kept: far from the last byte, puts were refused and deletions are not.
          List<byte[]> half = content.entries.keySet().stream().filter(k -> k[11] % 2 == 0).toList();
          for (byte[] key : half) {
            db.delete(key);
            content.delete(key);
          }
          content.assertIn(db);
          disk.grow((megabytes + 8) << 20);
          putWithin(db, Duration.ofSeconds(10), Content.key(99_999), Content.value(1, 10));
          content.put(Content.key(99_999), Content.value(1, 10));
          content.assertIn(db);
        }
        try (AtllDb db = Atll.open(directory, options(1 << 20))) {
          content.assertIn(db);
          db.verify();
        }
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void withoutAReserveNothingThatReturnedIsLostAtAnySize() throws Exception {
    // Sizes that are no multiples of anything, so that the end comes in log, table and manifest.
    for (long kilobytes : List.of(1000, 1333, 2501)) {
      content.entries.clear();
      try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk" + kilobytes), kilobytes << 10)) {
        Path directory = disk.path().resolve("store");
        try (AtllDb db = Atll.open(directory, options(0))) {
          fill(db, 0, 20);
          content.assertIn(db);
          // Still full, some of it deleted as far as there is room.
          for (byte[] key : List.copyOf(content.entries.keySet()).subList(0, 50)) {
            try {
              db.delete(key);
              content.delete(key);
            } catch (StorageFullException e) {
              refused++;
            }
          }
          content.assertIn(db);
          disk.grow((kilobytes << 10) + (4 << 20));
          putWithin(db, Duration.ofSeconds(10), Content.key(99_998), Content.value(2, 10));
          content.put(Content.key(99_998), Content.value(2, 10));
          fill(db, 100_000, 1);
          disk.grow((kilobytes << 10) + (24 << 20));
        }
        try (AtllDb db = Atll.open(directory, options(0))) {
          content.assertIn(db);
          db.compact(KeyRange.all());
          content.assertIn(db);
          assertTrue(db.settle(Duration.ofSeconds(20)), "does not settle");
        }
        // Tries that came to nothing left no files behind.
        try (AtllDb db = Atll.open(directory, options(0))) {
          long live = db.stats().tableBytes();
          assertTrue(live > 0);
          long before = tableFiles(directory);
          assertTrue(db.settle(Duration.ofSeconds(20)));
          assertEquals(before, tableFiles(directory));
        }
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void withTooFewMemtablesNobodyWaitsForRoomThatDoesNotCome() throws Exception {
    for (long kilobytes : List.of(600, 650, 700)) {
      content.entries.clear();
      try (SmallDisk disk = SmallDisk.mount(temp.resolve("few" + kilobytes), kilobytes << 10)) {
        Path directory = disk.path().resolve("store");
        Options options = options(0).toBuilder().memtablesMax(2).build();
        AtllDb db = Atll.open(directory, options);
        fill(db, 0, 5);
        ballast(disk.path().resolve("ballast"));
        refusedIfFull(db::flush);
        refusedIfFull(() -> db.compact(KeyRange.all()));
        fill(db, 5000, 5);
        content.assertIn(db);
        refusedIfFull(db::close);
        disk.grow(8 << 20);
        try (AtllDb again = Atll.open(directory, options)) {
          content.assertIn(again);
        }
      }
    }
  }

  private void refusedIfFull(Runnable call) {
    try {
      call.run();
    } catch (StorageFullException e) {
      refused++;
    }
  }

  @Test
  void aStoreOnAFullDiskOpensOnceThereIsRoomAgain() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("full"), 2 << 20)) {
      Path directory = disk.path().resolve("store");
      try (AtllDb db = Atll.open(directory, options(0))) {
        fill(db, 0, 5);
        Files.write(disk.path().resolve("ballast"), new byte[0]);
        ballast(disk.path().resolve("ballast"));
      } catch (StorageFullException e) {
        // Closing may say that it could not flush: the log has it.
        refused++;
      }
      try (AtllDb db = Atll.open(directory, options(0))) {
        content.assertIn(db);
      } catch (StorageFullException e) {
        refused++;
      }
      Files.delete(disk.path().resolve("ballast"));
      disk.grow(6 << 20);
      try (AtllDb db = Atll.open(directory, options(0))) {
        content.assertIn(db);
        db.put(Content.key(99_999), Content.value(1, 10));
      }
    }
  }

  /** Takes what room is left, to the last byte. */
  private static void ballast(Path file) {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[256]);
      }
    } catch (IOException e) {
      // Full: what was wanted.
      return;
    }
  }
}
