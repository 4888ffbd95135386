package dev.atll.base;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A position in a sorted sequence of entries, ordered by key ascending (unsigned bytes) and, for
 * one key, by revision descending (newest first). Memtables, tables and merges of them all speak
 * this contract.
 *
 * <p>A new cursor has no position ({@link #isValid()} is false). Positioning methods return whether
 * they found an entry; after false the cursor has no position, and only a seek gives it one again.
 * Bounds given at creation (for instance those of a run) hide all entries outside them. What the
 * accessors return is valid until the cursor moves or closes. Not thread-safe: one thread at a
 * time. A damaged file throws {@code CorruptionException}, after which the cursor has no position.
 */
public interface EntryCursor extends AutoCloseable {
  /** Says that a position at or before a key is about to be asked for; may begin to read for it. */
  default void prefetch(byte[] key, int offset, int length) {}

  /** Moves to the first entry. */
  boolean seekToFirst();

  /** Moves to the last entry. */
  boolean seekToLast();

  /**
   * Moves to the first entry at or after (key, revision) in cursor order: entries of this key with
   * a revision at most {@code revision}, then greater keys. {@code Long.MAX_VALUE} finds the
   * newest entry of the key.
   */
  boolean seek(byte[] key, int offset, int length, long revision);

  /** Moves to the last entry whose key is strictly less than the given key. */
  boolean seekBefore(byte[] key, int offset, int length);

  /** Moves to the next entry. Requires a position. */
  boolean next();

  /** Moves to the previous entry. Requires a position. */
  boolean previous();

  /**
   * Moves as {@link #next} does, and may go on past deletions with keys before a bound: it stands
   * then on an entry that is no deletion, or on one at or behind the bound, or on none. For cursors
   * that show one entry of a key; a merge of such ones must stand on a key that no other has.
   *
   * @param bound null for none
   */
  default boolean nextPastDeletions(byte @Nullable [] bound, int offset, int length) {
    return next();
  }

  /** As {@link #nextPastDeletions}, backwards: past deletions with keys greater than the bound. */
  default boolean previousPastDeletions(byte[] bound, int offset, int length) {
    return previous();
  }

  /** Entries, or whole blocks of them, looked at so far and passed over without being shown. */
  default long passed() {
    return 0;
  }

  /**
   * What to throw when the current entry turns out to be out of order, which only a file's may be:
   * one that was forged, since its checksums are right.
   */
  default RuntimeException outOfOrder() {
    return new IllegalStateException("entries out of order");
  }

  /** Whether the cursor stands on an entry. */
  boolean isValid();

  /** The array that holds the key at {@link #keyOffset()}, {@link #keyLength()}; not to be kept. */
  byte[] keyArray();

  /** Where the key begins in {@link #keyArray()}. */
  int keyOffset();

  /** Length of the key in bytes. */
  int keyLength();

  /** {@link Keys#head} of the key. */
  long keyHead();

  /** Revision of the entry. */
  long revision();

  /** One of {@link ValueKind}. */
  int kind();

  /** The memory that holds the value at {@link #valueOffset()}, {@link #valueLength()}. */
  MemorySegment valueSegment();

  /** Where the value begins in {@link #valueSegment()}. */
  long valueOffset();

  /** Length of the value in bytes; 0 for a deletion. */
  int valueLength();

  /** Releases what the cursor holds; idempotent. */
  @Override
  void close();
}
