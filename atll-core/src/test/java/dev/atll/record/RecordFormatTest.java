package dev.atll.record;

import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The bytes of two records, as the format document shows them. */
final class RecordFormatTest {
  @Test
  void theDocumentShowsTheBytes() throws IOException {
    SimEnv env = new SimEnv(1);
    Path directory = Path.of("/store");
    try (Storage storage = env.files().open(directory, true);
        FileOut out = storage.create("f")) {
      RecordWriter writer = new RecordWriter(out, 42);
      writer.begin(1);
      byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
      writer.put(hello, 0, hello.length);
      writer.end();
      writer.begin(2);
      writer.end();
    }
    Golden.checkBlock(
        Golden.context("formats/record.md"),
        "## Example",
        RecordDump.dump(env.files().read(directory.resolve("f")), type -> "type " + type));
  }
}
