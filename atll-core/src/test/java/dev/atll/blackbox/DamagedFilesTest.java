package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.api.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One thing wrong with one file of a store on disk: opening or reading it is a typed error that names
 * the file and a place in it, or the end of the log is cut cleanly. A wrong answer is never given.
 */
class DamagedFilesTest {
  private static final int KEYS = 600;
  private static final int VALUE_BYTES = 60;

  @TempDir private Path temp;
  private final Content content = new Content();
  private Path clean;

  // Only what closes without flushing keeps something in its log. Nothing merges so few tables here: a
  // merge just before the end leaves files that the store does not need, and does not miss.
  private static Options options(boolean flushOnClose) {
    return Options.builder()
        .policy("tiered")
        .spaceAmplificationMax(10)
        .levelCount(3)
        .memtableBytes(1 << 20)
        .blockBytes(512)
        .flushOnClose(flushOnClose)
        .build();
  }

  @BeforeEach
  void fill() {
    clean = temp.resolve("clean");
  }

  /** Two tables of all keys and newer versions of some, then a log with the newest of a few. */
  private void makeStore(boolean flushOnClose) {
    try (AtllDb db = Atll.open(clean, options(flushOnClose))) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < KEYS; i++) {
        put(batch, i, i);
      }
      db.write(batch);
      db.flush();
      batch.clear();
      for (int i = 0; i < KEYS; i += 3) {
        put(batch, i, KEYS + i);
      }
      db.write(batch);
      db.flush();
      for (int i = 0; i < KEYS; i += 50) {
        put(db, i, 2 * KEYS + i);
      }
    }
  }

  private void put(WriteBatch batch, int key, long value) {
    batch.put(Content.key(key), Content.value(value, VALUE_BYTES));
    content.put(Content.key(key), Content.value(value, VALUE_BYTES));
  }

  private void put(AtllDb db, int key, long value) {
    db.put(Content.key(key), Content.value(value, VALUE_BYTES));
    content.put(Content.key(key), Content.value(value, VALUE_BYTES));
  }

  // ---- Files as bytes

  private List<Path> files(String part) throws IOException {
    try (Stream<Path> all = Files.list(clean)) {
      return all.filter(p -> p.getFileName().toString().contains(part)).sorted().toList();
    }
  }

  private Path newest(String part) throws IOException {
    return files(part).getLast();
  }

  /** The manifest in force; the one before it is kept, and may be anything. */
  private Path manifest() throws IOException {
    return clean.resolve(Files.readAllLines(clean.resolve("CURRENT")).getFirst());
  }

  /** A copy of the store in which one file has another content, or is missing if that is null. */
  private Path copyWith(Path changed, byte[] bytes) throws IOException {
    Path copy = Files.createTempDirectory(temp, "damaged");
    try (Stream<Path> all = Files.list(clean)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (!file.equals(changed)) {
          // Not the lock: this process may hold it, and would lose it by reading it.
          if (!name.equals("LOCK")) {
            Files.copy(file, copy.resolve(name));
          }
        } else if (bytes != null) {
          Files.write(copy.resolve(name), bytes);
        }
      }
    }
    return copy;
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 0x41;
    return copy;
  }

  private static IntStream places(int length, int count) {
    int step = Math.max(1, length / count);
    // Always the very ends, where headers and footers are.
    return IntStream.concat(
            IntStream.iterate(0, at -> at < length, at -> at + step),
            IntStream.of(1, length - 1, length - 5, length - 8, length - 12, length - 20))
        .filter(at -> at >= 0 && at < length)
        .distinct();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private void assertNames(CorruptionException e, Path file, long length) {
    assertEquals(file.getFileName().toString(), e.file(), e::toString);
    assertTrue(e.offset() >= 0 && e.offset() <= length, e::toString);
    assertTrue(String.valueOf(e.getMessage()).contains(e.file()), e::toString);
  }

  /** Opens a store with one changed file and expects to be refused because of that file. */
  private void assertRefused(Path file, byte[] bytes, String what) throws IOException {
    Path copy = copyWith(file, bytes);
    CorruptionException e =
        assertThrows(
            CorruptionException.class, () -> Atll.open(copy, options(false)).close(), what);
    assertNames(e, file, Math.max(Files.size(file), bytes == null ? 0 : bytes.length));
    delete(copy);
  }

  // ---- CURRENT and manifest

  @Test
  void everyByteOfCurrent() throws IOException {
    makeStore(true);
    Path file = clean.resolve("CURRENT");
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at++) {
      assertRefused(file, flipped(bytes, at), "byte " + at);
    }
    assertRefused(file, new byte[0], "empty");
    assertRefused(file, null, "missing");
  }

  @Test
  void bytesOfTheManifest() throws IOException {
    makeStore(false);
    Path file = manifest();
    byte[] bytes = Files.readAllBytes(file);
    int refused = 0;
    int tried = 0;
    for (int at : places(bytes.length, 16).toArray()) {
      tried++;
      Path copy = copyWith(file, flipped(bytes, at));
      try (AtllDb db = Atll.open(copy, options(false))) {
        // Only a mark, which has no content, may be damaged unnoticed: nothing depends on it then.
        content.assertIn(db);
      } catch (CorruptionException e) {
        assertNames(e, file, bytes.length);
        refused++;
      }
      delete(copy);
    }
    assertTrue(refused > tried / 2, refused + " of " + tried + " were noticed");
    assertRefused(file, new byte[0], "empty");
    assertRefused(file, null, "missing");
  }

  // ---- Log

  @Test
  void bytesOfASealedLog() throws IOException {
    makeStore(false);
    Path file = newest(".wal");
    byte[] bytes = Files.readAllBytes(file);
    assertTrue(bytes.length > 12 * VALUE_BYTES, "the log holds nothing");
    for (int at : places(bytes.length, 16).toArray()) {
      Path copy = copyWith(file, flipped(bytes, at));
      try (AtllDb db = Atll.open(copy, options(false))) {
        // Only the seal itself may pass for a torn tail: what it proves is whole all the same.
        assertTrue(at > bytes.length - 64, "byte " + at + " went unnoticed");
        content.assertIn(db);
      } catch (CorruptionException e) {
        assertNames(e, file, bytes.length);
      }
      delete(copy);
    }
    Path copy = copyWith(file, null);
    CorruptionException e =
        assertThrows(CorruptionException.class, () -> Atll.open(copy, options(false)).close());
    assertTrue(e.file().endsWith(".wal"), e::toString);
  }

  @Test
  void bytesOfALogThatWasNotClosed() throws IOException {
    Content before = new Content();
    try (AtllDb db = Atll.open(clean, options(true))) {
      for (int i = 0; i < 40; i++) {
        before.entries.putAll(content.entries);
        put(db, i, i);
      }
      Path file = newest(".wal");
      byte[] bytes = Files.readAllBytes(file);
      int last = bytes.length - 12 - VALUE_BYTES - Content.key(0).length;
      for (int at : places(bytes.length, 16).toArray()) {
        Path copy = copyWith(file, flipped(bytes, at));
        try (AtllDb damaged = Atll.open(copy, options(false))) {
          // The last batch is not claimed by a later record: a torn tail, cut off clean.
          assertTrue(at >= last - 64, "byte " + at + " went unnoticed");
          before.assertIn(damaged);
        } catch (CorruptionException e) {
          // Every earlier one was synced, and a later record says so.
          assertTrue(at < last, () -> "the tail was refused: " + e);
          assertNames(e, file, bytes.length);
        }
        delete(copy);
      }
      // Any end is a prefix: all batches but the last, or all.
      for (int cut : List.of(1, 10, VALUE_BYTES)) {
        Path copy = copyWith(file, java.util.Arrays.copyOf(bytes, bytes.length - cut));
        try (AtllDb torn = Atll.open(copy, options(false))) {
          before.assertIn(torn);
          torn.put(Content.key(77_777), Content.key(1));
        }
        // The cut is not taken for damage the next time.
        try (AtllDb again = Atll.open(copy, options(false))) {
          assertArrayEquals(Content.key(1), again.get(Content.key(77_777)));
        }
        delete(copy);
      }
    }
  }

  // ---- Tables

  @Test
  void bytesOfATable() throws IOException {
    makeStore(true);
    int atOpen = 0;
    int atRead = 0;
    for (Path file : files(".sst")) {
      byte[] bytes = Files.readAllBytes(file);
      for (int at : places(bytes.length, 14).toArray()) {
        Path copy = copyWith(file, flipped(bytes, at));
        try (AtllDb db = Atll.open(copy, options(true))) {
          if (readsWithDamage(db, file, bytes.length, at)) {
            atRead++;
          }
        } catch (CorruptionException e) {
          assertNames(e, file, bytes.length);
          atOpen++;
        }
        delete(copy);
      }
    }
    assertTrue(atOpen > 0, "no footer was hit");
    assertTrue(atRead > 10, "only " + atRead + " blocks were hit");
  }

  /** Every answer is right or an error about that file; returns whether there was an error. */
  private boolean readsWithDamage(AtllDb db, Path file, int length, int at) {
    int errors = 0;
    for (Map.Entry<byte[], byte[]> entry : content.entries.entrySet()) {
      try {
        assertArrayEquals(entry.getValue(), db.get(entry.getKey()), () -> "byte " + at);
      } catch (CorruptionException e) {
        assertNames(e, file, length);
        errors++;
      }
    }
    boolean found = false;
    try {
      db.verify();
    } catch (CorruptionException e) {
      assertNames(e, file, length);
      found = true;
    }
    // Bytes between sections belong to nothing; all others are under a checksum.
    assertTrue(found || errors == 0, "verify missed the damage at byte " + at);
    return found;
  }

  @Test
  void writesGoOnBesideADamagedBlock() throws IOException {
    makeStore(true);
    Path file = files(".sst").getFirst();
    Path copy = copyWith(file, flipped(Files.readAllBytes(file), 100));
    try (AtllDb db = Atll.open(copy, options(true))) {
      put(db, KEYS + 1, 5);
      db.flush();
      assertArrayEquals(Content.value(5, VALUE_BYTES), db.get(Content.key(KEYS + 1)));
    }
  }

  @Test
  void aTableThatIsMissingOrCutShort() throws IOException {
    makeStore(true);
    for (Path file : files(".sst")) {
      byte[] bytes = Files.readAllBytes(file);
      assertRefused(file, null, "missing");
      assertRefused(file, new byte[0], "empty");
      assertRefused(file, java.util.Arrays.copyOf(bytes, bytes.length - 1), "a byte short");
      assertRefused(file, java.util.Arrays.copyOf(bytes, bytes.length + 1), "a byte long");
    }
  }

  @Test
  void tablesThatChangedPlaces() throws IOException {
    makeStore(true);
    List<Path> tables = files(".sst");
    byte[] first = Files.readAllBytes(tables.getFirst());
    byte[] other = java.util.Arrays.copyOf(first, (int) Files.size(tables.getLast()));
    System.arraycopy(first, first.length - 80, other, other.length - 80, 80);
    if (tables.size() > 1) {
      assertRefused(tables.getLast(), other, "the content of another table");
    }
  }

  // ---- Newer versions

  private static int checksum(ByteBuffer... parts) {
    CRC32C crc = new CRC32C();
    for (ByteBuffer part : parts) {
      crc.update(part);
    }
    return (int) crc.getValue();
  }

  private static long number(Path file) {
    return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
  }

  private void assertNewerIsRefused(Path file, Function<ByteBuffer, byte[]> change)
      throws IOException {
    Path copy = copyWith(file, change.apply(ByteBuffer.wrap(Files.readAllBytes(file))));
    AtllException e =
        assertThrows(
            UnsupportedFormatException.class, () -> Atll.open(copy, options(true)).close());
    assertTrue(String.valueOf(e.getMessage()).contains("version"), e::toString);
  }

  @Test
  void aTableOfANewerVersion() throws IOException {
    makeStore(true);
    Path file = newest(".sst");
    assertNewerIsRefused(
        file,
        bytes -> {
          int footer = bytes.limit() - 80;
          bytes.putInt(footer + 60, 2);
          ByteBuffer seed = ByteBuffer.allocate(16).putLong(number(file)).putLong(footer).flip();
          bytes.putInt(footer + 68, checksum(seed, bytes.duplicate().position(footer).limit(footer + 68)));
          return bytes.array();
        });
  }

  /** Signs the first record of a log or manifest again. */
  private static byte[] signed(ByteBuffer bytes, long number) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getInt(4);
    ByteBuffer seed =
        ByteBuffer.allocate(21)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(number)
            .putLong(0)
            .putInt(length)
            .put(bytes.get(8))
            .flip();
    bytes.putInt(0, checksum(seed, bytes.duplicate().position(12).limit(12 + length)));
    return bytes.array();
  }

  @Test
  void aManifestOfANewerVersion() throws IOException {
    makeStore(true);
    Path file = manifest();
    assertNewerIsRefused(
        file,
        bytes -> {
          bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(12, 2);
          return signed(bytes, number(file));
        });
  }

  @Test
  void aLogOfANewerVersion() throws IOException {
    makeStore(false);
    Path file = newest(".wal");
    assertNewerIsRefused(
        file,
        bytes -> {
          bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(12 + 8, 2);
          return signed(bytes, number(file));
        });
  }

  @Test
  void signingAgainChangesNothingElse() throws IOException {
    makeStore(false);
    for (Path file : List.of(manifest(), newest(".wal"))) {
      byte[] bytes = Files.readAllBytes(file);
      if (!java.util.Arrays.equals(bytes, signed(ByteBuffer.wrap(bytes.clone()), number(file)))) {
        fail("this test computes another checksum than the store for " + file);
      }
    }
  }
}
