package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.OwnershipLostException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever drops the lock of a directory, there is one owner: a store that another one has superseded
 * says so, writes no more, and harms nothing. No acknowledged synced write is lost.
 */
@Timeout(60)
class OwnershipTest {
  private static final Options OPTIONS =
      Options.builder()
          .durability(Durability.SYNC)
          .memtableBytes(16 << 10)
          .slotBytes(4 << 10)
          .fanout(3)
          .build();

  @TempDir Path temp;

  /** What takes the lock away from the first store. */
  enum Drop {
    /** The process reads the lock file. */
    READ,
    /** Somebody deletes the lock file. */
    DELETED
  }

  /** Writes some entries in a process of its own, and closes. */
  static final class Second {
    private Second() {}

    public static void main(String[] args) {
      try (AtllDb db = Atll.open(Path.of(args[0]), OPTIONS)) {
        put(db, args[1], 0, Integer.parseInt(args[2]));
        db.flush();
        System.out.println("done");
      } catch (DirectoryInUseException e) {
        System.out.println("refused");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Drop.class)
  void aSupersededStoreEndsLoudlyAndNoAcknowledgedWriteIsLost(Drop drop) throws Exception {
    Path directory = temp.resolve("s");
    int acknowledged;
    Map<String, Long> files;
    try (AtllDb first = Atll.open(directory, OPTIONS)) {
      put(first, "a", 0, 150);
      if (drop == Drop.DELETED) {
        Files.delete(directory.resolve("LOCK"));
      } else {
        Files.readAllBytes(directory.resolve("LOCK"));
      }
      assertEquals("done", second(directory, "b", 150));
      files = files(directory);
      acknowledged = putUntilRefused(first, "c");
      assertThrows(OwnershipLostException.class, first::flush);
      assertThrows(OwnershipLostException.class, () -> first.compact(KeyRange.all()));
      assertThrows(OwnershipLostException.class, first::sync);
      assertNotNull(first.get(key("a", 7)), "reads go on");
    }
    assertEquals(files, files(directory), "the superseded store has touched the other's files");
    try (AtllDb later = Atll.open(directory, OPTIONS)) {
      assertEquals(150, later.count(KeyRange.prefix(bytes("a"))));
      assertEquals(150, later.count(KeyRange.prefix(bytes("b"))));
      assertEquals(acknowledged, later.count(KeyRange.prefix(bytes("c"))));
      later.verify();
    }
  }

  @Test
  void whatWasAcknowledgedWhileAnotherOpenedIsThere() throws Exception {
    Path directory = temp.resolve("s");
    try (AtllDb first = Atll.open(directory, OPTIONS)) {
      put(first, "a", 0, 10);
      Files.delete(directory.resolve("LOCK"));
      int[] acknowledged = new int[1];
      Thread writer =
          new Thread(() -> acknowledged[0] = putUntilRefused(first, "c", Integer.MAX_VALUE));
      writer.start();
      assertEquals("done", second(directory, "b", 10));
      writer.join();
      try (AtllDb later = Atll.open(temp.resolve("s"), OPTIONS)) {
        throw new AssertionError("opened while the first is open in this process: " + later);
      } catch (DirectoryInUseException e) {
        // The registry of the process still knows of the first.
      }
      first.close();
      try (AtllDb later = Atll.open(directory, OPTIONS)) {
        for (int i = 0; i < acknowledged[0]; i++) {
          assertNotNull(later.get(key("c", i)), "acknowledged write " + i);
        }
        assertEquals(10, later.count(KeyRange.prefix(bytes("b"))));
        later.verify();
      }
    }
  }

  @Test
  void writesThatAreNotForcedEndSoonToo() throws Exception {
    Path directory = temp.resolve("s");
    try (AtllDb first =
        Atll.open(directory, OPTIONS.toBuilder().durability(Durability.OS).build())) {
      put(first, "a", 0, 10);
      Files.delete(directory.resolve("LOCK"));
      assertEquals("done", second(directory, "b", 10));
      assertThrows(
          OwnershipLostException.class,
          () -> {
            for (int i = 0; ; i++) {
              put(first, "c", i % 10, i % 10 + 1);
              LockSupport.parkNanos(10_000_000);
            }
          });
    }
  }

  @Test
  void anotherClassLoaderIsRefusedAndDropsNoLock() throws Exception {
    Path directory = temp.resolve("s");
    List<URL> urls = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(part).toUri().toURL());
    }
    try (AtllDb first = Atll.open(directory, OPTIONS);
        URLClassLoader other =
            new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Class<?> atll = other.loadClass(Atll.class.getName());
      assertTrue(atll != Atll.class);
      Exception refused =
          assertThrows(
              Exception.class, () -> atll.getMethod("open", Path.class).invoke(null, directory));
      assertEquals(
          DirectoryInUseException.class.getName(), refused.getCause().getClass().getName());
      assertEquals("refused", second(directory, "b", 1), "the lock was dropped");
      put(first, "a", 0, 10);
    }
    assertEquals("done", second(directory, "b", 1));
  }

