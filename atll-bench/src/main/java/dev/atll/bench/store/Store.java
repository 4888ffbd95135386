package dev.atll.bench.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An ordered key-value store as the workloads see it: what every engine can do, in the form in which
 * it does it best.
 *
 * <p>Thread-safe except for {@link #close()}. Arrays handed in may be re-used by the caller as soon
 * as the call returns.
 */
public interface Store extends AutoCloseable {
  /** The name that reports use, such as {@code atll} or {@code rocksdb-tuned}. */
  String name();

  /** Sets the value of a key. */
  void put(byte[] key, byte[] value);

  /** Sets the first {@code count} keys to the values at the same places, as one batch. */
  void putAll(byte[][] keys, byte[][] values, int count);

  /** Takes away the value of a key. */
  void delete(byte[] key);

  /** The value of a key in an array of its own, or null if it has none. */
  byte @Nullable [] get(byte[] key);

  /**
   * The values of the first {@code count} keys, at the same places; null for those without. As one call of
   * the engine, if it has one.
   */
  default byte[] @Nullable [] getAll(byte[][] keys, int count) {
    byte[] @Nullable [] values = new byte[count][];
    for (int i = 0; i < count; i++) {
      values[i] = get(keys[i]);
    }
    return values;
  }

  /**
   * Reads the entries of a range in key order, keys and values.
   *
   * @param low where to begin; the empty key is below all others
   * @param high first key after the range; null for none
   * @param limit the most entries to read
   * @param checksum takes each entry, so that engines can be checked against each other
   * @return how many entries were read
   */
  int scan(byte[] low, byte @Nullable [] high, int limit, ScanChecksum checksum);

  /**
   * Shows the entries of a range in key order, copied. Slower than {@link #scan}; for checks.
   *
   * @param low first key of the range
   * @param high first key after the range; null for none
   * @param limit the most entries to show
   * @param visitor takes each entry
   */
  void visit(byte[] low, byte @Nullable [] high, int limit, EntryVisitor visitor);

  /** Makes what memory buffers hold part of the tree on disk. */
  void flush();

  /**
   * Waits until no flush or compaction has anything more to do.
   *
   * @return whether that came true within the time
   */
  boolean settle(Duration atMost);

  /** Merges everything that it has, however little that would gain; returns when that is done. */
  void compact();

  /** What the store has cost so far. */
  StoreCost cost();

  @Override
  void close();
}
