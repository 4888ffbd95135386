package dev.atll.base;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One point lookup on its way through memtables and runs, newest first: the question, the answer
 * and what the trip cost. Re-used by its thread, so that a get allocates only the value it returns.
 * Not thread-safe.
 */
public final class Lookup {
  /** Whether and how a source answered. */
  public enum Answer {
    /** No entry of the key at or below the revision here: ask the next older source. */
    UNKNOWN,
    /** A value was found; the value fields are set. */
    FOUND,
    /** A deletion was found: no older source may be asked. */
    DELETED
  }

  /** The key asked for; may be a caller's own array, never written. */
  public byte[] key = Keys.EMPTY;

  /** Where the key begins in {@link #key}. */
  public int keyOffset;

  /** Length of the key in bytes. */
  public int keyLength;

  /** {@link Keys#head} of the key. */
  public long head;

  /** {@link Keys#hash} of the key. */
  public long hash;

  /** Entries above this revision are invisible. */
  public long revision;

  /** The answer so far. */
  public Answer answer = Answer.UNKNOWN;

  /** Revision of the entry found. */
  public long foundRevision;

  /** Memory of the value found. */
  public MemorySegment valueSegment = MemorySegment.NULL;

  /** Where the value begins in {@link #valueSegment}. */
  public long valueOffset;

  /** Length of the value found, in bytes. */
  public int valueLength;

  /** Filters asked on this trip. */
  public int filterProbes;

  /** Filters that denied the key on this trip. */
  public int filterDenials;

  /** Filters that admitted the key on this trip although their run lacked it. */
  public int falsePositives;

  /** What {@link #falsePositives} was expected to be, by the rates the tables were built for. */
  public double expectedFalsePositives;

  /** Data blocks searched on this trip. */
  public int blockReads;

  /** What {@link #block} keeps at most between trips. */
  private static final int BLOCK_BYTES_KEPT = 16 << 10;

  private @Nullable BlockBuffer block;

  /** Where blocks that are not read in place are copied to; the value found may lie in it. */
  public BlockBuffer block() {
    BlockBuffer buffer = block;
    if (buffer == null) {
      buffer = new BlockBuffer(); // once a thread, or once a lookup inside another
      block = buffer;
    }
    return buffer;
  }

  /** Starts a new trip. */
  public void ask(byte[] newKey, int offset, int length, long maxRevision) {
    key = newKey;
    keyOffset = offset;
    keyLength = length;
    head = Keys.head(newKey, offset, length);
    hash = Keys.hash(newKey, offset, length);
    revision = maxRevision;
    answer = Answer.UNKNOWN;
    filterProbes = 0;
    filterDenials = 0;
    falsePositives = 0;
    expectedFalsePositives = 0;
    blockReads = 0;
  }

  /** Lets go of the key and of what was found: an idle thread shall keep no memory of a store. */
  public void release() {
    key = Keys.EMPTY;
    valueSegment = MemorySegment.NULL;
    BlockBuffer buffer = block;
    if (buffer != null && buffer.bytes.length > BLOCK_BYTES_KEPT) {
      block = null;
    }
  }

  /** Records a value found. */
  public void found(long atRevision, MemorySegment segment, long offset, int length) {
    answer = Answer.FOUND;
    foundRevision = atRevision;
    valueSegment = segment;
    valueOffset = offset;
    valueLength = length;
  }

  /** Records a deletion found. */
  public void deleted(long atRevision) {
    answer = Answer.DELETED;
    foundRevision = atRevision;
  }
}
