package dev.atll.sstable;

import dev.atll.sstable.block.Bytes;
import java.nio.charset.StandardCharsets;

/** A table in hexadecimal, each field with its meaning: read from the bytes, not from the reader. */
final class TableDump {
  private final byte[] bytes;
  private final StringBuilder text = new StringBuilder();
  private int at;

  private TableDump(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Dumps a table without compressed blocks. */
  static String of(byte[] bytes) {
    TableDump dump = new TableDump(bytes);
    dump.run();
    return dump.text.toString();
  }

  private void run() {
    int footer = bytes.length - TableFormat.FOOTER_BYTES;
    int directory = (int) Bytes.getLong(bytes, footer + TableFormat.FOOTER_DIRECTORY_OFFSET);
    int properties = (int) Bytes.getLong(bytes, footer + TableFormat.FOOTER_PROPERTIES_OFFSET);
    at = directory;
    int partitions = (int) varint();
    int[][] numbers = new int[partitions][9];
    for (int p = 0; p < partitions; p++) {
      skip((int) varint());
      varint();
      for (int i = 0; i < 9; i++) {
        numbers[p][i] = (int) varint();
      }
    }
    at = 0;
    for (int p = 0; p < partitions; p++) {
      partition(p, numbers[p]);
    }
    title("properties");
    assertAt(properties);
    while (at < directory - TableFormat.TRAILER_BYTES) {
      property();
    }
    trailer();
    title("directory");
    assertAt(directory);
    showVarint("partitions");
    for (int p = 0; p < partitions; p++) {
      int length = (int) showVarint("first key, bytes");
      show(length, quoted(at, length));
      for (String what :
          new String[] {
            "separator, bytes of the first key",
            "data offset",
            "data bytes",
            "filter offset",
            "filter bytes",
            "index offset",
            "index bytes",
            "entries",
            "deletions",
            "blocks"
          }) {
        showVarint(what);
      }
    }
    trailer();
    title("footer");
    assertAt(footer);
    show(8, "directory offset");
    show(8, "directory bytes");
    show(8, "properties offset");
    show(8, "properties bytes");
    show(8, "range deletions offset: none");
    show(8, "range deletions bytes: none");
    show(8, "file number");
    show(4, "features");
    show(4, "version");
    show(4, "reserved");
    show(4, "checksum");
    show(8, "magic " + quoted(at, 8));
  }

  private void partition(int p, int[] numbers) {
    int dataEnd = numbers[0] + numbers[1];
    assertAt(numbers[0]);
    // The lengths of the frames are in the index, interleaved with the separators.
    at = numbers[4];
    int blocks = Bytes.getInt(bytes, at);
    at += 4;
    int[] frames = new int[blocks];
    for (int b = 0; b < blocks; b++) {
      if (b > 0) {
        boolean continuation = (varint() & 1) != 0;
        skip((int) varint());
        if (continuation) {
          varint();
        }
      }
      frames[b] = (int) (varint() >>> 1);
    }
    at = numbers[0];
    for (int b = 0; b < blocks; b++) {
      title("partition " + p + ", block " + b);
      block(at + frames[b] - TableFormat.TRAILER_BYTES);
    }
    assertAt(dataEnd);
    if (numbers[3] > 0) {
      title("partition " + p + ", filter");
      show(numbers[2] - at, "padding to a multiple of 64");
      show(numbers[3] - 2, "bits");
      show(1, "kind: blocked Bloom");
      show(1, "probes");
      trailer();
    }
    title("partition " + p + ", index");
    assertAt(numbers[4]);
    show(4, "blocks");
    for (int b = 0; b < blocks; b++) {
      if (b > 0) {
        long shared = showVarint("separator: bytes shared << 1 | continuation");
        int more = (int) showVarint("further bytes");
        show(more, quoted(at, more));
        if ((shared & 1) != 0) {
          showVarint("first revision");
        }
      }
      showVarint("frame bytes << 1 | compressed");
    }
    trailer();
  }

  private void block(int end) {
    int start = at;
    int n = Bytes.getInt(bytes, at) >>> 16;
    int flags = bytes[at + 2];
    int width = bytes[at + 3];
    int stride = Bytes.getInt(bytes, at + 4) >>> 16;
    int prefix = Bytes.getInt(bytes, at + 4) & 0xFFFF;
    int suffixOfAll = Bytes.getInt(bytes, at + 24) >>> 16;
    show(2, "entries");
    show(
        1,
        "flags:"
            + ((flags & 1) != 0 ? " one kind" : "")
            + ((flags & 2) != 0 ? " one suffix length" : "")
            + ((flags & 4) != 0 ? " wide offsets" : ""));
    show(1, "revision width");
    show(2, "stride");
    show(2, "prefix length");
    show(8, "revision base");
    show(8, "prefix head " + quoted(at, Math.min(8, prefix)));
    show(2, "suffix length");
    show(1, "kind");
    show(1, "reserved");
    int heads = at;
    for (int i = 0; i < n; i++) {
      show(8, "head " + i);
    }
    int offsets = at;
    int offsetWidth = stride != 0 ? 0 : (flags & 4) != 0 ? 4 : 2;
    for (int i = 0; offsetWidth > 0 && i < n; i++) {
      show(offsetWidth, "offset " + i);
    }
    if (prefix > 8) {
      show(prefix - 8, "rest of the prefix " + quoted(at, prefix - 8));
    }
    int records = at;
    for (int i = 0; i < n; i++) {
      int next =
          i + 1 == n
              ? end
              : records
                  + (stride != 0
                      ? stride * (i + 1)
                      : offsetWidth == 2
                          ? Bytes.getInt(bytes, offsets + 2 * (i + 1)) >>> 16
                          : Bytes.getInt(bytes, offsets + 4 * (i + 1)));
      if ((flags & 1) == 0) {
        show(1, "record " + i + ": kind");
      }
      show(width, "record " + i + ": revision - base");
      int suffix = (flags & 2) != 0 ? suffixOfAll : (int) showVarint("suffix length");
      if (suffix > 8) {
        show(suffix - 8, "suffix after the head " + quoted(at, suffix - 8));
      }
      show(next - at, "value " + quoted(at, next - at));
    }
    if (heads - start != 28) {
      throw new AssertionError("header of " + (heads - start));
    }
    trailer();
  }

  private void property() {
    int tag = (int) varint();
    at--;
    String name =
        switch (tag) {
          case 1 -> "entries";
          case 2 -> "deletions";
          case 3 -> "smallest revision";
          case 4 -> "largest revision";
          case 5 -> "key bytes";
          case 6 -> "value bytes";
          case 7 -> "digest";
          case 8 -> "smallest key";
          case 9 -> "largest key";
          case 10 -> "expected false-positive rate";
          default -> throw new AssertionError("property " + tag);
        };
    showVarint("tag");
    int length = (int) showVarint("bytes");
    show(length, name + (tag > 7 && tag < 10 ? " " + quoted(at, length) : ""));
  }

  private void skip(int count) {
    at += count;
  }

  private void trailer() {
    show(1, "codec");
    show(4, "checksum");
  }

  private void title(String what) {
    text.append("-- ").append(what).append('\n');
  }

  private void assertAt(int offset) {
    if (at != offset) {
      throw new AssertionError("at " + at + ", not " + offset);
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private long showVarint(String what) {
    int start = at;
    long value = varint();
    int length = at - start;
    at = start;
    show(length, what + " " + value);
    return value;
  }

  private void show(int count, String what) {
    for (int done = 0; done < count; done += 16) {
      StringBuilder line = new StringBuilder("%06x".formatted(at + done));
      for (int i = done; i < Math.min(count, done + 16); i++) {
        line.append(" %02x".formatted(bytes[at + i]));
      }
      if (done == 0) {
        line.append(" ".repeat(Math.max(1, 56 - line.length()))).append(what);
      }
      text.append(line).append('\n');
    }
    at += count;
  }

  private String quoted(int from, int count) {
    return "'" + new String(bytes, from, count, StandardCharsets.ISO_8859_1) + "'";
  }
}
