package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.Stats;
import dev.atll.api.StoreHealth;
import dev.atll.api.WriteBatch;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store opened for reading: what would change it is refused. */
final class ReadOnlyDb implements AtllDb {
  private final Engine engine;

  ReadOnlyDb(Engine engine) {
    this.engine = engine;
  }

  private static InvalidInputException refused(String what) {
    return new InvalidInputException(
        what + " is refused: the store was opened for reading only, by Atll.openReadOnly");
  }

  @Override
  public long put(byte[] key, byte[] value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    throw refused("put");
  }

  @Override
  public long delete(byte[] key) {
    Objects.requireNonNull(key, "key");
    throw refused("delete");
  }

  @Override
  public long write(WriteBatch batch) {
    Objects.requireNonNull(batch, "batch");
    throw refused("write");
  }

  @Override
  public long write(WriteBatch batch, Durability durability) {
    Objects.requireNonNull(durability, "durability");
    return write(batch);
  }

  @Override
  public Snapshot snapshot() {
    return engine.snapshot();
  }

  @Override
  public Snapshot snapshotAt(long revision) {
    return engine.snapshotAt(revision);
  }

  @Override
  public long visibleRevision() {
    return engine.visibleRevision();
  }

  @Override
  public long durableRevision() {
    return engine.durableRevision();
  }

  @Override
  public long oldestReadableRevision() {
    return engine.oldestReadableRevision();
  }

  @Override
  public void sync() {
    throw refused("sync");
  }

  @Override
  public void flush() {
    throw refused("flush");
  }

  @Override
  public void compact(KeyRange range) {
    Objects.requireNonNull(range, "range");
    throw refused("compact");
  }

  @Override
  public boolean settle(Duration atMost) {
    Objects.requireNonNull(atMost, "atMost");
    // Nothing runs in the background: it is as settled as it will be.
    engine.readRevision();
    return true;
  }

  @Override
  public void policy(String name) {
    Objects.requireNonNull(name, "name");
    throw refused("policy");
  }

  @Override
  public String policy() {
    return engine.policy();
  }

  @Override
  public long approximateBytes(KeyRange range) {
    return engine.approximateBytes(range);
  }

  @Override
  public void verify() {
    engine.verify();
  }

  @Override
  public Stats stats() {
    return engine.stats();
  }

  @Override
  public StoreHealth health() {
    return engine.health();
  }

  @Override
  public Options options() {
    return engine.options();
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return engine.get(key);
  }

  @Override
  public <R extends @Nullable Object> @Nullable R get(
      byte[] key, Function<MemorySegment, R> view) {
    return engine.get(key, view);
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    return engine.getAll(keys);
  }

  @Override
  public boolean contains(byte[] key) {
    return engine.contains(key);
  }

  @Override
  public Cursor cursor(KeyRange range) {
    return engine.cursor(range);
  }

  @Override
  public long count(KeyRange range) {
    return engine.count(range);
  }

  @Override
  public void close() {
    engine.close();
  }
}
