package dev.atll.mvcc;

import dev.atll.api.CorruptionException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;

/**
 * Decides, entry by entry in cursor order, what a flush or merge writes: versions that a reader may
 * need stay, shadowed ones go, and a deletion goes when nothing older can be left for it to hide.
 * Not thread-safe.
 */
public final class VersionFilter {
  /** What becomes of an entry. */
  public enum Fate {
    /** It is written. */
    KEEP,
    /** A newer version hides it from every reader there can be. */
    SHADOWED,
    /** A deletion with nothing left to delete. */
    SPENT_DELETION
  }

  /** Where a deletion has nothing older beneath it. */
  @FunctionalInterface
  public interface Bottom {
    /** Whether no older entry of the key can exist outside the merge. */
    boolean isBottom(byte[] key, int offset, int length);
  }

  private final Retention retention;
  private final Bottom bottom;
  private byte[] key = new byte[64];
  private int keyLength = -1;
  private long newerRevision;

  /** Keeps what the retention asks for; deletions may go where {@code bottom} says so. */
  public VersionFilter(Retention retention, Bottom bottom) {
    this.retention = retention;
    this.bottom = bottom;
  }

  /**
   * Decides on the entry the cursor stands on. Call once for each entry, in order.
   *
   * @throws CorruptionException if keys do not ascend, or versions of a key do not descend
   */
  public Fate judge(EntryCursor entry) {
    int order =
        keyLength < 0
            ? -1
            : Keys.compare(
                key, 0, keyLength, entry.keyArray(), entry.keyOffset(), entry.keyLength());
    long revision = entry.revision();
    if (order > 0 || (order == 0 && revision >= newerRevision)) {
      // A memtable and a sound table cannot: what was read is not what was written.
      throw new CorruptionException("(input of a merge)", 0, "entries out of order");
    }
    if (order < 0) {
      keyLength = entry.keyLength();
      if (keyLength > key.length) {
        key = new byte[Math.max(keyLength, 2 * key.length)];
      }
      System.arraycopy(entry.keyArray(), entry.keyOffset(), key, 0, keyLength);
      newerRevision = Long.MAX_VALUE;
    }
    boolean shadowed = retention.isShadowed(revision, newerRevision);
    newerRevision = revision;
    if (shadowed) {
      return Fate.SHADOWED;
    }
    // At or below the oldest held revision every older version is shadowed by this deletion, so
    // that it hides nothing in this merge; the bottom rule answers for what is outside.
    if (entry.kind() == ValueKind.DELETE
        && revision <= retention.oldestHeld()
        && bottom.isBottom(key, 0, keyLength)) {
      return Fate.SPENT_DELETION;
    }
    return Fate.KEEP;
  }
}
