package dev.atll.sstable.filter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import dev.atll.testing.Golden;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bytes of a ribbon filter, against those in the specification. */
class RibbonFormatTest {
  private static final int KEYS = 70;

  @Test
  void bytesAreThoseOfTheSpecification() {
    long[] hashes = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      byte[] key = "key-%02d".formatted(i).getBytes(StandardCharsets.UTF_8);
      hashes[i] = Keys.hash(key, 0, key.length);
    }
    FilterWriter writer = new FilterWriter(1);
    byte[] bytes = new byte[writer.prepare(hashes, KEYS, new FilterChoice(FilterKind.RIBBON, 5))];
    assertTrue(writer.isRibbon());
    writer.write(hashes, KEYS, bytes, 0);
    int words = (bytes.length - FilterSection.RIBBON_TAIL_BYTES) / 8;
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int w = 0; w < words; w++, at += 8) {
      text.append(line(bytes, at, 8, "word " + w));
    }
    text.append(line(bytes, at, 4, "blocks"))
        .append(line(bytes, at + 4, 4, "low blocks"))
        .append(line(bytes, at + 8, 1, "seed"))
        .append(line(bytes, at + 9, 1, "kind: ribbon"))
        .append(line(bytes, at + 10, 1, "columns of a low block"));
    Golden.checkBlock(Golden.context("formats/table.md"), "## Example of a ribbon", text.toString());
  }

  private static String line(byte[] bytes, int at, int count, String what) {
    StringBuilder line = new StringBuilder("%06x".formatted(at));
    for (int i = at; i < at + count; i++) {
      line.append(" %02x".formatted(bytes[i]));
    }
    return line.append(" ".repeat(Math.max(1, 40 - line.length()))).append(what).append('\n').toString();
  }
}
