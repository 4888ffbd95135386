package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.api.WriteBatch;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.record.RecordDump;
import dev.atll.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bytes of a small log, as the format document shows them, and the names of its files. */
final class WalFormatTest {
  @Test
  void theDocumentShowsTheBytes() throws IOException {
    SimEnv env = new SimEnv(1);
    try (Storage storage = env.files().open(WalWorld.DIRECTORY, true)) {
      WalWriter writer =
          new WalWriter(
              storage,
              env.clock(),
              WalListener.NONE,
              0x1122334455667788L,
              1 << 20,
              RecoveredLog.EMPTY,
              0);
      append(writer, 1, new WriteBatch().put(bytes("k"), bytes("v")));
      writer.sync();
      append(
          writer,
          2,
          new WriteBatch().delete(bytes("k")),
          new WriteBatch().put(bytes("key"), bytes("value")));
      writer.close();
    }
    Golden.checkBlock(
        Golden.context("formats/wal.md"),
        "## Example",
        RecordDump.dump(WalWorld.file(env.files(), 1), WalFormatTest::name));
  }

  private static void append(WalWriter writer, long first, WriteBatch... batches)
      throws IOException {
    CommitGroup group = new CommitGroup();
    for (WriteBatch batch : batches) {
      group.add(batch.encoded(), 0, batch.encodedLength());
    }
    writer.append(first, group);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String name(int type) {
    return switch (type) {
      case WalFormat.HEADER -> "header";
      case WalFormat.GROUP -> "group";
      case WalFormat.SEAL -> "seal";
      default -> throw new AssertionError(type);
    };
  }

  @Test
  void namesAndNumbersAreOneToOne() {
    for (long number : new long[] {1, 42, 999_999_999_999L, 1_000_000_000_000L}) {
      assertEquals(number, WalFiles.number(WalFiles.name(number)));
      assertEquals(number, WalFiles.temporaryNumber(WalFiles.temporaryName(number)));
      assertEquals(-1, WalFiles.number(WalFiles.temporaryName(number)));
      assertEquals(-1, WalFiles.temporaryNumber(WalFiles.name(number)));
    }
    for (String name :
        new String[] {
          "1.wal",
          "000000000000.wal",
          "0000000000001.wal",
          "00000000000x.wal",
          "-00000000001.wal",
          "9999999999999999999.wal",
          "000000000001.WAL",
          ".wal",
          "wal",
          "000000000001.wal.tmp.wal"
        }) {
      assertEquals(-1, WalFiles.number(name), name);
    }
  }
}
