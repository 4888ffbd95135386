package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that a process with a large heap left behind opens in a small one, with any options. */
class SmallHeapTest {
  private static final int VALUE_BYTES = 10_000;
  private static final Options WRITER =
      Options.builder()
          .durability(Durability.OS)
          .memtableBytes(1L << 30)
          .memtableAge(Duration.ofHours(1))
          .flushOnClose(false)
          .build();

  @TempDir private Path temp;

  /** The process with the small heap. */
  static final class Opening {
    public static void main(String[] args) {
      int entries = Integer.parseInt(args[1]);
      // The writer's options, whose memtable is larger than this heap, and the defaults.
      for (Options options : List.of(WRITER, Options.defaults())) {
        try (AtllDb db = Atll.open(Path.of(args[0]), options)) {
          System.out.println(db.count(KeyRange.all()) - entries);
        }
      }
    }
  }

  private List<String> opened(int heapMebibytes, int logMebibytes) throws Exception {
    int entries = (logMebibytes << 20) / VALUE_BYTES;
    Path store = temp.resolve("store");
    write(store, entries);
    try (ChildJvm child = ChildJvm.start(heapMebibytes, Opening.class, store, entries)) {
      List<String> said = child.hearAll();
      assertEquals(0, child.await(), () -> String.join("\n", said));
      return said;
    }
  }

  private static void write(Path store, int entries) throws IOException {
    // Ended by another process would take longer to write: closed without a flush leaves the same log.
    try (AtllDb db = Atll.open(store, WRITER)) {
      for (int i = 0; i < entries; i++) {
        db.put(Content.key(i), Content.value(i, VALUE_BYTES));
        if (i % 1000 == 999) {
          db.delete(Content.key(i));
          db.put(Content.key(i), Content.value(i, VALUE_BYTES));
        }
      }
    }
  }

  @Test
  void aLogOfTwiceTheHeapOpens() throws Exception {
    assertEquals(List.of("0", "0"), opened(24, 50));
  }

  @Test
  @Tag("slow")
  void aLogOf500MebibytesOpensIn128() throws Exception {
    assertEquals(List.of("0", "0"), opened(128, 500));
  }
}
