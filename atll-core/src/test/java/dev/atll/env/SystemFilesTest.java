package dev.atll.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the real disk can do, and do wrong. */
class SystemFilesTest {
  @TempDir private Path temp;

  private static Storage open(Path directory) throws IOException {
    return Env.system().files().open(directory, true);
  }

  @Test
  void onlyTheOwnerMayReadOrWrite() throws Exception {
    Path directory = temp.resolve("a").resolve("b");
    try (Storage storage = open(directory);
        FileOut out = storage.create("f");
        AutoCloseable lock = storage.lock()) {
      assertTrue(lock != null && out.length() == 0);
      for (Path made : List.of(directory, temp.resolve("a"))) {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
      }
      for (String name : List.of("f", "LOCK")) {
        Path file = directory.resolve(name);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
  }

  @Test
  void plantedLinksAreNotFollowed() throws Exception {
    Path outside = Files.writeString(temp.resolve("outside"), "secret");
    Path directory = temp.resolve("store");
    try (Storage storage = open(directory)) {
      Files.createSymbolicLink(directory.resolve("link"), outside);
      Files.createSymbolicLink(directory.resolve("dangling"), temp.resolve("nowhere"));
      assertThrows(IOException.class, () -> storage.open("link"));
      assertThrows(IOException.class, () -> storage.length("link"));
      assertThrows(FileAlreadyExistsException.class, () -> storage.create("link"));
      assertThrows(FileAlreadyExistsException.class, () -> storage.create("dangling"));
      assertFalse(storage.exists("link"));
      assertThrows(IOException.class, () -> storage.link("link", directory.resolve("copy")));
      assertEquals(List.of(), storage.list());
      // Replacing or removing the link concerns the link, never what it points to.
      storage.create("f").close();
      storage.rename("f", "link");
      storage.delete("dangling");
    }
    assertEquals("secret", Files.readString(outside));
    assertFalse(Files.exists(temp.resolve("nowhere")));
  }

  @Test
  void aDirectoryIsNotAFileNorAFileADirectory() throws Exception {
    Path directory = temp.resolve("store");
    try (Storage storage = open(directory)) {
      Files.createDirectory(directory.resolve("sub"));
      Files.createFile(directory.resolve("odd name"));
      assertThrows(IOException.class, () -> storage.open("sub"));
      assertFalse(storage.exists("sub"));
      assertEquals(List.of(), storage.list());
      storage.create("f").close();
      assertThrows(NotDirectoryException.class, () -> open(directory.resolve("f")));
      assertThrows(IOException.class, () -> open(directory.resolve("f").resolve("g")));
    }
  }

  @Test
  void theRealPathIsShown() throws Exception {
    Path directory = temp.resolve("store");
    open(directory).close();
    Path alias = Files.createSymbolicLink(temp.resolve("alias"), directory);
    try (Storage storage = open(alias)) {
      assertEquals(directory.toRealPath(), storage.path());
    }
  }

  /** Another thread interrupts without pause; no call may fail and no byte be missing. */
  @Test
  void anInterruptStormBreaksNothing() throws Exception {
    byte[] block = StorageContract.bytes(700, 3);
    Thread victim = Thread.currentThread();
    AtomicLong sent = new AtomicLong();
    Thread storm =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (sent.get() >= 0) {
                    victim.interrupt();
                    sent.getAndUpdate(n -> n < 0 ? n : n + 1);
                    Thread.onSpinWait();
                  }
                });
    long seenSet = 0;
    try (Storage storage = open(temp.resolve("store"))) {
      for (int round = 0; round < 40; round++) {
        String name = "f" + round;
        try (FileOut out = storage.create(name)) {
          for (int i = 0; i < 20; i++) {
            out.append(block, 0, block.length);
          }
          out.sync();
          storage.syncDirectory();
          storage.rename(name, "g");
          try (FileIn in = storage.open("g")) {
            byte[] dst = new byte[block.length];
            for (int i = 0; i < 20; i++) {
              in.readFully((long) i * block.length, dst, 0, block.length);
              assertArrayEquals(block, dst);
            }
            MemorySegment map = in.map();
            assertEquals(20L * block.length, map.byteSize());
            assertEquals(-1, map.asSlice(0, 700).mismatch(MemorySegment.ofArray(block)));
            in.readFully(0, dst, 0, block.length);
          }
          out.append(block, 0, 1);
        }
        storage.delete("g");
        seenSet += Thread.currentThread().isInterrupted() ? 1 : 0;
      }
      storage.freeBytes();
    } finally {
      sent.set(Long.MIN_VALUE);
      // Joining is itself interruptible: the storm may have left one more.
      while (storm.isAlive()) {
        Thread.interrupted();
        Thread.onSpinWait();
      }
      Thread.interrupted();
    }
    assertTrue(seenSet > 0, "the flag was never set: there was no storm");
  }

