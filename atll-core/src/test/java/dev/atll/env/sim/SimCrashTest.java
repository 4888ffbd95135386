package dev.atll.env.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.OpKind;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may and what must be in a crash image, one rule at a time. */
class SimCrashTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final int IMAGES = 2_000;

  private final SplittableRandom random = new SplittableRandom(17);
  private SimFileSystem fs;
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    fs = new SimEnv(17).files();
    storage = fs.open(DIRECTORY, true);
  }

  private static byte[] filled(int count, int value) {
    byte[] out = new byte[count];
    Arrays.fill(out, (byte) value);
    return out;
  }

  private FileOut create(String name) throws IOException {
    return storage.create(name);
  }

  private static void append(FileOut out, byte[] bytes) throws IOException {
    out.append(bytes, 0, bytes.length);
  }

  private static List<String> names(SimFileSystem image) throws IOException {
    return image.open(DIRECTORY, false).list();
  }

  private Set<List<String>> namesAfterCrashes(Survival names) throws IOException {
    Set<List<String>> seen = new HashSet<>();
    for (int i = 0; i < IMAGES; i++) {
      seen.add(names(fs.crash(random, new CrashMode(Survival.ALL, names))));
    }
    return seen;
  }

  private Set<String> contentsAfterCrashes(String name, Survival bytes) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < IMAGES; i++) {
      SimFileSystem image = fs.crash(random, new CrashMode(bytes, Survival.ALL));
      seen.add(Arrays.toString(image.read(DIRECTORY.resolve(name))));
    }
    return seen;
  }

  @Test
  void aSyncedFileWhoseDirectoryWasNotSyncedMayVanish() throws IOException {
    try (FileOut out = create("f")) {
      append(out, filled(100, 7));
      out.sync();
    }
    assertEquals(List.of(), names(fs.crash(random, CrashMode.SYNCED_ONLY)));
    assertEquals(Set.of(List.of(), List.of("f")), namesAfterCrashes(Survival.SUBSET));
    storage.syncDirectory();
    for (CrashMode mode : CrashMode.all()) {
      assertArrayEquals(filled(100, 7), fs.crash(random, mode).read(DIRECTORY.resolve("f")));
    }
  }

  @Test
  void aSyncedNameMayHoldAnEmptyFile() throws IOException {
    append(create("f"), filled(100, 7));
    storage.syncDirectory();
    SimFileSystem image = fs.crash(random, CrashMode.SYNCED_ONLY);
    assertArrayEquals(new byte[0], image.read(DIRECTORY.resolve("f")));
  }

  @Test
  void everySetOfChangedNamesIsReached() throws IOException {
    create("a").close();
    create("b").close();
    storage.syncDirectory();
    storage.delete("a");
    create("c").close();
    storage.rename("b", "d");
    Set<List<String>> all = new HashSet<>();
    for (String a : List.of("a", "")) {
      for (String bd : List.of("b", "d")) {
        for (String c : List.of("c", "")) {
          List<String> names = new ArrayList<>(List.of(a, bd, c));
          names.removeIf(String::isEmpty);
          names.sort(null);
          all.add(names);
        }
      }
    }
    assertEquals(all, namesAfterCrashes(Survival.SUBSET), "a rename is one change, not two");
    assertEquals(
        Set.of(List.of("a", "b"), List.of("b"), List.of("b", "c"), List.of("c", "d")),
        namesAfterCrashes(Survival.PREFIX));
    assertEquals(Set.of(List.of("a", "b")), namesAfterCrashes(Survival.NONE));
    assertEquals(Set.of(List.of("c", "d")), namesAfterCrashes(Survival.ALL));
    assertEquals(Set.of(List.of("c", "d")), Set.of(storage.list()), "the running one goes on");
  }

  @Test
  void aRenameOverAFileLeavesTheOldOrTheNewOne() throws IOException {
    for (int i = 1; i <= 2; i++) {
      try (FileOut out = create(i == 1 ? "CURRENT" : "tmp")) {
        append(out, filled(1, i));
        out.sync();
      }
    }
    storage.syncDirectory();
    storage.rename("tmp", "CURRENT");
    Set<String> seen = contentsAfterCrashesOfNames("CURRENT");
    assertEquals(Set.of("[1]", "[2]"), seen);
  }

  private Set<String> contentsAfterCrashesOfNames(String name) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < IMAGES; i++) {
      SimFileSystem image = fs.crash(random, CrashMode.any(random));
      seen.add(Arrays.toString(image.read(DIRECTORY.resolve(name))));
    }
    return seen;
  }

  @Test
  void everyPrefixOfTheBytesIsReached() throws IOException {
    FileOut out = create("f");
    append(out, filled(10, 1));
    out.sync();
    append(out, filled(90, 2));
    Set<String> all = new HashSet<>();
    for (int length = 10; length <= 100; length++) {
      byte[] content = filled(length, 2);
      Arrays.fill(content, 0, 10, (byte) 1);
      all.add(Arrays.toString(content));
    }
    assertEquals(all, contentsAfterCrashes("f", Survival.PREFIX));
  }

  @Test
  void everySetOfSectorsIsReachedAndNoneBeforeTheSync() throws IOException {
    FileOut out = create("f");
    append(out, filled(10, 1));
    out.sync();
    // Sectors of this file: 10..64 (its first bytes are safe), 64..128, 128..150.
    append(out, filled(140, 2));
    Set<String> full = new HashSet<>();
    Set<Integer> lengths = new HashSet<>();
    for (int i = 0; i < 20 * IMAGES; i++) {
      SimFileSystem image = fs.crash(random, new CrashMode(Survival.SUBSET, Survival.ALL));
      byte[] content = image.read(DIRECTORY.resolve("f"));
      lengths.add(content.length);
      StringBuilder sectors = new StringBuilder();
      for (int[] range : new int[][] {{10, 64}, {64, 128}, {128, 150}}) {
        int from = Math.min(range[0], content.length);
        byte[] part = Arrays.copyOfRange(content, from, Math.min(range[1], content.length));
        boolean kept = Arrays.equals(part, filled(part.length, 2));
        assertTrue(kept || Arrays.equals(part, new byte[part.length]), "a sector is one");
        sectors.append(kept ? 'k' : '0');
      }
      assertArrayEquals(filled(10, 1), Arrays.copyOf(content, 10));
      if (content.length == 150) {
        full.add(sectors.toString());
      }
    }
    assertEquals(Set.of("kkk", "kk0", "k0k", "0kk", "k00", "0k0", "00k", "000"), full);
    assertEquals(141, lengths.size(), "every length from the synced to the written one");
    assertEquals(
        Set.of(Arrays.toString(filled(10, 1))), contentsAfterCrashes("f", Survival.NONE));
  }

  @Test
  void aDeletedFileMayComeBackWhole() throws IOException {
    try (FileOut out = create("f")) {
      append(out, filled(5, 3));
      out.sync();
    }
    storage.syncDirectory();
    storage.delete("f");
    SimFileSystem image = fs.crash(random, CrashMode.SYNCED_ONLY);
    assertArrayEquals(filled(5, 3), image.read(DIRECTORY.resolve("f")));
  }

  @Test
  void twoNamesOfOneFileStayOneFile() throws IOException {
    append(create("f"), filled(1_000, 3));
    Path other = Path.of("/backup");
    fs.open(other, true);
    storage.link("f", other.resolve("g"));
    for (int i = 0; i < IMAGES; i++) {
      SimFileSystem image = fs.crash(random, new CrashMode(Survival.SUBSET, Survival.ALL));
      assertArrayEquals(image.read(DIRECTORY.resolve("f")), image.read(other.resolve("g")));
      assertEquals(image.read(other.resolve("g")).length, image.usedBytes());
    }
  }

  @Test
  void aKillKeepsAllAndALaterPowerCutMayTakeIt() throws IOException {
    append(create("f"), filled(100, 3));
    SimFileSystem killed = fs.kill();
    assertArrayEquals(filled(100, 3), killed.read(DIRECTORY.resolve("f")));
    assertEquals(List.of(), names(killed.crash(random, CrashMode.SYNCED_ONLY)));
    assertEquals(List.of("f"), names(killed.crash(random, CrashMode.EVERYTHING)));
    killed.open(DIRECTORY, false).syncDirectory();
    SimFileSystem image = killed.crash(random, CrashMode.SYNCED_ONLY);
    assertEquals(0, image.read(DIRECTORY.resolve("f")).length);
  }

  @Test
  void anImageIsFreeOfTheRunningOne() throws IOException {
    FileOut out = create("f");
    append(out, filled(100, 1));
    AutoCloseable lock = storage.lock();
    assertTrue(lock != null);
    fs.setCapacity(150);
    SimFileSystem image = fs.crash(random, CrashMode.EVERYTHING);
    append(out, filled(50, 2));
    fs.corrupt(DIRECTORY.resolve("f"), 5, 0xFF);
    storage.delete("f");
    assertArrayEquals(filled(100, 1), image.read(DIRECTORY.resolve("f")));
    Storage again = image.open(DIRECTORY, false);
    again.lock();
    FileOut more = again.create("g");
    append(more, filled(1_000, 4));
    image.corrupt(DIRECTORY.resolve("f"), 0, 1);
    assertEquals(List.of(), storage.list());
    assertEquals(image.clock().elapsedNanos() > 0, fs.clock().elapsedNanos() > 0);
  }

  @Test
  void pagesDroppedByAFailedSyncReadWellUntilThePowerCut() throws IOException {
    FileOut out = create("f");
    append(out, filled(50, 1));
    out.sync();
    append(out, filled(50, 2));
    ((Droppable) out).dropUnsynced();
    append(out, filled(50, 3));
    // The second sync succeeds, and reading back detects nothing.
    out.sync();
    storage.syncDirectory();
    byte[] written = filled(150, 1);
    Arrays.fill(written, 50, 100, (byte) 2);
    Arrays.fill(written, 100, 150, (byte) 3);
    assertArrayEquals(written, fs.read(DIRECTORY.resolve("f")));
    Arrays.fill(written, 50, 100, (byte) 0);
    for (CrashMode mode : CrashMode.all()) {
      assertArrayEquals(written, fs.crash(random, mode).read(DIRECTORY.resolve("f")));
    }
    SimFileSystem killed = fs.kill();
    assertEquals(2, killed.read(DIRECTORY.resolve("f"))[60]);
    assertEquals(0, killed.crash(random, CrashMode.EVERYTHING).read(DIRECTORY.resolve("f"))[60]);
  }

  @Test
  void namesDroppedByAFailedSyncShowUntilThePowerCut() throws IOException {
    create("f").close();
    ((Droppable) storage).dropUnsynced();
    create("g").close();
    storage.syncDirectory();
    assertEquals(List.of("f", "g"), storage.list());
    assertEquals(List.of("g"), names(fs.crash(random, CrashMode.EVERYTHING)));
  }

  @Test
  void theHookSeesEachChangeBeforeItHappensAndACrashIsFinal() throws IOException {
    List<String> seen = new ArrayList<>();
    fs.setHook((kind, name) -> seen.add(kind + " " + name + " " + fs.usedBytes()));
    FileOut out = create("f");
    append(out, filled(9, 1));
    out.sync();
    storage.rename("f", "g");
    storage.syncDirectory();
    storage.list();
    fs.open(Path.of("/other"), true);
    storage.link("g", Path.of("/other/h"));
    storage.delete("g");
    assertEquals(
        List.of(
            "CREATE f 0", "APPEND f 0", "SYNC f 9", "RENAME g 9", "SYNC_DIRECTORY /db 9",
            "MKDIR /other 9", "LINK h 9", "DELETE g 9"),
        seen);
    assertEquals(8, fs.mutations() - 1, "and one for the directory");
    assertEquals(1, fs.operations(OpKind.APPEND));
    fs.setHook(
        (kind, name) -> {
          throw new SimulatedCrash("at " + kind);
        });
    assertThrows(SimulatedCrash.class, () -> create("i"));
    fs.setHook(null);
    assertThrows(SimulatedCrash.class, () -> storage.list());
    assertThrows(SimulatedCrash.class, () -> append(out, filled(1, 1)));
    out.close();
    storage.close();
    assertEquals(List.of(), names(fs.crash(random, CrashMode.EVERYTHING)));
  }

  @Test
  void aFullDeviceWritesWhatFits() throws IOException {
    fs.setCapacity(100);
    FileOut out = create("f");
    append(out, filled(60, 1));
    FileOut other = create("g");
    append(other, filled(30, 1));
    assertEquals(10, storage.freeBytes());
    assertThrows(OutOfSpaceException.class, () -> append(out, filled(20, 2)));
    assertEquals(70, out.length());
    assertEquals(0, storage.freeBytes());
    // A deleted file gives its space back when nobody has it open any more.
    storage.delete("g");
    assertEquals(0, storage.freeBytes());
    other.close();
    assertEquals(30, storage.freeBytes());
    append(out, filled(30, 2));
    create("h").close();
    storage.rename("h", "f");
    out.close();
    assertEquals(100, storage.freeBytes());
    assertEquals(0, fs.usedBytes());
  }

  @Test
  void damageShowsInReadsAndInMappingsMadeBefore() throws IOException {
    append(create("f"), filled(100, 1));
    FileIn in = storage.open("f");
    MemorySegment map = in.map();
    fs.corrupt(DIRECTORY.resolve("f"), 42, 0x80);
    byte[] dst = new byte[1];
    in.readFully(42, dst, 0, 1);
    assertEquals((byte) 0x81, dst[0]);
    assertEquals((byte) 0x81, map.get(ValueLayout.JAVA_BYTE, 42));
    assertThrows(
        IndexOutOfBoundsException.class, () -> fs.corrupt(DIRECTORY.resolve("f"), 100, 1));
    in.close();
    assertNotEquals(1, map.get(ValueLayout.JAVA_BYTE, 0), "a stale mapping must not look right");
  }

  @Test
  void testsMayPlantCutAndLoseFiles() throws IOException {
    fs.plant(DIRECTORY.resolve("p"), filled(10, 1));
    fs.plant(DIRECTORY.resolve("q"), filled(10, 1));
    fs.truncate(DIRECTORY.resolve("p"), 4);
    fs.lose(DIRECTORY.resolve("q"));
    SimFileSystem image = fs.crash(random, CrashMode.SYNCED_ONLY);
    assertEquals(List.of("p"), names(image));
    assertEquals(4, image.read(DIRECTORY.resolve("p")).length);
    assertEquals(4, fs.usedBytes());
  }

  @Test
  void openHandlesAreKnown() throws IOException {
    FileOut out = create("f");
    FileIn in = storage.open("f");
    assertEquals(List.of("out /db/f", "in /db/f"), fs.openHandles());
    out.close();
    in.close();
    assertFalse(fs.openHandles().iterator().hasNext());
  }
}
