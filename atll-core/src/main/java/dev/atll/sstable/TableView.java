package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.base.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over a table as of a revision: of each key the newest entry at or below it. Further
 * versions of a key are neighbours; they are passed by a search in the block, and by one in the index
 * when they go on in further blocks, so that a key costs no more than that however many versions
 * snapshots have kept.
 */
final class TableView extends TableCursor {
  /** Below all revisions: behind all versions of a key. */
  private static final long BEHIND_ALL = -1;

  private final long revision;
  private long passed;

  TableView(TableReader reader, byte[] low, byte @Nullable [] high, long revision) {
    super(reader, low, high, ReadPurpose.ANSWER);
    this.revision = revision;
  }

  @Override
  public boolean seekToFirst() {
    return settleForward(super.seekToFirst());
  }

  @Override
  public boolean seekToLast() {
    return settleBackward(super.seekToLast());
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long atRevision) {
    return settleForward(super.seek(key, offset, length, Math.min(atRevision, revision)));
  }

  @Override
  public boolean seekBefore(byte[] key, int offset, int length) {
    return settleBackward(super.seekBefore(key, offset, length));
  }

  @Override
  public boolean next() {
    assert isValid();
    return settleForward(onward(BEHIND_ALL));
  }

  @Override
  public boolean previous() {
    assert isValid();
    return settleBackward(keyBefore());
  }

  /** From the newest entry of a key on, stands on the first one that is visible. */
  private boolean settleForward(boolean standing) {
    boolean on = standing;
    while (on && block.revision() > revision) {
      passed++;
      on = onward(revision);
    }
    return on;
  }

  /** From the oldest entry of a key back, stands on the newest visible one of the first that has. */
  private boolean settleBackward(boolean standing) {
    boolean on = standing;
    while (on) {
      if (block.revision() <= revision) {
        return isNewestOfKey() || seekNewestVisible();
      }
      passed++;
      on = keyBefore();
    }
    return false;
  }

  /** From an older entry of a key, stands on the newest one that is visible. */
  private boolean seekNewestVisible() {
    int partitionBefore = p;
    int blockBefore = b;
    int at = block.index();
    boolean on = super.seek(block.keyArray(), 0, block.keyLength(), revision);
    if (on && !isBefore(partitionBefore, blockBefore, at + 1)) {
      throw outOfOrder();
    }
    return on;
  }

  /** Moves to the first entry behind this one that is not above a revision or has another key. */
  private boolean onward(long atRevision) {
    try {
      int i = block.index() + 1;
      if (i < limit) {
        if (!block.repeatsKey(i)) {
          block.moveTo(i);
          return true;
        }
        passed++;
        int at = block.index();
        i = block.seek(block.keyArray(), 0, block.keyLength(), atRevision);
        if (i <= at) {
          throw outOfOrder();
        }
        if (i < limit) {
          block.moveTo(i);
          return true;
        }
      }
      if (!nextBlockContinues()) {
        return forwardFrom(i);
      }
      int partitionBefore = p;
      int blockBefore = b;
      boolean on = super.seek(block.keyArray(), 0, block.keyLength(), atRevision);
      if (on && (p < partitionBefore || (p == partitionBefore && b <= blockBefore))) {
        throw outOfOrder();
      }
      return on;
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  /** Moves to the last entry before all of this key. */
  private boolean keyBefore() {
    try {
      if (isNewestOfKey()) {
        return backwardFrom(block.index() - 1);
      }
      passed++;
      int partitionBefore = p;
      int blockBefore = b;
      int at = block.index();
      boolean on = super.seekBefore(block.keyArray(), 0, block.keyLength());
      if (on && !isBefore(partitionBefore, blockBefore, at)) {
        throw outOfOrder();
      }
      return on;
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  /** Whether this entry lies before a place of the table, however keys may be ordered. */
  private boolean isBefore(int partition, int inBlock, int index) {
    return p < partition
        || (p == partition && (b < inBlock || (b == inBlock && block.index() < index)));
  }

  /**
   * A search for what lies behind, or before, that leads nowhere: the entries are not in order, though
   * the checksums are right. Going on would be going in a circle.
   */
  @Override
  public CorruptionException outOfOrder() {
    return reader.file().damaged(partition().position(b) & Partition.OFFSET, "entries out of order");
  }

  private boolean isNewestOfKey() {
    int i = block.index();
    return i > first
        ? !block.repeatsKey(i)
        : i > 0 || !partition().isContinuation(b);
  }

  private boolean nextBlockContinues() {
    return b + 1 < partition().blocks && partition().isContinuation(b + 1);
  }

  @Override
  public boolean nextPastDeletions(byte @Nullable [] bound, int offset, int length) {
    assert isValid();
    int freeOf = -1;
    int freeBlocks = 0; // of partition freeOf: this many blocks from the first have no key from bound on
    boolean on = true;
    while (on) {
      if (block.isAllDeletions() && b < lastBlock() && !nextBlockContinues()) {
        if (freeOf != p) {
          freeOf = p;
          freeBlocks = blocksBefore(bound, offset, length);
        }
        on = b < freeBlocks ? settleForward(enterNext()) : next();
      } else {
        on = next();
      }
      if (!on
          || block.kind() != ValueKind.DELETE
          || (bound != null && compareKey(bound, offset, length) >= 0)) {
        return on;
      }
      passed++;
    }
    return false;
  }

  @Override
  public boolean previousPastDeletions(byte[] bound, int offset, int length) {
    assert isValid();
    int freeOf = -1;
    int boundBlock = 0; // of partition freeOf: blocks behind it have no key up to the bound
    boolean on = true;
    while (on) {
      if (block.isAllDeletions() && b > firstBlock()) {
        if (freeOf != p) {
          freeOf = p;
          boundBlock = lastBlockWith(bound, offset, length);
        }
        on = b > boundBlock ? settleBackward(enterPrevious()) : previous();
      } else {
        on = previous();
      }
      if (!on
          || block.kind() != ValueKind.DELETE
          || compareKey(bound, offset, length) <= 0) {
        return on;
      }
      passed++;
    }
    return false;
  }

  private boolean enterNext() {
    try {
      return forwardFrom(limit);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  private boolean enterPrevious() {
    try {
      return backwardFrom(first - 1);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  /** Blocks of this partition all keys of which are less than the bound. */
  private int blocksBefore(byte @Nullable [] bound, int offset, int length) {
    if (bound == null) {
      return partition().blocks;
    }
    int at = reader.partitionOf(bound, offset, length);
    if (at != p) {
      return at > p ? partition().blocks : 0;
    }
    return partition().blockOf(bound, offset, length, Long.MAX_VALUE);
  }

  /** The last block of this partition that may have a key up to the bound; -1 for none. */
  private int lastBlockWith(byte[] bound, int offset, int length) {
    int at = reader.partitionOf(bound, offset, length);
    if (at != p) {
      return at > p ? partition().blocks : -1;
    }
    return partition().blockOf(bound, offset, length, BEHIND_ALL);
  }

  @Override
  public long passed() {
    return passed;
  }
}
