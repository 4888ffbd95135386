package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that runs out of memory, or out of file descriptors, in the middle of its writes: calls
 * end in typed errors or an {@link OutOfMemoryError}, the process lives on, and what had returned is
 * there when the store is opened again.
 */
class StarvedProcessTest {
  private static final int VALUE_BYTES = 1000;

  @TempDir private Path temp;

  /** The process that starves. */
  static final class Starving {
    private static int acked;
    private static int refused;

    public static void main(String[] args) throws IOException {
      byte[] spare = new byte[4 << 20];
      boolean memory = args[1].equals("memory");
      if (!memory) {
        loadClasses();
      }
      Options options =
          Options.builder()
              .durability(Durability.OS)
              .memtableBytes(memory ? 512L << 20 : 64 << 10)
              .build();
      AtllDb db = Atll.open(Path.of(args[0]), options);
      List<Closeable> held = new ArrayList<>();
      for (int i = 0; i < (memory ? 200_000 : 3000) && refused < 20; i++) {
        if (!memory && i == 1000) {
          exhaust(held);
        }
        if (!memory && i == 2000) {
          for (Closeable file : held) {
            file.close();
          }
        }
        attempt(db, i, memory);
      }
      // Printing takes memory too.
      spare = null;
      System.out.println("acked " + acked + " refused " + refused + (spare == null ? "" : "!"));
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }

    private static void attempt(AtllDb db, int i, boolean memory) {
      try {
        db.put(Content.key(i), Content.value(i, VALUE_BYTES));
        if (acked == i) {
          acked++;
        }
        if (!memory && i % 100 == 50) {
          db.flush();
          db.compact(KeyRange.all());
        }
      } catch (AtllException | OutOfMemoryError e) {
        refused++;
      }
    }

    /** A class that lies in a directory takes a descriptor to load; one in an open jar would not. */
    private static void loadClasses() throws IOException {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        Path root = Path.of(entry);
        if (!Files.isDirectory(root)) {
          continue;
        }
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
            String name = root.relativize(file).toString().replace(File.separatorChar, '.');
            load(name.substring(0, name.length() - ".class".length()));
          }
        }
      }
    }

    private static void load(String name) {
      try {
        Class.forName(name, false, Starving.class.getClassLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        // A test of something that is not on this class path.
        return;
      }
    }

    private static void exhaust(List<Closeable> held) {
      try {
        while (true) {
          held.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        // None are left now.
      }
    }
  }

  private void check(List<String> said, boolean mustRefuse) {
    String last = said.isEmpty() ? "" : said.getLast();
    assertTrue(last.startsWith("acked "), () -> String.join("\n", said));
    int acked = Integer.parseInt(last.split(" ")[1]);
    int refused = Integer.parseInt(last.split(" ")[3]);
    assertTrue(acked > 0, last);
    assertTrue(!mustRefuse || refused > 0, "nothing was ever missing: " + last);
    try (AtllDb db = Atll.open(temp.resolve("store"))) {
      for (int i = 0; i < acked; i++) {
        assertArrayEquals(Content.value(i, VALUE_BYTES), db.get(Content.key(i)), "key " + i);
      }
      db.verify();
    }
  }

  @Test
  void aHeapThatIsTooSmallLosesNothing() throws Exception {
    try (ChildJvm child = ChildJvm.start(48, Starving.class, temp.resolve("store"), "memory")) {
      List<String> said = child.hearAll();
      assertEquals(0, child.await(), () -> String.join("\n", said));
      check(said, true);
    }
  }

  @Test
  void withoutFileDescriptorsNothingIsLost() throws Exception {
    try (ChildJvm child =
        ChildJvm.startLimited("-n 200", 128, Starving.class, temp.resolve("store"), "files")) {
      List<String> said = child.hearAll();
      assertEquals(0, child.await(), () -> String.join("\n", said));
      check(said, true);
    }
  }
}
