package dev.atll.bench.experiment;

import dev.atll.bench.store.EntryVisitor;
import dev.atll.bench.store.MemoryStore;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.StoreCost;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A store in memory that survives reopening and breaks its promises on request. */
final class ForgetfulStore implements Store {
  enum Fault {
    NONE,
    LOSES_PUTS,
    KEEPS_OLD_VALUES,
    IGNORES_DELETES,
    LOSES_A_PUT_WHEN_CLOSED
  }

  private final MemoryStore memory = new MemoryStore();
  private final Fault fault;
  private final long faultAt;
  private long calls;
  private byte @Nullable [] last;

  /** Breaks from the given call on that could be broken, counted from 1. */
  ForgetfulStore(Fault fault, long faultAt) {
    this.fault = fault;
    this.faultAt = faultAt;
  }

  private synchronized boolean isFaulty(Fault one) {
    return fault == one && ++calls >= faultAt;
  }

  @Override
  public String name() {
    return "forgetful";
  }

  @Override
  public void put(byte[] key, byte[] value) {
    if (isFaulty(Fault.LOSES_PUTS)
        || (fault == Fault.KEEPS_OLD_VALUES && memory.get(key) != null && isFaulty(fault))) {
      return;
    }
    last = key.clone();
    memory.put(key, value);
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values, int count) {
    memory.putAll(keys, values, count);
  }

  @Override
  public void delete(byte[] key) {
    if (!isFaulty(Fault.IGNORES_DELETES)) {
      memory.delete(key);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return memory.get(key);
  }

  @Override
  public int scan(byte[] low, byte @Nullable [] high, int limit, ScanChecksum checksum) {
    return memory.scan(low, high, limit, checksum);
  }

  @Override
  public void visit(byte[] low, byte @Nullable [] high, int limit, EntryVisitor visitor) {
    memory.visit(low, high, limit, visitor);
  }

  @Override
  public void flush() {}

  @Override
  public boolean settle(Duration atMost) {
    return true;
  }

  @Override
  public void compact() {}

  @Override
  public StoreCost cost() {
    return memory.cost();
  }

  @Override
  public void close() {
    if (fault == Fault.LOSES_A_PUT_WHEN_CLOSED && last != null) {
      memory.delete(last);
    }
  }
}
