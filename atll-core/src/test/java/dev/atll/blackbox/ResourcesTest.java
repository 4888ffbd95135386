package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store takes from its process it gives back: descriptors, mappings, threads, files, memory. */
class ResourcesTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path MAPPINGS = Path.of("/proc/self/maps");
  private static final int OPENINGS = Integer.getInteger("atll.openings", 50);

  @TempDir private Path temp;

  private static Options options() {
    return Options.builder()
        .durability(Durability.OS)
        .levelCount(3)
        .memtableBytes(32 << 10)
        .slotBytes(16 << 10)
        .compactionJobs(1)
        .build();
  }

  private static void requireProc() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      System.out.println("SKIPPED, needs /proc to count descriptors and mappings");
      Assumptions.abort("no /proc");
    }
  }

  /** Descriptors of files below a directory, deleted ones included. */
  private static List<String> descriptors(Path below) throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.map(ResourcesTest::target).filter(t -> t.startsWith(below.toString())).toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed since it was listed, as that of the listing itself
    }
  }

  private static List<String> mappings(Path below) throws IOException {
    try (Stream<String> lines = Files.lines(MAPPINGS)) {
      return lines.filter(line -> line.contains(below.toString())).toList();
    }
  }

  private static long engineThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("atll-"))
        .count();
  }

  private static List<Path> tables(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".sst")).sorted().toList();
    }
  }

  private static boolean within(int seconds, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(5);
    }
    return true;
  }

  private static void fill(AtllDb db, int from, int count) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < from + count; i++) {
      batch.put(Content.key(i), Content.value(i, 100));
    }
    db.write(batch);
  }

  @Test
  void manyOpeningsAndCompactionsLeaveNothingOpen() throws Exception {
    requireProc();
    Path directory = temp.toRealPath().resolve("store");
    long threadsBefore = engineThreads();
    for (int i = 0; i < OPENINGS; i++) {
      AtllDb db = Atll.open(directory, options());
      fill(db, i % 10 * 100, 100);
      // Whoever forgets to close a cursor or a snapshot must not make the store leak for ever.
      Cursor cursor = db.cursor(KeyRange.all());
      Snapshot snapshot = db.snapshot();
      assertTrue(cursor.next());
      if (i % 4 == 0) {
        db.compact(KeyRange.all());
      }
      if (i % 2 == 0) {
        cursor.close();
        snapshot.close();
      }
      db.close();
      assertEquals(List.of(), descriptors(directory), "after opening " + i);
      assertEquals(List.of(), mappings(directory), "after opening " + i);
    }
    assertEquals(threadsBefore, engineThreads());
  }

  @Test
  void anOpenStoreHoldsNoMoreThanItsTables() throws Exception {
    requireProc();
    Path directory = temp.toRealPath().resolve("store");
    try (AtllDb db = Atll.open(directory, options())) {
      for (int round = 0; round < 40; round++) {
        fill(db, round * 7 % 50 * 10, 300);
        db.compact(KeyRange.all());
      }
      // A moment after the last reader has gone, only tables in use are mapped and on disk.
      assertTrue(
          within(
              10,
              () -> {
                try {
                  int tables = tables(directory).size();
                  return mappings(directory).size() == tables
                      && mappings(directory).stream().noneMatch(m -> m.endsWith("(deleted)"))
                      && descriptors(directory).size() <= tables + 6;
                } catch (NoSuchFileException e) {
                  return false;
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }),
          () -> "still held in " + directory);
    }
  }

  @Test
  void tablesGoWhenTheLastCursorOnThemIsClosed() throws Exception {
    Path directory = temp.resolve("store");
    try (AtllDb db = Atll.open(directory, options())) {
      fill(db, 0, 500);
      db.flush();
      assertTrue(db.settle(java.time.Duration.ofSeconds(20)));
      List<Path> before = tables(directory);
      try (Cursor cursor = db.cursor(KeyRange.all())) {
        assertTrue(cursor.next());
        fill(db, 250, 500);
        db.compact(KeyRange.all());
        Thread.sleep(100);
        assertTrue(tables(directory).containsAll(before), "a table went under a cursor");
        int count = 1;
        while (cursor.next()) {
          assertArrayEquals(Content.value(count, 100), cursor.valueBytes());
          count++;
        }
        assertEquals(500, count);
      }
      assertTrue(
          within(
              10,
              () -> {
                try {
                  return tables(directory).stream().noneMatch(before::contains);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }),
          "replaced tables stay on disk");
      assertEquals(750, db.count(KeyRange.all()));
    }
  }

  /** Loads a million small entries, reads them all, and says how many there are. */
  static final class MillionEntries {
    private static final int ENTRIES = 1_000_000;

    private MillionEntries() {}

    public static void main(String[] args) {
      Options options = Options.builder().durability(Durability.OS).build();
      try (AtllDb db = Atll.open(Path.of(args[0]), options)) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < ENTRIES; i++) {
          // Scattered over the key space, each number once: the factor is odd.
          int scattered = i * 0x9E3779B1;
          batch.put(
              ByteBuffer.allocate(16).putInt(scattered).putLong(i).array(),
              ByteBuffer.allocate(20).putInt(i).array());
          if (batch.count() == 100) {
            db.write(batch);
            batch.clear();
          }
        }
        db.write(batch);
        System.out.println(db.count(KeyRange.all()));
      }
    }
  }

  @Test
  void aMillionEntriesFitThroughASmallHeap() throws Exception {
    try (ChildJvm child = ChildJvm.start(64, MillionEntries.class, temp.resolve("store"))) {
      assertEquals(List.of("1000000"), child.hearAll());
      assertEquals(0, child.await());
    }
  }
}
