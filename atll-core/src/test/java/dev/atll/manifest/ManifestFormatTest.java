package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.atll.record.RecordFormat;
import dev.atll.testing.Golden;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.TableFile;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bytes of a small manifest, as the format document shows them. */
final class ManifestFormatTest {
  @Test
  void theDocumentShowsTheBytes() {
    RamStorage storage = new RamStorage();
    VersionSet set =
        VersionSet.create(storage, 2, 0x1122334455667788L, new ManifestOptions(1 << 20, 10));
    VersionEdit flush = new VersionEdit();
    long table = set.nextNumber();
    flush.addedFiles.add(new TableFile(table, 5000, 100, 3, 4000));
    flush.addedRuns.add(new LevelRun(0, run(set.nextNumber(), table, "", null, 4000)));
    flush.flushedRevision = 300;
    set.install(flush);
    VersionEdit split = new VersionEdit();
    split.addedGuards.add(new LevelGuard(2, bytes("m")));
    split.addedGuards.add(new LevelGuard(1, bytes("m")));
    set.install(split);
    VersionEdit admit = new VersionEdit();
    admit.removedRuns.add(new LevelRunId(0, 3));
    admit.addedRuns.add(new LevelRun(1, run(set.nextNumber(), table, "", "m", 1500)));
    admit.addedRuns.add(new LevelRun(1, run(set.nextNumber(), table, "m", null, 2500)));
    set.install(admit);
    set.close();

    StringBuilder text = new StringBuilder();
    TreeMap<String, byte[]> files = new TreeMap<>(storage.files);
    files.forEach((name, bytes) -> dump(text, name, bytes));
    Golden.checkBlock(Golden.context("formats/manifest.md"), "## Example", text.toString());
  }

  @Test
  void namesAndNumbersAreOneToOne() {
    for (long number : new long[] {0, 1, 999_999_999_999L, 1_000_000_000_000L, 99_999_999_999_999L}) {
      assertEquals(number, ManifestFormat.number(ManifestFormat.name(number)));
    }
    for (String name : new String[] {"MANIFEST-1", "MANIFEST-0000000000001", "MANIFEST-00000000000x",
        "MANIFEST-", "manifest-000000000001", "MANIFEST--00000000001"}) {
      assertEquals(-1, ManifestFormat.number(name), name);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Run run(long id, long table, String low, @Nullable String high, long bytes) {
    byte @Nullable [] highBytes = high == null ? null : bytes(Objects.requireNonNull(high));
    return new Run(
        id,
        table,
        bytes(low),
        highBytes,
        new RunFigures(1, 300, 100, 3, bytes, 20, 0),
        new Burden());
  }

  private static void dump(StringBuilder out, String name, byte[] bytes) {
    out.append(name).append('\n');
    if (!name.startsWith(ManifestFormat.PREFIX)) {
      lines(out, bytes, 0, bytes.length);
      return;
    }
    int at = 0;
    while (at < bytes.length) {
      int length = bytes[at + 4] & 0xFF; // all are short here
      int type = bytes[at + 8];
      String what =
          type == ManifestFormat.RECORD_HEADER
              ? "header"
              : type == ManifestFormat.RECORD_SYNCED ? "synced" : "edit";
      out.append("  record: ").append(what).append('\n');
      lines(out, bytes, at, at + RecordFormat.HEADER_BYTES);
      at += RecordFormat.HEADER_BYTES;
      lines(out, bytes, at, at + length);
      at += length;
    }
  }

  private static void lines(StringBuilder out, byte[] bytes, int from, int to) {
    for (int at = from; at < to; at += 16) {
      StringBuilder hex = new StringBuilder();
      StringBuilder ascii = new StringBuilder();
      for (int i = at; i < Math.min(at + 16, to); i++) {
        hex.append(String.format(Locale.ROOT, " %02x", bytes[i]));
        ascii.append(bytes[i] >= 32 && bytes[i] < 127 ? (char) bytes[i] : '.');
      }
      out.append(String.format(Locale.ROOT, "%08x%-48s  %s%n", at, hex, ascii));
    }
  }
}
