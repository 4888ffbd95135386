package dev.atll.bench.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A sorted map on the heap: the reference that other stores are checked against. */
public final class MemoryStore implements Store {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final NavigableMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);

  /** An empty store. */
  public MemoryStore() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public synchronized void put(byte[] key, byte[] value) {
    map.put(key.clone(), value.clone());
  }

  @Override
  public synchronized void putAll(byte[][] keys, byte[][] values, int count) {
    for (int i = 0; i < count; i++) {
      map.put(keys[i].clone(), values[i].clone());
    }
  }

  @Override
  public synchronized void delete(byte[] key) {
    map.remove(key);
  }

  @Override
  public synchronized byte @Nullable [] get(byte[] key) {
    byte[] value = map.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public synchronized int scan(
      byte[] low, byte @Nullable [] high, int limit, ScanChecksum checksum) {
    int count = 0;
    for (Map.Entry<byte[], byte[]> entry : map.tailMap(low, true).entrySet()) {
      if (count == limit || (high != null && Arrays.compareUnsigned(entry.getKey(), high) >= 0)) {
        break;
      }
      count++;
      byte[] key = entry.getKey();
      byte[] value = entry.getValue();
      checksum.add(head(key), head(value), key.length + value.length);
    }
    return count;
  }

  @Override
  public synchronized void visit(
      byte[] low, byte @Nullable [] high, int limit, EntryVisitor visitor) {
    int count = 0;
    for (Map.Entry<byte[], byte[]> entry : map.tailMap(low, true).entrySet()) {
      if (count == limit || (high != null && Arrays.compareUnsigned(entry.getKey(), high) >= 0)) {
        break;
      }
      count++;
      visitor.entry(entry.getKey().clone(), entry.getValue().clone());
    }
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
    return new StoreCost(0, 0, StoreCost.UNKNOWN);
  }

  @Override
  public void close() {}

  private static long head(byte[] bytes) {
    return bytes.length < Long.BYTES ? 0 : (long) LONG.get(bytes, 0);
  }
}
