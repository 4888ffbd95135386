package dev.atll.sstable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import dev.atll.env.Env;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.sstable.codec.Codec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Times the parts of a table in alternating short slices, for choosing between layouts. Compare what
 * one run prints, never two runs. Arguments: entries, value bytes, block bytes, codec.
 */
final class TableTiming {
  private static final int SLICES = 15;
  private static final int BATCH = 200_000;

  private TableTiming() {}

  public static void main(String[] args) throws IOException {
    int entries = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int valueBytes = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    int blockBytes = args.length > 2 ? Integer.parseInt(args[2]) : 4096;
    Codec codec = args.length > 3 ? Codec.valueOf(args[3].toUpperCase(Locale.ROOT)) : Codec.NONE;
    TableOptions options = TableOptions.DEFAULT.withBlockBytes(blockBytes).withCodec(codec);
    Path directory = Files.createTempDirectory("table-timing");
    byte[][] keys = keys(entries);
    try (Storage storage = Env.system().files().open(directory, true)) {
      double writeNanos = write(storage, "one.sst", keys, valueBytes, options);
      try (TableReader reader =
          TableReader.open(storage.open("one.sst"), 1, "one.sst", new BlockCache(256 << 20))) {
        TableInfo info = reader.info();
        System.out.printf(
            "write %.0f ns an entry; %.2f bytes an entry of %d; %d partitions%n",
            writeNanos,
            (double) info.fileBytes() / entries,
            16 + valueBytes,
            info.partitions().size());
        run(reader, keys);
        System.out.printf("index heap %.2f B an entry%n", (double) reader.indexHeapBytes() / entries);
      }
    } finally {
      for (Path file : Files.list(directory).toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    }
  }

  /** Time of this thread on a processor: on a shared machine the clock on the wall tells little. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void run(TableReader reader, byte[][] keys) {
    double[][] nanos = new double[6][SLICES];
    Random random = new Random(4);
    for (int slice = 0; slice < SLICES; slice++) {
      nanos[0][slice] = gets(reader, keys, random, false);
      nanos[1][slice] = gets(reader, keys, random, true);
      nanos[2][slice] = filters(reader, keys, random);
      nanos[3][slice] = scans(reader, keys, random, 10);
      nanos[4][slice] = scans(reader, keys, random, 100);
      nanos[5][slice] = fullScan(reader);
    }
    String[] names = {"get", "get-miss", "filter-miss", "scan-10", "scan-100", "full-scan entry"};
    for (int i = 0; i < names.length; i++) {
      Arrays.sort(nanos[i]);
      System.out.printf("%-16s %8.1f ns (median), %8.1f (best)%n", names[i], nanos[i][SLICES / 2], nanos[i][0]);
    }
  }

  private static byte[][] keys(int count) {
    Random random = new Random(1);
    byte[][] keys = new byte[count][16];
    for (byte[] key : keys) {
      random.nextBytes(key);
    }
    Arrays.sort(keys, Keys::compare);
    return keys;
  }

  private static double write(
      Storage storage, String name, byte[][] keys, int valueBytes, TableOptions options)
      throws IOException {
    MemorySegment value = MemorySegment.ofArray(new byte[valueBytes + 64]);
    new Random(2).nextBytes(value.heapBase().map(byte[].class::cast).orElseThrow());
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      if (round > 0) {
        storage.delete(name);
      }
      long start = cpuNanos();
      try (FileOut out = storage.create(name)) {
        TableWriter writer = new TableWriter(out, 1, options, new byte[0][]);
        for (int i = 0; i < keys.length; i++) {
          writer.add(keys[i], 0, 16, (i * 7919L) % keys.length, ValueKind.PUT, value, i & 63, valueBytes);
        }
        writer.finish();
      }
      best = Math.min(best, (double) (cpuNanos() - start) / keys.length);
    }
    return best;
  }

  private static double gets(TableReader reader, byte[][] keys, Random random, boolean miss) {
    Lookup lookup = new Lookup();
    PartitionRange range = reader.rangeOf(Keys.EMPTY, null);
    int found = 0;
    int[] order = random.ints(BATCH, 0, keys.length).toArray();
    byte[][] asked = new byte[BATCH][];
    for (int i = 0; i < BATCH; i++) {
      asked[i] = keys[order[i]].clone();
      asked[i][15] ^= (byte) (miss ? 1 : 0);
    }
    long sum = 0;
    long start = cpuNanos();
    for (int i = 0; i < BATCH; i++) {
      lookup.ask(asked[i], 0, 16, Long.MAX_VALUE);
      reader.get(lookup, range);
      if (lookup.answer == Lookup.Answer.FOUND) {
        found++;
        sum += lookup.valueSegment.get(ValueLayout.JAVA_BYTE, lookup.valueOffset);
      }
    }
    long nanos = cpuNanos() - start;
    if (found != (miss ? 0 : BATCH) || sum == 42) {
      System.out.println("found " + found);
    }
    return (double) nanos / BATCH;
  }

  private static double filters(TableReader reader, byte[][] keys, Random random) {
    Lookup lookup = new Lookup();
    PartitionRange range = reader.rangeOf(Keys.EMPTY, null);
    byte[][] asked = new byte[BATCH][];
    for (int i = 0; i < BATCH; i++) {
      asked[i] = keys[random.nextInt(keys.length)].clone();
      asked[i][15] ^= 1;
    }
    int admitted = 0;
    long start = cpuNanos();
    for (int i = 0; i < BATCH; i++) {
      lookup.ask(asked[i], 0, 16, Long.MAX_VALUE);
      admitted += reader.mayContain(lookup, range) ? 1 : 0;
    }
    long nanos = cpuNanos() - start;
    if (admitted > BATCH / 10) {
      System.out.println("admitted " + admitted);
    }
    return (double) nanos / BATCH;
  }

  private static double scans(TableReader reader, byte[][] keys, Random random, int length) {
    int rounds = BATCH / 10 / length * 10;
    long sum = 0;
    try (EntryCursor cursor = reader.cursor(Keys.EMPTY, null)) {
      long start = cpuNanos();
      for (int i = 0; i < rounds; i++) {
        byte[] key = keys[random.nextInt(keys.length)];
        boolean on = cursor.seek(key, 0, 16, Long.MAX_VALUE);
        for (int n = 0; on && n < length; n++) {
          sum += cursor.keyArray()[0] + cursor.valueSegment().get(ValueLayout.JAVA_BYTE, cursor.valueOffset());
          on = cursor.next();
        }
      }
      if (sum == 42) {
        System.out.println();
      }
      return (double) (cpuNanos() - start) / rounds;
    }
  }

  private static double fullScan(TableReader reader) {
    long sum = 0;
    long count = 0;
    try (EntryCursor cursor = reader.scan(Keys.EMPTY, null)) {
      long start = cpuNanos();
      for (boolean on = cursor.seekToFirst(); on; on = cursor.next()) {
        sum += cursor.keyHead() + cursor.valueLength();
        count++;
      }
      if (sum == 42) {
        System.out.println();
      }
      return (double) (cpuNanos() - start) / count;
    }
  }
}
