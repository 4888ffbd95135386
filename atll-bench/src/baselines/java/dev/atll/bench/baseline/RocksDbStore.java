package dev.atll.bench.baseline;

import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.store.EntryVisitor;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.StoreCost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB through its JNI binding. */
final class RocksDbStore implements Store {
  private static final long POLL_MILLIS = 2;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final double GIB = 1L << 30;
  private static final Pattern LOG_WRITTEN =
      Pattern.compile("Cumulative WAL:.*written: ([0-9.]+) GB");

  /**
   * How it is set.
   *
   * @param cacheBytes size of the block cache
   * @param memtableBytes size of a memtable
   * @param bloomBits filter bits for each key; 0 for no filters
   * @param backgroundJobs flushes and compactions at once
   * @param hashIndex whether data blocks have a hash index
   * @param direct whether tables are read and written past the page cache
   */
  record Tuning(
      long cacheBytes,
      long memtableBytes,
      int bloomBits,
      int backgroundJobs,
      boolean hashIndex,
      boolean direct) {}

  static {
    RocksDB.loadLibrary();
  }

  private final String name;
  private final Path directory;
  private final List<AbstractNativeReference> owned = new ArrayList<>();
  private final RocksDB db;
  private final ReadOptions reads;
  private final WriteOptions writes;
  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  private boolean closed;

  RocksDbStore(String name, Path directory, Tuning tuning) {
    this.name = name;
    this.directory = directory;
    BlockBasedTableConfig table = new BlockBasedTableConfig();
    table.setBlockCache(own(new LRUCache(tuning.cacheBytes())));
    if (tuning.bloomBits() > 0) {
      table.setFilterPolicy(own(new BloomFilter(tuning.bloomBits(), false)));
    }
    if (tuning.hashIndex()) {
      table.setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash);
    }
    Options options =
        own(new Options())
            .setCreateIfMissing(true)
            .setWriteBufferSize(tuning.memtableBytes())
            .setMaxBackgroundJobs(tuning.backgroundJobs())
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setUseDirectReads(tuning.direct())
            .setUseDirectIoForFlushAndCompaction(tuning.direct())
            .setTableFormatConfig(table);
    reads = own(new ReadOptions());
    writes = own(new WriteOptions());
    try {
      Files.createDirectories(directory);
      db = RocksDB.open(options, directory.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      db.put(writes, key, value);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values, int count) {
    try (WriteBatch batch = new WriteBatch()) {
      for (int i = 0; i < count; i++) {
        batch.put(keys[i], values[i]);
      }
      db.write(writes, batch);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      db.delete(writes, key);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try {
      return db.get(reads, key);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public byte[] @Nullable [] getAll(byte[][] keys, int count) {
    try {
      return db.multiGetAsList(reads, Arrays.asList(keys).subList(0, count))
          .toArray(new byte[0][]);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public int scan(byte[] low, byte @Nullable [] high, int limit, ScanChecksum checksum) {
    // Direct buffers save the two arrays that the plain accessors make for each entry.
    ByteBuffer buffer = buffers.get();
    int count = 0;
    try (RocksIterator at = db.newIterator(reads)) {
      for (at.seek(low); count < limit && at.isValid(); at.next()) {
        buffer.clear();
        int keyBytes = at.key(buffer);
        if (high != null && compare(buffer, keyBytes, high) >= 0) {
          break;
        }
        long keyHead = head(buffer, keyBytes);
        buffer.clear();
        int valueBytes = at.value(buffer);
        checksum.add(keyHead, head(buffer, valueBytes), keyBytes + valueBytes);
        count++;
      }
      at.status();
    } catch (RocksDBException e) {
      throw failed(e);
    }
    return count;
  }

  @Override
  public void visit(byte[] low, byte @Nullable [] high, int limit, EntryVisitor visitor) {
    int count = 0;
    try (RocksIterator at = db.newIterator(reads)) {
      for (at.seek(low); count < limit && at.isValid(); at.next()) {
        byte[] key = at.key();
        if (high != null && Arrays.compareUnsigned(key, high) >= 0) {
          break;
        }
        visitor.entry(key, at.value());
        count++;
      }
      at.status();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public void flush() {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean settle(Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    while (isBusy()) {
      if (System.nanoTime() - until >= 0) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  @Override
  public void compact() {
    try {
      db.compactRange();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public StoreCost cost() {
    long memory =
        number("rocksdb.cur-size-all-mem-tables")
            + number("rocksdb.block-cache-usage")
            + number("rocksdb.estimate-table-readers-mem");
    return new StoreCost(DiskUsage.bytes(directory), bytesWritten(), memory);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    db.close();
    owned.reversed().forEach(AbstractNativeReference::close);
  }

  private boolean isBusy() {
    return number("rocksdb.num-running-compactions") > 0
        || number("rocksdb.num-running-flushes") > 0
        || number("rocksdb.mem-table-flush-pending") > 0
        || number("rocksdb.compaction-pending") > 0;
  }

  /** Table bytes by the compaction statistics, log bytes by those of the database. */
  private long bytesWritten() {
    try {
      Map<String, String> tables = db.getMapProperty("rocksdb.cfstats");
      String tableGib = tables.get("compaction.Sum.WriteGB");
      Matcher log = LOG_WRITTEN.matcher(db.getProperty("rocksdb.dbstats"));
      if (tableGib == null || !log.find()) {
        return StoreCost.UNKNOWN;
      }
      return (long) (Double.parseDouble(tableGib) * GIB + Double.parseDouble(log.group(1)) * GIB);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  private long number(String property) {
    try {
      return db.getLongProperty(property);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  private <T extends AbstractNativeReference> T own(T reference) {
    owned.add(reference);
    return reference;
  }

  private static long head(ByteBuffer bytes, int length) {
    return length < Long.BYTES ? 0 : bytes.getLong(0);
  }

  private static int compare(ByteBuffer bytes, int length, byte[] other) {
    int common = Math.min(length, other.length);
    for (int i = 0; i < common; i++) {
      int difference = (bytes.get(i) & 0xff) - (other[i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return length - other.length;
  }

  private static IllegalStateException failed(RocksDBException e) {
    return new IllegalStateException("rocksdb: " + e.getMessage(), e);
  }
}
