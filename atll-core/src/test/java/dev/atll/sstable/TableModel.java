package dev.atll.sstable;

import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.env.FileOut;
import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** A table as a sorted list, with what a seeded generator makes of keys, values and options. */
final class TableModel {
  record Entry(byte[] key, long revision, int kind, byte[] value) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int order = Keys.compare(key, other.key);
      return order != 0 ? order : Long.compare(other.revision, revision);
    }

    @Override
    public String toString() {
      return "%s@%d %s"
          .formatted(
              Arrays.toString(key),
              revision,
              kind == ValueKind.DELETE ? "deleted" : value.length + " bytes");
    }
  }

  final List<Entry> entries;
  final byte[][] cuts;
  final TableOptions options;

  TableModel(List<Entry> entries, byte[][] cuts, TableOptions options) {
    this.entries = entries;
    this.cuts = cuts;
    this.options = options;
  }

  /** A random table: a random alphabet of keys, so that every shape of block comes up. */
  static TableModel random(Random random) {
    int style = random.nextInt(7);
    int distinct = random.nextInt(10) == 0 ? random.nextInt(3) : 1 + random.nextInt(150);
    TreeSet<byte[]> keys = new TreeSet<>(Keys::compare);
    byte[] shared = new byte[random.nextInt(3) == 0 ? random.nextInt(300) : random.nextInt(12)];
    random.nextBytes(shared);
    for (int i = 0; i < distinct; i++) {
      keys.add(key(random, style, shared, i));
    }
    int revisionsMax =
        random.nextInt(4) == 0 ? 4000 / (distinct + 40) : random.nextInt(3) == 0 ? 5 : 1;
    long revisionSpan = 1L << random.nextInt(60);
    int valueStyle = random.nextInt(5);
    int deletions = random.nextInt(4) * 25;
    TreeMap<Entry, Entry> entries = new TreeMap<>();
    for (byte[] key : keys) {
      int revisions = 1 + random.nextInt(revisionsMax);
      for (int r = 0; r < revisions; r++) {
        boolean delete = random.nextInt(100) < deletions;
        Entry entry =
            new Entry(
                key,
                random.nextLong(revisionSpan),
                delete ? ValueKind.DELETE : ValueKind.PUT,
                delete ? new byte[0] : value(random, valueStyle));
        entries.put(entry, entry);
      }
    }
    List<byte[]> cuts = new ArrayList<>();
    if (random.nextInt(2) == 0) {
      TreeSet<byte[]> guards = new TreeSet<>(Keys::compare);
      for (int i = random.nextInt(6); i >= 0; i--) {
        guards.add(key(random, style, shared, random.nextInt(distinct + 1)));
      }
      cuts.addAll(guards);
    }
    Codec[] codecs = Codec.values();
    TableOptions options =
        new TableOptions(
            new int[] {1, 100, 400, 1000, 4096, 100_000}[random.nextInt(6)],
            new int[] {1, 500, 5000, 4 << 20}[random.nextInt(4)],
            FilterChoice.of(
                FilterKind.values()[random.nextInt(2)],
                new double[] {0, 1, 5.5, 10, 20}[random.nextInt(5)]),
            codecs[random.nextInt(codecs.length)]);
    return new TableModel(
        List.copyOf(entries.values()), cuts.toArray(byte[][]::new), options);
  }

  static byte[] key(Random random, int style, byte[] shared, int i) {
    byte[] tail =
        switch (style) {
          case 0 -> new byte[random.nextInt(20)];
          case 1 -> "%08d".formatted(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
          case 2 -> new byte[random.nextInt(4)];
          case 3 -> new byte[16];
          case 4 -> Arrays.copyOf(new byte[random.nextInt(12)], 12);
          default -> new byte[random.nextInt(40)];
        };
    switch (style) {
      case 0, 3 -> random.nextBytes(tail);
      case 2, 4 -> fill(random, tail, new byte[] {0, (byte) 0xFF, 1});
      case 5 -> fill(random, tail, new byte[] {0});
      case 6 -> fill(random, tail, new byte[] {(byte) 0xFF, (byte) 0xFE});
      default -> {}
    }
    int cut = random.nextInt(8) == 0 ? random.nextInt(shared.length + 1) : shared.length;
    byte[] key = Arrays.copyOf(shared, cut + tail.length);
    System.arraycopy(tail, 0, key, cut, tail.length);
    return key;
  }

  private static void fill(Random random, byte[] bytes, byte[] alphabet) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = alphabet[random.nextInt(alphabet.length)];
    }
  }

  private static byte[] value(Random random, int style) {
    byte[] value =
        switch (style) {
          case 0 -> new byte[0];
          case 1 -> new byte[20];
          case 2 -> new byte[random.nextInt(100)];
          case 3 -> new byte[random.nextInt(20) == 0 ? random.nextInt(70_000) : 3];
          default -> new byte[random.nextInt(8)];
        };
    if (random.nextBoolean()) {
      random.nextBytes(value);
    }
    return value;
  }

  TableInfo write(FileOut out, long fileNumber) throws IOException {
    TableWriter writer = new TableWriter(out, fileNumber, options, cuts);
    byte[] framed = new byte[1 << 17];
    for (Entry e : entries) {
      // At an offset, so that a writer that ignores offsets is found out.
      System.arraycopy(e.key, 0, framed, 3, e.key.length);
      byte[] value = new byte[e.value.length + 5];
      System.arraycopy(e.value, 0, value, 5, e.value.length);
      writer.add(
          framed, 3, e.key.length, e.revision, e.kind, MemorySegment.ofArray(value), 5,
          e.value.length);
    }
    return writer.finish();
  }

  byte[] bytes(long fileNumber) throws IOException {
    HeapFile.Out out = new HeapFile.Out();
    write(out, fileNumber);
    return out.bytes();
  }

  /** Index of the first entry at or after (key, revision). */
  int seek(byte[] key, long revision) {
    Entry probe = new Entry(key, revision, 0, new byte[0]);
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).compareTo(probe) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public String toString() {
    return options + ", " + entries.size() + " entries, " + cuts.length + " cuts";
  }
}