  @Test
  void mappingUnderAnInterruptKeepsTheFlagAndTheFile() throws Exception {
    try (Storage storage = open(temp.resolve("store"))) {
      try (FileOut out = storage.create("f")) {
        out.append(new byte[] {1, 2, 3}, 0, 3);
      }
      try (FileIn in = storage.open("f")) {
        Thread.currentThread().interrupt();
        assertEquals(3, in.map().byteSize());
        assertTrue(Thread.interrupted(), "the interrupt was swallowed");
        in.readFully(0, new byte[3], 0, 3);
      }
    }
  }

  /** Writes until a limit of the file size stops it, and says what it saw. */
  static final class Filler {
    private Filler() {}

    public static void main(String[] args) throws Exception {
      try (Storage storage = Env.system().files().open(Path.of(args[0]), false);
          FileOut out = storage.create("f")) {
        byte[] block = new byte[3_000];
        for (int i = 0; i < 100; i++) {
          try {
            out.append(block, 0, block.length);
          } catch (OutOfSpaceException e) {
            System.out.println("full at " + out.length() + " of " + storage.length("f"));
            System.out.println(e.getMessage());
            try {
              out.append(block, 0, block.length);
            } catch (OutOfSpaceException again) {
              System.out.println("still full at " + out.length());
            }
            return;
          }
        }
        System.out.println("never full");
      }
    }
  }

  @Test
  void aFullDeviceIsTypedAndTheLengthStaysTrue() throws Exception {
    // A limit of 8 blocks of 512 bytes (1024 in some shells); no multiple of an append.
    try (ChildProcess child = ChildProcess.start("ulimit -f 8;", Filler.class, temp.toString())) {
      List<String> said = child.rest();
      assertEquals(0, child.exitCode(), said.toString());
      long real = Files.size(temp.resolve("f"));
      assertTrue(real > 0 && real % 3_000 != 0, "the short write is missing: " + real);
      assertEquals("full at " + real + " of " + real, said.get(0), said.toString());
      assertTrue(said.get(1).contains(temp.resolve("f").toString()), said.toString());
      assertEquals("still full at " + real, said.get(2));
    }
  }

  @Test
  void spaceErrorsAreKnownByTheirText() {
    assertTrue(SystemFileSystem.isOutOfSpace("No space left on device"));
    assertTrue(SystemFileSystem.isOutOfSpace("write failed: Disk quota exceeded"));
    assertTrue(SystemFileSystem.isOutOfSpace("File too large"));
    assertFalse(SystemFileSystem.isOutOfSpace("Input/output error"));
    assertFalse(SystemFileSystem.isOutOfSpace(null));
    IOException error = new IOException("Input/output error");
    assertEquals(error, SystemFileSystem.translate(Path.of("/"), 10, error));
    assumeTrue(Files.isDirectory(Path.of("/proc")), "no file system without free space here");
    // The text may be in any language: then the free space decides.
    assertInstanceOf(
        OutOfSpaceException.class,
        SystemFileSystem.translate(Path.of("/proc"), 10, new IOException("kein Platz")));
  }

  @Test
  void aMappingEndsWithItsFile() throws Exception {
    try (Storage storage = open(temp.resolve("store"))) {
      try (FileOut out = storage.create("f")) {
        out.append(new byte[10_000], 0, 10_000);
      }
      FileIn in = storage.open("f");
      MemorySegment map = in.map();
      in.close();
      assertThrows(IllegalStateException.class, () -> map.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void aTruncatedMappingThrowsAndTheProcessLives() throws Exception {
    Path directory = temp.resolve("store");
    try (Storage storage = open(directory)) {
      try (FileOut out = storage.create("f")) {
        out.append(new byte[20_000], 0, 20_000);
      }
      try (FileIn in = storage.open("f")) {
        MemorySegment map = in.map();
        try (RandomAccessFile cut = new RandomAccessFile(directory.resolve("f").toFile(), "rw")) {
          cut.setLength(0);
        }
        byte[] heap = new byte[4_096];
        assertThrows(
            InternalError.class,
            () -> MemorySegment.copy(map, 8_192, MemorySegment.ofArray(heap), 0, heap.length));
        assertThrows(IOException.class, () -> in.readFully(0, heap, 0, 1));
      }
    }
  }

  @Test
  void aFileSwappedUnderItsNameIsNotConfused() throws Exception {
    try (Storage storage = open(temp.resolve("store"))) {
      FileOut out = storage.create("f");
      out.append(new byte[] {1, 2, 3}, 0, 3);
      storage.delete("f");
      out.append(new byte[] {4}, 0, 1);
      assertEquals(4, out.length());
      out.sync();
      out.close();
      assertThrows(NoSuchFileException.class, () -> storage.length("f"));
    }
  }
}
