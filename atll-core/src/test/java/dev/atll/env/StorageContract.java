package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every file system must do, the real one and its twin. */
abstract class StorageContract {
  private FileSystem files;
  private Path directory;
  private Storage storage;

  abstract FileSystem fileSystem();

  /** A directory that does not exist, in one that may not exist either. */
  abstract Path freshDirectory();

  @BeforeEach
  void openStorage() throws IOException {
    files = fileSystem();
    directory = freshDirectory();
    storage = files.open(directory, true);
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  static byte[] bytes(int count, int salt) {
    byte[] out = new byte[count];
    new SplittableRandom(salt).nextBytes(out);
    return out;
  }

  void write(String name, byte[] content) throws IOException {
    try (FileOut out = storage.create(name)) {
      out.append(content, 0, content.length);
      out.sync();
    }
  }

  byte[] read(String name) throws IOException {
    try (FileIn in = storage.open(name)) {
      byte[] out = new byte[(int) in.length()];
      in.readFully(0, out, 0, out.length);
      return out;
    }
  }

  /** A hint fails for nothing, and changes nothing: not for names that are no files, nor for short ones. */
  @Test
  void hintsOfEndsNeverFail() throws IOException {
    Path directory = freshDirectory();
    try (Storage storage = fileSystem().open(directory, true)) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        String name = "hinted-" + i;
        names.add(name);
        if (i % 7 != 3) {
          try (FileOut out = storage.create(name)) {
            out.append(new byte[i % 5 * 100], 0, i % 5 * 100);
          }
        }
      }
      storage.willReadEnds(names, 256);
      storage.willReadEnds(List.of(), 1);
      for (int i = 0; i < 70; i++) {
        if (i % 7 != 3) {
          try (FileIn in = storage.open(names.get(i))) {
            assertEquals(i % 5 * 100, in.length());
          }
        } else {
          assertFalse(storage.exists(names.get(i)));
        }
      }
    }
  }

  @Test
  void aMissingDirectoryIsMadeOnlyOnRequest() throws IOException {
    Path missing = freshDirectory();
    assertThrows(NoSuchFileException.class, () -> files.open(missing, false));
    files.open(missing, true).close();
    files.open(missing, false).close();
    files.open(missing, true).close();
    files.open(missing.getParent(), false).close();
  }

  @Test
  void whatIsAppendedIsRead() throws IOException {
    byte[] content = bytes(10_000, 1);
    try (FileOut out = storage.create("000001.log")) {
      assertEquals(0, out.length());
      out.append(content, 0, 4_000);
      assertEquals(4_000, out.length());
      out.append(content, 4_000, 0);
      out.append(content, 4_000, 6_000);
      out.sync();
      assertEquals(10_000, out.length());
      assertEquals(10_000, storage.length("000001.log"));
    }
    try (FileIn in = storage.open("000001.log")) {
      assertEquals(10_000, in.length());
      byte[] out = new byte[30];
      in.readFully(5_000, out, 10, 10);
      for (int i = 0; i < 30; i++) {
        assertEquals(i >= 10 && i < 20 ? content[4_990 + i] : 0, out[i]);
      }
      in.readFully(10_000, out, 0, 0);
      assertThrows(EOFException.class, () -> in.readFully(9_999, out, 0, 2));
      assertThrows(EOFException.class, () -> in.readFully(Long.MAX_VALUE, out, 0, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> in.readFully(-1, out, 0, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> in.readFully(0, out, 29, 2));
    }
  }

  @Test
  void aMappingIsTheWholeFileReadOnly() throws IOException {
    byte[] content = bytes(5_000, 2);
    write("a.sst", content);
    try (FileIn in = storage.open("a.sst")) {
      MemorySegment map = in.map();
      assertSame(map, in.map());
      assertArrayEquals(content, map.toArray(ValueLayout.JAVA_BYTE));
      assertTrue(map.isReadOnly());
      assertThrows(
          IllegalArgumentException.class, () -> map.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
      // A name is not the file: what is mapped stays.
      storage.delete("a.sst");
      assertArrayEquals(content, map.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void aDeletedOrReplacedFileCanStillBeMapped() throws IOException {
    byte[] old = bytes(300, 3);
    write("a", old);
    write("b", bytes(200, 4));
    try (FileIn in = storage.open("a")) {
      storage.rename("b", "a");
      assertArrayEquals(old, in.map().toArray(ValueLayout.JAVA_BYTE));
    }
    try (FileIn in = storage.open("a")) {
      storage.delete("a");
      assertArrayEquals(bytes(200, 4), in.map().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void anEmptyFileReadsAndMaps() throws IOException {
    write("empty", new byte[0]);
    assertEquals(0, storage.length("empty"));
    try (FileIn in = storage.open("empty")) {
      assertEquals(0, in.map().byteSize());
      in.readFully(0, new byte[0], 0, 0);
    }
  }

  @Test
  void lengthIsFixedWhenAFileIsOpened() throws IOException {
    byte[] content = bytes(200, 5);
    try (FileOut out = storage.create("wal")) {
      out.append(content, 0, 100);
      try (FileIn in = storage.open("wal")) {
        out.append(content, 100, 100);
        assertEquals(100, in.length());
        assertEquals(100, in.map().byteSize());
        assertThrows(EOFException.class, () -> in.readFully(100, new byte[1], 0, 1));
      }
    }
    assertArrayEquals(content, read("wal"));
  }

  @Test
  void aNameIsCreatedOnce() throws IOException {
    write("a", bytes(3, 6));
    assertThrows(FileAlreadyExistsException.class, () -> storage.create("a"));
    assertArrayEquals(bytes(3, 6), read("a"));
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    assertFalse(storage.exists("no"));
    assertThrows(NoSuchFileException.class, () -> storage.open("no"));
    assertThrows(NoSuchFileException.class, () -> storage.length("no"));
    assertThrows(NoSuchFileException.class, () -> storage.delete("no"));
    assertThrows(NoSuchFileException.class, () -> storage.rename("no", "yes"));
    assertThrows(NoSuchFileException.class, () -> storage.link("no", directory.resolve("yes")));
    assertEquals(List.of(), storage.list());
  }

  @Test
  void aRenameReplaces() throws IOException {
    write("CURRENT", bytes(5, 7));
    write("CURRENT.tmp", bytes(6, 8));
    storage.rename("CURRENT.tmp", "CURRENT");
    storage.syncDirectory();
    assertArrayEquals(bytes(6, 8), read("CURRENT"));
    assertEquals(List.of("CURRENT"), storage.list());
    storage.rename("CURRENT", "CURRENT");
    assertArrayEquals(bytes(6, 8), read("CURRENT"));
  }

  @Test
  void aLinkIsASecondName() throws IOException {
    write("a.sst", bytes(500, 9));
    Path elsewhere = freshDirectory();
    try (Storage target = files.open(elsewhere, true)) {
      storage.link("a.sst", elsewhere.resolve("b.sst"));
      target.syncDirectory();
      assertThrows(
          FileAlreadyExistsException.class,
          () -> storage.link("a.sst", elsewhere.resolve("b.sst")));
      storage.delete("a.sst");
      assertEquals(500, target.length("b.sst"));
      assertEquals(List.of("b.sst"), target.list());
    }
    assertThrows(
        IOException.class, () -> storage.link("a.sst", freshDirectory().resolve("b.sst")));
  }

  @Test
  void namesAreStrict() {
    List<String> bad =
        List.of("", ".", "..", "../x", "a/b", "/etc", ".hidden", "LOCK", "lock", "a b", "a\0", "ä",
            "-x", "a\nb", "x".repeat(FileNames.LENGTH_MAX + 1));
    for (String name : bad) {
      assertThrows(IllegalArgumentException.class, () -> storage.create(name), name);
      assertThrows(IllegalArgumentException.class, () -> storage.open(name), name);
      assertThrows(IllegalArgumentException.class, () -> storage.delete(name), name);
      assertThrows(IllegalArgumentException.class, () -> storage.exists(name), name);
      assertThrows(IllegalArgumentException.class, () -> storage.rename("a", name), name);
      assertThrows(IllegalArgumentException.class, () -> storage.rename(name, "a"), name);
    }
    assertTrue(FileNames.isValid("x".repeat(FileNames.LENGTH_MAX)));
    assertTrue(FileNames.isValid("MANIFEST-000001"));
  }

  @Test
  void theLongestNameWorks() throws IOException {
    String name = "x".repeat(FileNames.LENGTH_MAX);
    write(name, bytes(1, 1));
    assertEquals(List.of(name), storage.list());
  }

  @Test
  void aDirectoryIsLockedOnce() throws Exception {
    AutoCloseable lock = storage.lock();
    DirectoryLockedException refused =
        assertThrows(DirectoryLockedException.class, () -> storage.lock());
    assertEquals(storage.path(), refused.path());
    assertTrue(refused.getMessage().contains(storage.path().toString()));
    try (Storage again = files.open(directory.resolve("."), false)) {
      assertThrows(DirectoryLockedException.class, again::lock);
    }
    lock.close();
    lock.close();
    try (AutoCloseable second = storage.lock()) {
      lock.close(); // of no effect on the second holder
      assertThrows(DirectoryLockedException.class, () -> storage.lock());
    }
    storage.lock().close();
    assertEquals(List.of(), storage.list(), "the lock file is not listed");
  }

  @Test
  void closedThingsRefuse() throws IOException {
    FileOut out = storage.create("a");
    out.append(bytes(4, 1), 0, 4);
    FileIn in = storage.open("a");
    storage.close();
    storage.close();
    out.append(bytes(4, 1), 0, 4);
    in.readFully(0, new byte[4], 0, 4);
    out.close();
    out.close();
    in.close();
    in.close();
    assertThrows(IOException.class, () -> out.append(bytes(4, 1), 0, 4));
    assertThrows(IOException.class, out::sync);
    assertThrows(IOException.class, in::map);
    assertThrows(IOException.class, () -> in.readFully(0, new byte[4], 0, 4));
    assertThrows(IOException.class, () -> storage.open("a"));
    assertThrows(IOException.class, () -> storage.create("b"));
    assertThrows(IOException.class, storage::list);
    assertThrows(IOException.class, storage::syncDirectory);
    assertThrows(IOException.class, storage::lock);
  }

  @Test
  void freeSpaceIsKnown() throws IOException {
    assertTrue(storage.freeBytes() > 0);
  }

  /** Random calls against a map of names to contents. */
  @Test
  void aRandomHistoryAgreesWithAModel() throws IOException {
    long seed = Long.getLong("atll.seed", 4711);
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<String, byte[]> model = new TreeMap<>();
    for (int step = 0; step < 600; step++) {
      String name = "f" + random.nextInt(12);
      String other = "f" + random.nextInt(12);
      String where = String.format(Locale.ROOT, "-Datll.seed=%d, step %d", seed, step);
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          if (model.containsKey(name)) {
            assertThrows(FileAlreadyExistsException.class, () -> storage.create(name), where);
          } else {
            model.put(name, writeInPieces(name, random));
          }
        }
        case 2 -> {
          if (model.containsKey(name)) {
            storage.rename(name, other);
            model.put(other, model.remove(name));
          } else {
            assertThrows(NoSuchFileException.class, () -> storage.rename(name, other), where);
          }
        }
        case 3 -> {
          if (model.remove(name) != null) {
            storage.delete(name);
          } else {
            assertThrows(NoSuchFileException.class, () -> storage.delete(name), where);
          }
        }
        case 4 -> storage.syncDirectory();
        default -> {
          assertEquals(new ArrayList<>(model.keySet()), storage.list(), where);
          assertEquals(model.containsKey(name), storage.exists(name), where);
          if (model.containsKey(name)) {
            assertArrayEquals(model.get(name), read(name), where);
          }
        }
      }
    }
  }

  private byte[] writeInPieces(String name, SplittableRandom random) throws IOException {
    byte[] content = bytes(random.nextInt(2_000), random.nextInt());
    try (FileOut out = storage.create(name)) {
      for (int done = 0; done < content.length; ) {
        int piece = Math.min(content.length - done, 1 + random.nextInt(700));
        out.append(content, done, piece);
        done += piece;
        if (random.nextInt(4) == 0) {
          out.sync();
        }
      }
    }
    return content;
  }
}
