package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Cursor;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.InvalidInputException;
import dev.atll.api.KeyRange;
import dev.atll.api.NotAStoreException;
import dev.atll.api.Options;
import dev.atll.api.RevisionUnavailableException;
import dev.atll.api.Snapshot;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user can do wrong: each is a typed error that says what and where, and nothing is lost.
 * Damaged files are in {@link DamagedFilesTest}, full disks in {@link FullDiskTest}.
 */
class BadInputTest {
  @TempDir private Path temp;

  private static Options.Builder small() {
    return Options.builder().levelCount(3).memtableBytes(64 << 10);
  }

  private List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertTells(AtllException e, Object... parts) {
    for (Object part : parts) {
      assertTrue(String.valueOf(e.getMessage()).contains(part.toString()), e::toString);
    }
  }

  // ---- Directories

  @Test
  void aDirectoryOfOtherFilesIsRefusedAndLeftAsItWas() throws IOException {
    Files.writeString(temp.resolve("letter.txt"), "dear reader");
    NotAStoreException e = assertThrows(NotAStoreException.class, () -> Atll.open(temp));
    assertTells(e, temp, "letter.txt");
    assertEquals(List.of("letter.txt"), names(temp));
  }

  @Test
  void aFileInTheDirectorysPlaceIsRefusedAndLeftAsItWas() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "content");
    assertTells(assertThrows(AtllException.class, () -> Atll.open(file)), file, "not a directory");
    assertTells(
        assertThrows(AtllException.class, () -> Atll.open(file.resolve("below"))), file);
    assertEquals("content", Files.readString(file));
  }

  @Test
  void aMissingStoreIsNotMadeUnlessWanted() throws IOException {
    Options options = Options.builder().createIfMissing(false).build();
    Path missing = temp.resolve("missing");
    assertTells(
        assertThrows(NotAStoreException.class, () -> Atll.open(missing, options)),
        missing, "createIfMissing");
    assertEquals(List.of(), names(temp));
    assertTells(
        assertThrows(NotAStoreException.class, () -> Atll.open(temp, options)),
        temp, "createIfMissing");
    assertEquals(List.of(), names(temp));
  }

  @Test
  void aReadOnlyDirectoryIsRefused() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"), 8 << 20)) {
      Path directory = disk.path().resolve("store");
      try (AtllDb db = Atll.open(directory, small().spaceReserveBytes(0).build())) {
        db.put(Content.key(1), Content.key(2));
      }
      List<String> before = names(directory);
      disk.makeReadOnly();
      assertTells(assertThrows(StorageIoException.class, () -> Atll.open(directory)), directory);
      assertEquals(before, names(directory));
    }
  }

  @Test
  void oneDirectoryIsOpenOnce() throws Exception {
    try (AtllDb db = Atll.open(temp)) {
      db.put(Content.key(1), Content.key(2));
      assertTells(assertThrows(DirectoryInUseException.class, () -> Atll.open(temp)), temp);
      // By another name too.
      Path link = Files.createSymbolicLink(temp.resolveSibling(temp.getFileName() + "-link"), temp);
      try {
        assertThrows(DirectoryInUseException.class, () -> Atll.open(link));
      } finally {
        Files.delete(link);
      }
      // Being refused has not given the lock away: another process does not get it either.
      assertEquals("DirectoryInUseException", openInAnotherProcess());
      assertArrayEquals(Content.key(2), db.get(Content.key(1)));
      db.put(Content.key(3), Content.key(4));
    }
    assertEquals("opened", openInAnotherProcess());
    try (AtllDb db = Atll.open(temp)) {
      assertArrayEquals(Content.key(4), db.get(Content.key(3)));
    }
  }

  /** Opens a store, says how that went, and leaves without closing. */
  static final class Opener {
    private Opener() {}

    public static void main(String[] args) {
      try {
        Atll.open(Path.of(args[0]));
        System.out.println("opened");
      } catch (AtllException e) {
        System.out.println(e.getClass().getSimpleName());
      }
    }
  }

  private String openInAnotherProcess() throws Exception {
    try (ChildJvm child = ChildJvm.start(64, Opener.class, temp)) {
      return String.join("\n", child.hearAll());
    }
  }

  // ---- Arguments

  @Test
  void sizesUpToTheLimitsPassAndOneByteMoreIsRefusedWithoutATrace() {
    Options options =
        small().keyBytesMax(100).valueBytesMax(1200).batchBytesMax(2000).build();
    Content content = new Content();
    try (AtllDb db = Atll.open(temp, options)) {
      content.put(new byte[100], new byte[1200]);
      content.put(new byte[0], new byte[0]);
      content.entries.forEach(db::put);
      long revision = db.visibleRevision();
      assertTells(
          assertThrows(InvalidInputException.class, () -> db.put(new byte[101], new byte[1])),
          "101", "keyBytesMax");
      assertTells(
          assertThrows(InvalidInputException.class, () -> db.put(new byte[1], new byte[1201])),
          "1201", "valueBytesMax");
      assertTells(
          assertThrows(InvalidInputException.class, () -> db.delete(new byte[101])), "keyBytesMax");
      WriteBatch exact = batchOf(2000);
      WriteBatch more = batchOf(2001);
      assertTells(
          assertThrows(InvalidInputException.class, () -> db.write(more)), "2001", "batchBytesMax");
      assertEquals(revision, db.visibleRevision());
      // A key too long is merely absent.
      assertNull(db.get(new byte[101]));
      content.assertIn(db);
      db.write(exact);
      assertEquals(revision + 1, db.visibleRevision());
      content.put(new byte[] {7}, new byte[900]);
      content.put(new byte[] {8}, new byte[2000 - 909]);
    }
    // What the limits let in, later limits do not lock out.
    try (AtllDb db = Atll.open(temp, options.toBuilder().valueBytesMax(10).build())) {
      assertEquals(content.entries.size(), db.count(KeyRange.all()));
    }
  }

  /** Two puts whose encoding has a length. */
  private static WriteBatch batchOf(int bytes) {
    // Each: kind, one byte of key length, two of value length, the key of one byte.
    WriteBatch batch = new WriteBatch();
    batch.put(new byte[] {7}, new byte[900]);
    batch.put(new byte[] {8}, new byte[bytes - batch.encodedLength() - 5]);
    assertEquals(bytes, batch.encodedLength());
    return batch;
  }

  @Test
  void optionsOutOfRangeAreRefusedByNameAndRange() {
    record Bad(String option, Consumer<Options.Builder> setting) {}

    for (Bad bad :
        List.of(
            new Bad("memtableBytes", b -> b.memtableBytes(1)),
            new Bad("fanout", b -> b.fanout(1)),
            new Bad("levelCount", b -> b.levelCount(0)),
            new Bad("syncInterval", b -> b.syncInterval(Duration.ZERO)),
            new Bad("blockBytes", b -> b.blockBytes(0)),
            new Bad("readSamplePeriod", b -> b.readSamplePeriod(63)),
            new Bad("filterBitsPerKey", b -> b.filterBitsPerKey(Double.NaN)),
            new Bad("filterBitsPerKey", b -> b.filterBitsPerKey(32.5)),
            new Bad("tableMemoryBytes", b -> b.tableMemoryBytes(-1)),
            new Bad("tableMemoryBytes", b -> b.tableMemoryBytes((1L << 50) + 1)),
            new Bad("filterBytesMax", b -> b.filterBytesMax(-1)),
            new Bad("bloomLevels", b -> b.bloomLevels(18)),
            new Bad("burdenThreshold", b -> b.burdenThreshold(Double.NaN)),
            new Bad("deleteDeadline", b -> b.deleteDeadline(Duration.ZERO)),
            new Bad("spaceAmplificationMax", b -> b.spaceAmplificationMax(Double.NaN)),
            new Bad("splitKey", b -> b.splitKey(new byte[0])))) {
      InvalidInputException e =
          assertThrows(
              InvalidInputException.class, () -> bad.setting.accept(Options.builder()), bad.option);
      assertTells(e, bad.option);
    }
    assertTells(
        assertThrows(
            InvalidInputException.class,
            () -> Options.builder().levelZeroSlow(9).levelZeroMax(8).build()),
        "levelZeroSlow");
  }

  @Test
  void anUnknownPolicyIsRefusedAndTheStoreGoesOn() throws IOException {
    Options.Builder unknown = Options.builder().policy("none-such");
    assertTells(assertThrows(InvalidInputException.class, unknown::build), "none-such");
    try (AtllDb db = Atll.open(temp)) {
      assertThrows(InvalidInputException.class, () -> db.policy("none-such"));
      assertEquals("atll", db.policy());
      db.put(Content.key(1), Content.key(2));
    }
  }

  @Test
  void revisionsThatCannotBeReadAreRefusedWithTheReadableRange() {
    try (AtllDb db = Atll.open(temp)) {
      db.put(Content.key(1), Content.key(2));
      long visible = db.visibleRevision();
      RevisionUnavailableException e =
          assertThrows(RevisionUnavailableException.class, () -> db.snapshotAt(visible + 1));
      assertEquals(visible, e.visibleRevision());
      assertThrows(RevisionUnavailableException.class, () -> db.snapshotAt(-1));
      db.put(Content.key(1), Content.key(3));
      db.flush();
      assertThrows(RevisionUnavailableException.class, () -> db.snapshotAt(visible));
    }
  }

  // ---- Use after close

  @Test
  void whatIsClosedSaysSo() {
    AtllDb db = Atll.open(temp, small().build());
    db.put(Content.key(1), Content.key(2));
    db.flush();
    Snapshot snapshot = db.snapshot();
    Cursor cursor = db.cursor(KeyRange.all());
    assertTrue(cursor.next());

    Snapshot closedSnapshot = db.snapshot();
    closedSnapshot.close();
    closedSnapshot.close();
    assertThrows(StoreClosedException.class, () -> closedSnapshot.get(Content.key(1)));
    assertThrows(StoreClosedException.class, () -> closedSnapshot.cursor(KeyRange.all()));
    Cursor closedCursor = db.cursor(KeyRange.all());
    closedCursor.close();
    closedCursor.close();
    assertThrows(StoreClosedException.class, closedCursor::next);
    assertThrows(StoreClosedException.class, closedCursor::keyBytes);

    db.close();
    db.close();
    List<Consumer<AtllDb>> calls =
        List.of(
            d -> d.get(Content.key(1)),
            d -> d.get(Content.key(1), s -> s.byteSize()),
            d -> d.contains(Content.key(1)),
            d -> d.cursor(KeyRange.all()),
            d -> d.count(KeyRange.all()),
            d -> d.put(Content.key(1), Content.key(2)),
            d -> d.delete(Content.key(1)),
            d -> d.write(new WriteBatch()),
            d -> d.write(new WriteBatch().delete(Content.key(1))),
            AtllDb::snapshot,
            d -> d.snapshotAt(1),
            AtllDb::sync,
            AtllDb::flush,
            d -> d.compact(KeyRange.all()),
            d -> d.settle(Duration.ofMillis(1)),
            d -> d.policy("leveled"),
            d -> d.approximateBytes(KeyRange.all()),
            AtllDb::verify);
    for (int i = 0; i < calls.size(); i++) {
      Consumer<AtllDb> call = calls.get(i);
      assertThrows(StoreClosedException.class, () -> call.accept(db), "call " + i);
    }
    assertThrows(StoreClosedException.class, () -> snapshot.get(Content.key(1)));
    assertThrows(StoreClosedException.class, cursor::next);
    cursor.close();
    snapshot.close();
  }
}