  @Test
  void aCopyIsAStoreOfItsOwn() throws Exception {
    Path directory = temp.resolve("s");
    Path copy = Files.createDirectory(temp.resolve("copy"));
    try (AtllDb first = Atll.open(directory, OPTIONS)) {
      put(first, "a", 0, 50);
      copyFiles(directory, copy);
      try (AtllDb second = Atll.open(copy, OPTIONS)) {
        assertEquals(50, second.count(KeyRange.all()));
        put(second, "b", 0, 100);
        put(first, "c", 0, 100);
        second.flush();
        first.flush();
        assertEquals(150, second.count(KeyRange.all()));
        assertEquals(150, first.count(KeyRange.all()));
      }
    }
  }

  /** What happens to the directory under a running store. */
  enum Gone {
    REMOVED,
    MOVED,
    REPLACED_BY_A_COPY,
    REPLACED_BY_A_NEW_STORE
  }

  @ParameterizedTest
  @EnumSource(Gone.class)
  void aDirectoryThatIsNotThereAnyMoreEndsTheStoreLoudly(Gone how) throws Exception {
    Path directory = temp.resolve("s");
    Path old = temp.resolve("old");
    Map<String, Long> files = Map.of();
    int acknowledged;
    try (AtllDb first = Atll.open(directory, OPTIONS)) {
      put(first, "a", 0, 100);
      switch (how) {
        case REMOVED -> {
          remove(directory);
        }
        case MOVED -> Files.move(directory, old);
        case REPLACED_BY_A_COPY -> {
          Files.move(directory, old);
          Files.createDirectory(directory);
          copyFiles(old, directory);
          files = files(directory);
        }
        case REPLACED_BY_A_NEW_STORE -> {
          Files.move(directory, old);
          assertEquals("done", second(directory, "b", 100));
          files = files(directory);
        }
      }
      acknowledged = putUntilRefused(first, "c");
      assertEquals(0, acknowledged);
      assertThrows(OwnershipLostException.class, first::flush);
    }
    if (how != Gone.REMOVED && how != Gone.MOVED) {
      assertEquals(files, files(directory), "the old store has touched files of the new one");
    }
  }

  private static int putUntilRefused(AtllDb db, String prefix) {
    return putUntilRefused(db, prefix, 1_000);
  }

  private static int putUntilRefused(AtllDb db, String prefix, int max) {
    int done = 0;
    try {
      while (done < max) {
        put(db, prefix, done, done + 1);
        done++;
      }
    } catch (OwnershipLostException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("ownership"), e::getMessage);
      return done;
    }
    throw new AssertionError(done + " writes of a store that is not the owner");
  }

  private static void put(AtllDb db, String prefix, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put(key(prefix, i), new byte[100]);
    }
  }

  private static byte[] key(String prefix, int i) {
    return bytes(prefix + i);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String second(Path directory, String prefix, int count) throws IOException {
    try (ChildJvm child = ChildJvm.start(64, Second.class, directory, prefix, count)) {
      String line = child.hear();
      while (line != null && !line.equals("done") && !line.equals("refused")) {
        line = child.hear();
      }
      return line;
    }
  }

  // The store goes on meanwhile: its loops delete logs and make tables between two looks.
  private static Map<String, Long> files(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    for (Path file : list(directory)) {
      try {
        sizes.put(file.getFileName().toString(), Files.size(file));
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return sizes;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static void remove(Path directory) throws IOException {
    while (true) {
      for (Path file : list(directory)) {
        Files.deleteIfExists(file);
      }
      try {
        Files.delete(directory);
        return;
      } catch (DirectoryNotEmptyException e) {
        continue;
      }
    }
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    for (String name : files(from).keySet()) {
      try {
        Files.copy(from.resolve(name), to.resolve(name));
      } catch (NoSuchFileException e) {
        continue;
      }
    }
  }
}
