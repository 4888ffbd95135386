package dev.atll.api;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads at one revision: the newest visible one of a store, or that of a snapshot. Thread-safe. */
public interface Reader {
  /**
   * A copy of the value of a key, or null if it has none.
   *
   * @throws CorruptionException if a block that had to be read is damaged; an older value is never
   *     returned instead
   */
  byte @Nullable [] get(byte[] key);

  /**
   * Applies a function to the value in place, without a copy, or returns null if the key has none.
   * The segment is read-only, valid only inside the function, and begins at any address: read it with
   * unaligned layouts, as {@link Cursor#value()} says.
   */
  <R extends @Nullable Object> @Nullable R get(byte[] key, Function<MemorySegment, R> view);

  /**
   * Copies of the values of many keys, each at the place of its key; null where a key has none. All of
   * them at one revision. What has to be read from a device is asked for several blocks at a time.
   *
   * @param keys any number, in any order; keys may repeat. Not changed, and not kept
   * @return as many values as there are keys; cannot be changed
   * @throws CorruptionException if a block that had to be read for one of them is damaged
   */
  List<byte @Nullable []> getAll(List<byte[]> keys);

  /** Whether the key has a value. */
  boolean contains(byte[] key);

  /** Opens a cursor over a range; close it. */
  Cursor cursor(KeyRange range);

  /** The number of live entries in a range, no value copied. */
  long count(KeyRange range);
}
