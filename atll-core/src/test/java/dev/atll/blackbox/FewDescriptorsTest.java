package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A store may have more tables, and more log segments, than the process may have descriptors. */
@EnabledOnOs(OS.LINUX)
class FewDescriptorsTest {
  private static final int ENTRIES = 4400;

  @TempDir private Path temp;

  private static Options options() {
    return Options.builder()
        .durability(Durability.OS)
        .policy("tiered")
        .fanout(100)
        .memtableBytes(16 << 10)
        .slotBytes(4096)
        .spaceReserveBytes(0)
        .build();
  }

  private static long count(Path store, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files.filter(f -> f.toString().endsWith(suffix)).count();
    }
  }

  /** The process with few descriptors: makes a store of many tables, and opens it again. */
  static final class Making {
    public static void main(String[] args) throws IOException {
      Path store = Path.of(args[0]);
      try (AtllDb db = Atll.open(store, options())) {
        for (int i = 0; i < ENTRIES; i++) {
          db.put(Content.key(i * 7919 % 1_000_003), Content.value(i, 200));
        }
        db.flush();
      }
      try (AtllDb db = Atll.open(store, options())) {
        db.verify();
        System.out.println(db.count(KeyRange.all()) + " entries");
        System.out.println(count(store, ".sst") + " tables");
      }
    }
  }

  /** The process with few descriptors: a memtable that covers many log segments. */
  static final class Logging {
    public static void main(String[] args) throws IOException {
      Path store = Path.of(args[0]);
      Options options = options().toBuilder().memtableBytes(32 << 20).walSegmentBytes(4096).build();
      try (AtllDb db = Atll.open(store, options)) {
        for (int i = 0; i < ENTRIES / 11; i++) {
          db.put(Content.key(i), Content.value(i, 1000));
        }
        System.out.println(count(store, ".wal") + " segments");
      }
      try (AtllDb db = Atll.open(store, options)) {
        System.out.println(db.count(KeyRange.all()) + " entries");
      }
    }
  }

  private List<String> run(Class<?> main) throws Exception {
    try (ChildJvm child = ChildJvm.startLimited("-n 64", 64, main, temp.resolve("store"))) {
      List<String> said = child.hearAll();
      assertEquals(0, child.await(), () -> String.join("\n", said));
      return said;
    }
  }

  @Test
  void moreTablesThanDescriptors() throws Exception {
    List<String> said = run(Making.class);
    assertEquals(ENTRIES + " entries", said.getFirst());
    assertTrue(Integer.parseInt(said.getLast().split(" ")[0]) > 64, said::toString);
  }

  @Test
  void moreLogSegmentsThanDescriptors() throws Exception {
    List<String> said = run(Logging.class);
    assertTrue(Integer.parseInt(said.getFirst().split(" ")[0]) > 70, said::toString);
    assertEquals(ENTRIES / 11 + " entries", said.getLast());
  }
}
