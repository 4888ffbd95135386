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
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** LMDB through its JNR binding. */
final class LmdbStore implements Store {
  // The limit of the library as built; longer keys are refused by it.
  private static final int KEY_BYTES_MAX = 511;
  // More than the command's threads, each of which has at most one reader at a time.
  private static final int READERS_MAX = 2048;
  private static final int IDLE_READERS = 64;

  static {
    // Its checks of each call are for development; without them gets are as fast as they can be.
    System.setProperty(Env.DISABLE_CHECKS_PROP, "true");
  }

  private final String name;
  private final Path directory;
  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> db;
  // A renewed reader costs a tenth of a new one. Kept with the store, not with threads: each has a
  // place in the lock file, which a thread that ends would keep.
  private final AtomicReferenceArray<@Nullable Reader> idle =
      new AtomicReferenceArray<>(IDLE_READERS);
  private final ThreadLocal<ByteBuffer> keys =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(KEY_BYTES_MAX));
  private boolean closed;

  LmdbStore(String name, Path directory, long mapBytes) {
    this.name = name;
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      env =
          Env.create(ByteBufferProxy.PROXY_OPTIMAL)
              .setMapSize(mapBytes)
              .setMaxReaders(READERS_MAX)
              .open(
                  directory.toFile(),
                  EnvFlags.MDB_NOSYNC,
                  EnvFlags.MDB_NOMETASYNC,
                  EnvFlags.MDB_NORDAHEAD,
                  EnvFlags.MDB_NOMEMINIT,
                  EnvFlags.MDB_NOTLS);
      db = env.openDbi((byte[]) null, DbiFlags.MDB_CREATE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LmdbException e) {
      throw failed(e);
    }
  }

  /** A read transaction and a cursor, kept between uses without a snapshot. Not thread-safe. */
  private final class Reader {
    private final Txn<ByteBuffer> txn = env.txnRead();
    private final Cursor<ByteBuffer> cursor = db.openCursor(txn);

    private boolean seek(byte[] low) {
      cursor.renew(txn);
      // The empty key, which the library does not take, is below all others.
      return low.length == 0 ? cursor.first() : cursor.get(key(low), GetOp.MDB_SET_RANGE);
    }

    private void close() {
      // A transaction that is reset would leave its memory behind.
      txn.renew();
      cursor.close();
      txn.close();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      put(txn, key, value);
      txn.commit();
    } catch (LmdbException e) {
      throw failed(e);
    }
  }

  @Override
  public void putAll(byte[][] keysOfAll, byte[][] values, int count) {
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      for (int i = 0; i < count; i++) {
        put(txn, keysOfAll[i], values[i]);
      }
      txn.commit();
    } catch (LmdbException e) {
      throw failed(e);
    }
  }

  /** Copies the value once, into the page. */
  private void put(Txn<ByteBuffer> txn, byte[] key, byte[] value) {
    db.reserve(txn, key(key), value.length).put(value);
  }

  @Override
  public void delete(byte[] key) {
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      db.delete(txn, key(key));
      txn.commit();
    } catch (LmdbException e) {
      throw failed(e);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Reader reader = begin();
    try {
      ByteBuffer value = db.get(reader.txn, key(key));
      return value == null ? null : copy(value);
    } catch (LmdbException e) {
      throw failed(e);
    } finally {
      end(reader);
    }
  }

  @Override
  public int scan(byte[] low, byte @Nullable [] high, int limit, ScanChecksum checksum) {
    return walk(
        low,
        high,
        limit,
        (key, value) ->
            checksum.add(head(key), head(value), key.remaining() + value.remaining()));
  }

  @Override
  public void visit(byte[] low, byte @Nullable [] high, int limit, EntryVisitor visitor) {
    walk(low, high, limit, (key, value) -> visitor.entry(copy(key), copy(value)));
  }

  /** Shows entries from a key on; returns how many. */
  private int walk(
      byte[] low, byte @Nullable [] high, int limit, BiConsumer<ByteBuffer, ByteBuffer> entries) {
    Reader reader = begin();
    try {
      int count = 0;
      boolean valid = limit > 0 && reader.seek(low);
      while (valid) {
        ByteBuffer key = reader.cursor.key();
        if (high != null && compare(key, high) >= 0) {
          break;
        }
        entries.accept(key, reader.cursor.val());
        count++;
        valid = count < limit && reader.cursor.next();
      }
      return count;
    } catch (LmdbException e) {
      throw failed(e);
    } finally {
      end(reader);
    }
  }

  /** Has the kernel write what was committed, as a flush of the others ends in a table on disk. */
  @Override
  public void flush() {
    try {
      env.sync(true);
    } catch (LmdbException e) {
      throw failed(e);
    }
  }

  /** There is no background work. */
  @Override
  public boolean settle(Duration atMost) {
    return true;
  }

  /** There is nothing to merge: the tree is one run, and free pages are used again. */
  @Override
  public void compact() {}

  /** The file alone: bytes written and pages cached are only the kernel's to tell. */
  @Override
  public StoreCost cost() {
    return new StoreCost(DiskUsage.bytes(directory), StoreCost.UNKNOWN, StoreCost.UNKNOWN);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (int i = 0; i < IDLE_READERS; i++) {
      Reader reader = idle.getAndSet(i, null);
      if (reader != null) {
        reader.close();
      }
    }
    env.close();
  }

  /** A reader of what is committed by now. */
  private Reader begin() {
    try {
      Reader reader = idle.getAndSet(place(), null);
      if (reader == null) {
        return new Reader();
      }
      reader.txn.renew();
      return reader;
    } catch (LmdbException e) {
      throw failed(e);
    }
  }

  /** Gives its snapshot up, so that pages freed later can be used again, and keeps the reader. */
  private void end(Reader reader) {
    reader.txn.reset();
    if (!idle.compareAndSet(place(), null, reader)) {
      reader.close();
    }
  }

  private static int place() {
    return (int) (Thread.currentThread().threadId() % IDLE_READERS);
  }

  private ByteBuffer key(byte[] key) {
    ByteBuffer buffer = keys.get();
    if (key.length > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes; lmdb takes at most " + KEY_BYTES_MAX);
    }
    return buffer.clear().put(key).flip();
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(0, copy);
    return copy;
  }

  private static long head(ByteBuffer bytes) {
    return bytes.remaining() < Long.BYTES ? 0 : bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static int compare(ByteBuffer bytes, byte[] other) {
    int length = bytes.remaining();
    int common = Math.min(length, other.length);
    for (int i = 0; i < common; i++) {
      int difference = (bytes.get(i) & 0xff) - (other[i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return length - other.length;
  }

  private static IllegalStateException failed(LmdbException e) {
    return new IllegalStateException("lmdb: " + e.getMessage(), e);
  }
}
