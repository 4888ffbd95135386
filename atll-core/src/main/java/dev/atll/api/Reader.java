package dev.atll.api;

import java.lang.foreign.MemorySegment;
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

  /** Whether the key has a value. */
  boolean contains(byte[] key);

  /** Opens a cursor over a range; close it. */
  Cursor cursor(KeyRange range);

  /** The number of live entries in a range, no value copied. */
  long count(KeyRange range);
}
