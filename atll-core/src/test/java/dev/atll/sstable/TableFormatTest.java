package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.ValueKind;
import dev.atll.sstable.codec.Codec;
import dev.atll.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of a table, against those in the specification. */
class TableFormatTest {
  private static void put(List<TableModel.Entry> entries, String key, long revision, String value) {
    entries.add(
        new TableModel.Entry(
            key.getBytes(StandardCharsets.UTF_8),
            revision,
            ValueKind.PUT,
            value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Two partitions; three blocks in the first, of which the last continues a key. */
  private static TableModel example() {
    List<TableModel.Entry> entries = new ArrayList<>();
    put(entries, "user:0001", 7, "Ada");
    put(entries, "user:0002", 9, "Bob");
    entries.add(
        new TableModel.Entry(
            "user:00021".getBytes(StandardCharsets.UTF_8), 300, ValueKind.DELETE, new byte[0]));
    put(entries, "user:00021:address", 12, "Main Street");
    put(entries, "user:00021:address", 11, "Side Street");
    put(entries, "user:00021:address", 10, "A street that fills a block, or nearly so");
    put(entries, "visit:a-long-common-prefix:1", 8, "x");
    put(entries, "visit:a-long-common-prefix:2", 8, "y");
    byte[][] cuts = {"v".getBytes(StandardCharsets.UTF_8)};
    return new TableModel(entries, cuts, new TableOptions(130, 4 << 20, 10, Codec.NONE));
  }

  @Test
  void bytesAreThoseOfTheSpecification() throws IOException {
    Golden.checkBlock(
        Golden.context("formats/table.md"), "## Example", TableDump.of(example().bytes(3)));
  }

  @Test
  void specificationNamesEveryConstant() throws IOException {
    String text = Files.readString(Golden.context("formats/table.md"));
    assertTrue(text.contains("Format version " + TableFormat.VERSION + "."));
    assertTrue(text.contains("footer, " + TableFormat.FOOTER_BYTES + " bytes"));
    for (Codec codec : Codec.values()) {
      assertTrue(text.contains(codec.number() + " " + codec.name()), codec.name());
    }
  }

  /** The layout's price: key 16 and value 100 bytes, at random revisions. */
  @Test
  void entriesCostFewBytes() throws IOException {
    Random random = new Random(3);
    List<TableModel.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      byte[] key = new byte[16];
      random.nextBytes(key);
      byte[] value = new byte[100];
      entries.add(new TableModel.Entry(key, random.nextInt(1 << 24), ValueKind.PUT, value));
    }
    entries.sort(null);
    TableModel model = new TableModel(entries, new byte[0][], TableOptions.DEFAULT);
    double overhead = (double) model.bytes(1).length / entries.size() - 116;
    assertTrue(overhead < 6, overhead + " bytes an entry");
    assertEquals(50_000, entries.size());
  }
}
