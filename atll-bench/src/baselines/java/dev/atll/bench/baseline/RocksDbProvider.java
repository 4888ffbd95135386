package dev.atll.bench.baseline;

import dev.atll.base.Quantities;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.StoreProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Opens RocksDB with one of three settings. {@code rocksdb} is as the library comes, with a block
 * cache of 256 MiB. {@code rocksdb-tuned} has a block cache of 2 GiB, a hash index in each data block,
 * bloom filters of 10 bits per key and a memtable of 64 MiB. {@code rocksdb-direct} is the same past the
 * page cache: direct I/O for reads, flushes and compactions. All are leveled, do not compress, and
 * write the log without syncing it.
 *
 * <p>Settings: {@code cacheBytes}, {@code memtableBytes}, {@code bloomBits}, {@code backgroundJobs}.
 */
public final class RocksDbProvider implements StoreProvider {
  private static final String DEFAULT = "rocksdb";
  private static final String TUNED = "rocksdb-tuned";
  private static final String DIRECT = "rocksdb-direct";
  // What a JVM needs besides its heap: code, classes, threads, and the collector's tables.
  private static final long JVM_BYTES = 90L << 20;
  private static final List<String> SETTINGS =
      List.of("cacheBytes", "memtableBytes", "bloomBits", "backgroundJobs");

  /** For the service loader. */
  public RocksDbProvider() {}

  @Override
  public List<String> names() {
    return List.of(DEFAULT, TUNED, DIRECT);
  }

  @Override
  public Store open(String name, Path directory, Map<String, String> settings) {
    for (String setting : settings.keySet()) {
      if (!SETTINGS.contains(setting)) {
        throw new IllegalArgumentException(
            "no setting '%s' for %s; there are %s"
                .formatted(setting, name, String.join(", ", SETTINGS)));
      }
    }
    boolean tuned = !name.equals(DEFAULT);
    return new RocksDbStore(
        name,
        directory,
        new RocksDbStore.Tuning(
            number(settings, "cacheBytes", tuned ? 2L << 30 : 256L << 20),
            number(settings, "memtableBytes", 64L << 20),
            (int) number(settings, "bloomBits", tuned ? 10 : 0),
            (int) number(settings, "backgroundJobs", 2),
            tuned,
            name.equals(DIRECT)));
  }

  /**
   * Through the page cache a small block cache is best, as all blocks are cached twice; with direct
   * I/O it takes all that heap, JVM and three memtables leave.
   */
  @Override
  public Map<String, String> within(String name, long memoryBytes, long heapBytes) {
    long memtable = Math.clamp(memoryBytes / 16, 4L << 20, 64L << 20);
    long left = memoryBytes - heapBytes - JVM_BYTES - 3 * memtable;
    long cache = name.equals(DIRECT) ? Math.max(8L << 20, left) : memoryBytes / 8;
    return Map.of("cacheBytes", Long.toString(cache), "memtableBytes", Long.toString(memtable));
  }

  private static long number(Map<String, String> settings, String name, long otherwise) {
    String text = settings.get(name);
    return text == null ? otherwise : Quantities.whole(text);
  }
}
