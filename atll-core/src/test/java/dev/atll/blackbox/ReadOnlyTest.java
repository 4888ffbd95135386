package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
import dev.atll.api.KeyRange;
import dev.atll.api.NotAStoreException;
import dev.atll.api.Options;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is looked at stays as it was, byte for byte. */
@Timeout(60)
class ReadOnlyTest {
  private static final Options OPTIONS =
      Options.builder()
          .durability(Durability.OS)
          .memtableBytes(16 << 10)
          .slotBytes(4 << 10)
          .flushOnClose(false)
          .build();

  @TempDir Path temp;

  private record FileState(byte[] content, FileTime modified) {}

  /** A store with tables, and a log that has to be replayed. */
  private Path made() {
    Path directory = temp.resolve("s");
    try (AtllDb db = Atll.open(directory, OPTIONS)) {
      for (int i = 0; i < 600; i++) {
        db.put(key(i), new byte[100]);
      }
      db.flush();
      for (int i = 0; i < 50; i++) {
        db.put(key(1_000 + i), key(i));
      }
    }
    return directory;
  }

  @Test
  void lookingChangesNothing() throws IOException {
    Path directory = made();
    Map<String, FileState> before = files(directory);
    try (AtllDb db = Atll.openReadOnly(directory, OPTIONS)) {
      assertEquals(650, db.count(KeyRange.all()));
      assertArrayEquals(key(7), db.get(key(1_007)));
      db.verify();
      assertTrue(db.approximateBytes(KeyRange.all()) > 0);
      assertTrue(db.stats().tableBytes() > 0);
      assertTrue(db.settle(Duration.ofMillis(1)));
      db.snapshot().close();
    }
    requireSame(before, files(directory));
    try (AtllDb db = Atll.open(directory, OPTIONS)) {
      assertEquals(650, db.count(KeyRange.all()));
    }
  }

  @Test
  void aPlaceThatCanOnlyBeReadWillDo() throws IOException {
    Path directory = made();
    for (String name : files(directory).keySet()) {
      Files.setPosixFilePermissions(
          directory.resolve(name), PosixFilePermissions.fromString("r--r--r--"));
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try (AtllDb db = Atll.openReadOnly(directory, OPTIONS)) {
      assertEquals(650, db.count(KeyRange.all()));
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void whatWouldChangeTheStoreIsRefused() {
    try (AtllDb db = Atll.openReadOnly(made(), OPTIONS)) {
      assertThrows(InvalidInputException.class, () -> db.put(key(1), key(1)));
      assertThrows(InvalidInputException.class, () -> db.delete(key(1)));
      assertThrows(InvalidInputException.class, () -> db.write(new WriteBatch()));
      assertThrows(
          InvalidInputException.class, () -> db.write(new WriteBatch(), Durability.SYNC));
      assertThrows(InvalidInputException.class, db::sync);
      assertThrows(InvalidInputException.class, db::flush);
      assertThrows(InvalidInputException.class, () -> db.compact(KeyRange.all()));
      assertThrows(InvalidInputException.class, () -> db.policy("tiered"));
      db.close();
      assertThrows(StoreClosedException.class, () -> db.get(key(1)));
      assertThrows(StoreClosedException.class, () -> db.settle(Duration.ZERO));
    }
  }

  @Test
  void nobodyMayBeWritingAndNothingIsMade() throws IOException {
    Path directory = made();
    try (AtllDb db = Atll.open(directory, OPTIONS)) {
      assertThrows(
          DirectoryInUseException.class, () -> Atll.openReadOnly(directory, OPTIONS));
      db.put(key(1), key(1));
    }
    Files.delete(directory.resolve("LOCK"));
    Atll.openReadOnly(directory, OPTIONS).close();
    assertTrue(Files.notExists(directory.resolve("LOCK")));
    Path absent = temp.resolve("absent");
    assertThrows(NotAStoreException.class, () -> Atll.openReadOnly(absent, OPTIONS));
    assertTrue(Files.notExists(absent));
    Atll.open(directory, OPTIONS).close();
  }

  private static void requireSame(Map<String, FileState> before, Map<String, FileState> after) {
    assertEquals(before.keySet(), after.keySet());
    before.forEach(
        (name, state) -> {
          assertArrayEquals(state.content(), after.get(name).content(), name);
          assertEquals(state.modified(), after.get(name).modified(), name);
        });
  }

  private static Map<String, FileState> files(Path directory) throws IOException {
    Map<String, FileState> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        found.put(
            file.getFileName().toString(),
            new FileState(Files.readAllBytes(file), Files.getLastModifiedTime(file)));
      }
    }
    return found;
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(StandardCharsets.US_ASCII);
  }
}
