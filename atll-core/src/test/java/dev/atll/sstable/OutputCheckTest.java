package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.FileOut;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was meant to be written is compared with the file, not with what its writer remembers. */
class OutputCheckTest {
  private static final int ENTRIES = 500;
  private static final TableOptions OPTIONS = TableOptions.DEFAULT;

  private final Storage storage = open();

  private static Storage open() {
    try {
      return new SimEnv(1).files().open(Path.of("/t"), true);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] key(int i) {
    return ("key" + (100_000 + i)).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(int i) {
    return ("value" + i).getBytes(StandardCharsets.US_ASCII);
  }

  /** A sound table, all of whose checksums hold, with one bit of one value not as it was meant. */
  private TableReader table(long number, int count, int flipped) throws IOException {
    String name = TableNames.fileName(number);
    try (FileOut out = storage.create(name)) {
      TableWriter writer = new TableWriter(out, number, OPTIONS, new byte[0][]);
      for (int i = 0; i < count; i++) {
        byte[] value = value(i);
        if (i == flipped) {
          value[2] ^= 0x40;
        }
        byte[] key = key(i);
        writer.add(
            key, 0, key.length, i + 1, ValueKind.PUT, MemorySegment.ofArray(value), 0,
            value.length);
      }
      writer.finish();
      out.sync();
    }
    return TableReader.open(storage.open(name), number, name, null);
  }

  private static OutputCheck meant() {
    OutputCheck check = new OutputCheck();
    for (int i = 0; i < ENTRIES; i++) {
      byte[] key = key(i);
      byte[] value = value(i);
      check.expect(
          EntryDigest.of(
              Keys.hash(key, 0, key.length), i + 1, ValueKind.PUT, MemorySegment.ofArray(value),
              0, value.length));
    }
    return check;
  }

  private static void pass(OutputCheck check, TableReader... tables) {
    for (TableReader table : tables) {
      check.read(table);
    }
    check.passOrThrow(List.of(tables).stream().map(TableReader::info).toList());
  }

  @Test
  void whatWasMeantPasses() throws IOException {
    try (TableReader table = table(1, ENTRIES, -1)) {
      pass(meant(), table);
      OutputCheck check = new OutputCheck();
      try (EntryCursor cursor = table.scan(Keys.EMPTY, null)) {
        for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
          check.expect(OutputCheck.digest(cursor));
        }
      }
      pass(check, table);
    }
  }

  @Test
  void aBitThatFlippedBeforeTheChecksumWasMadeIsFound() throws IOException {
    try (TableReader table = table(2, ENTRIES, 123)) {
      table.verify();
      CorruptionException found =
          assertThrows(CorruptionException.class, () -> pass(meant(), table));
      assertTrue(found.getMessage().contains("output verification failed"), found.getMessage());
      assertTrue(found.file().equals(TableNames.fileName(2)), found.file());
    }
  }

  @Test
  void entriesThatAreMissingOrTooManyAreFound() throws IOException {
    try (TableReader less = table(3, ENTRIES - 1, -1);
        TableReader more = table(4, ENTRIES + 1, -1);
        TableReader right = table(5, ENTRIES, -1)) {
      assertThrows(CorruptionException.class, () -> pass(meant(), less));
      assertThrows(CorruptionException.class, () -> pass(meant(), more));
      assertThrows(CorruptionException.class, () -> pass(meant()));
      assertThrows(CorruptionException.class, () -> pass(meant(), right, right));
    }
  }
}
