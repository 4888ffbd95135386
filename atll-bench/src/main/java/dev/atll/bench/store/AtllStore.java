package dev.atll.bench.store;

import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.Stats;
import dev.atll.api.WriteBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Our engine. */
public final class AtllStore implements Store {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final Path directory;
  private final AtllDb db;
  private final Runnable afterClose;
  private final ThreadLocal<WriteBatch> batches = ThreadLocal.withInitial(WriteBatch::new);

  /**
   * Wraps an open store; closing this closes it.
   *
   * @param name what reports call it
   * @param directory where its files are
   * @param db the store
   */
  public AtllStore(String name, Path directory, AtllDb db) {
    this(name, directory, db, () -> {});
  }

  /** Wraps an open store; something else is done once it is closed. */
  AtllStore(String name, Path directory, AtllDb db, Runnable afterClose) {
    this.name = name;
    this.directory = directory;
    this.db = db;
    this.afterClose = afterClose;
  }

  /** The engine itself, for what only it can tell. */
  public AtllDb db() {
    return db;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    db.put(key, value);
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values, int count) {
    WriteBatch batch = batches.get();
    batch.clear();
    for (int i = 0; i < count; i++) {
      batch.put(keys[i], values[i]);
    }
    db.write(batch);
  }

  @Override
  public void delete(byte[] key) {
    db.delete(key);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return db.get(key);
  }

  @Override
  public byte[] @Nullable [] getAll(byte[][] keys, int count) {
    return db.getAll(Arrays.asList(keys).subList(0, count)).toArray(new byte[0][]);
  }

  @Override
  public int scan(byte[] low, byte @Nullable [] high, int limit, ScanChecksum checksum) {
    int count = 0;
    try (Cursor cursor = db.cursor(new KeyRange(low, high))) {
      while (count < limit && cursor.next()) {
        count++;
        MemorySegment key = cursor.key();
        MemorySegment value = cursor.value();
        checksum.add(head(key), head(value), key.byteSize() + value.byteSize());
      }
    }
    return count;
  }

  @Override
  public void visit(byte[] low, byte @Nullable [] high, int limit, EntryVisitor visitor) {
    try (Cursor cursor = db.cursor(new KeyRange(low, high))) {
      for (int i = 0; i < limit && cursor.next(); i++) {
        visitor.entry(cursor.keyBytes(), cursor.valueBytes());
      }
    }
  }

  @Override
  public void flush() {
    db.flush();
  }

  @Override
  public boolean settle(Duration atMost) {
    return db.settle(atMost);
  }

  @Override
  public void compact() {
    db.compact(KeyRange.all());
  }

  @Override
  public StoreCost cost() {
    Stats stats = db.stats();
    long written =
        stats.logBytesWritten()
            + stats.flushBytesWritten()
            + stats.compactionBytesWritten()
            + stats.manifestBytesWritten();
    long cache = db.options().blockCacheBytes();
    long cached = stats.cacheMisses() == 0 ? 0 : cache;
    return new StoreCost(DiskUsage.bytes(directory), written, stats.memtableBytes() + cached);
  }

  @Override
  public void close() {
    try {
      db.close();
    } finally {
      afterClose.run();
    }
  }

  private static long head(MemorySegment bytes) {
    return bytes.byteSize() < Long.BYTES ? 0 : bytes.get(LONG, 0);
  }
}
