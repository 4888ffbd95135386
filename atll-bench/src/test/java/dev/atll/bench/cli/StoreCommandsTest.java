package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandsTest {
  private static final int ENTRIES = 5000;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path dir;
  private Path store;

  @BeforeEach
  void makeStore() {
    store = dir.resolve("store");
    try (AtllDb db = Atll.open(store, Options.builder().durability(Durability.OS).build())) {
      for (int i = 0; i < ENTRIES; i++) {
        db.put(ByteBuffer.allocate(4).putInt(i).array(), new byte[50]);
      }
    }
  }

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void inspectShowsFilesLevelsAndEntries() {
    int code =
        run("inspect", store.toString(), "--count", "--entries", "2", "--from", "00000010");
    assertEquals(0, code, err.toString());
    String text = out.toString();
    assertTrue(text.contains("entries          " + ENTRIES), text);
    assertTrue(text.contains("00000010  50 bytes"), text);
    assertTrue(text.contains("00000011  50 bytes"), text);
    assertFalse(text.contains("00000012"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches("L\\d .*5.00 k.*")), text);
  }

  @Test
  void aSoundStoreIsSound() {
    assertEquals(0, run("verify", store.toString()), out.toString() + err);
    assertTrue(out.toString().startsWith("sound: " + ENTRIES + " entries"), out.toString());
  }

  @Test
  void aFlippedBitInATableIsFound() throws IOException {
    Path table;
    try (Stream<Path> all = Files.walk(store)) {
      table =
          all.filter(Files::isRegularFile)
              .filter(file -> file.toString().endsWith(".sst"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[bytes.length / 3] ^= 4;
    Files.write(table, bytes);
    assertEquals(1, run("verify", store.toString()));
    assertTrue((out.toString() + err).contains("DAMAGED"), out.toString() + err);
  }

  @Test
  void nothingIsMadeWhereThereIsNoStore() throws IOException {
    Path empty = Files.createDirectory(dir.resolve("empty"));
    assertEquals(2, run("inspect", dir.resolve("absent").toString()));
    assertEquals(1, run("verify", empty.toString()));
    try (Stream<Path> files = Files.list(empty)) {
      // Whoever looks must hold the lock, which is a file.
      assertEquals(0, files.filter(file -> !file.endsWith("LOCK")).count());
    }
  }

  @Test
  void aDemoIsRecordedAndReplayed() {
    Path recording = dir.resolve("recording");
    int code =
        run(
            "demo", "--seconds", "2", "--keys", "3000", "--rate", "3000", "--port", "0",
            "--no-browser", "--record", recording.toString());
    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains("ops/s"), out.toString());
    assertEquals(
        0,
        run(
            "replay", recording.toString(), "--speed", "2", "--exit", "--no-browser"),
        err.toString());
    String last = out.toString().lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(last.matches(".*events read, 0 of unknown types, 0 broken lines"), last);
    assertFalse(last.startsWith("0 "), last);
  }
}
