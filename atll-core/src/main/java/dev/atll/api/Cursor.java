package dev.atll.api;

import java.lang.foreign.MemorySegment;

/**
 * A position in the live entries of a range at one revision. Starts before the first and after the
 * last entry at once: {@link #next()} then goes to the first, {@link #previous()} to the last.
 *
 * <p>Not thread-safe. Holds files of the store alive until it is closed; closing is cheap and
 * idempotent. What {@link #key()} and {@link #value()} return is valid until the cursor moves.
 */
public interface Cursor extends AutoCloseable {
  /** Moves to the next entry in key order; false at the end, after which the cursor stands there. */
  boolean next();

  /** Moves to the previous entry in key order; false at the beginning. */
  boolean previous();

  /** Moves to the first entry at or after the key; false if the range has none. */
  boolean seek(byte[] key);

  /** Moves to the last entry at or before the key; false if the range has none. */
  boolean seekAtOrBefore(byte[] key);

  /** Whether the cursor stands on an entry. */
  boolean isValid();

  /** The key, read-only, borrowed until the next move; aligned as {@link #value()} is: not at all. */
  MemorySegment key();

  /**
   * The value, read-only, borrowed until the next move. It begins at any address, in a heap array or
   * in mapped memory: read it with unaligned layouts ({@code JAVA_LONG_UNALIGNED} and the like),
   * which work alike wherever the value lies. An aligned layout is refused for a value in memory
   * and works or not by chance for one in a table.
   */
  MemorySegment value();

  /** A copy of the key. */
  byte[] keyBytes();

  /** A copy of the value. */
  byte[] valueBytes();

  /** The revision that wrote the entry. */
  long revision();

  /**
   * Entries looked at and passed over since the cursor was opened: deletions, and versions that are
   * hidden or not visible. Many that are passed in one go count once, such as the versions of a key
   * in one table or a block of nothing but deletions: it is the work, not the number of dead entries.
   */
  long skipped();

  @Override
  void close();
}
