package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is whole of a table between two keys, block by block in order, and tells of each block
 * or partition that had to be left out. For one thread, forward, once.
 */
public final class SalvageCursor {
  private final TableReader reader;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final Consumer<CorruptionException> damage;
  private final TableCursor cursor;
  private int partition;
  private int block = -1;
  private boolean inBlock;

  /**
   * Stands before the first entry.
   *
   * @param low first key
   * @param high first key behind the last; null for none
   * @param damage told of each stretch that could not be read
   */
  public SalvageCursor(
      TableReader reader,
      byte[] low,
      byte @Nullable [] high,
      Consumer<CorruptionException> damage) {
    this.reader = reader;
    this.low = low;
    this.high = high;
    this.damage = damage;
    this.cursor = new TableCursor(reader, Keys.EMPTY, null, ReadPurpose.ONCE);
    this.partition = reader.partitionCount() == 0 ? 0 : reader.partitionOf(low, 0, low.length);
  }

  /** Goes to the next whole entry; false when there is none. */
  public boolean next() {
    while (true) {
      try {
        if (!step()) {
          return false;
        }
        if (isBelowLow()) {
          continue;
        }
        return isBelowHigh();
      } catch (CorruptionException e) {
        damage.accept(e);
        leave();
      } catch (InternalError | IndexOutOfBoundsException e) {
        damage.accept(reader.unreadable(Math.min(partition, reader.partitionCount() - 1), e));
        leave();
      }
    }
  }

  /** The entry it stands on. */
  public EntryCursor entry() {
    return cursor;
  }

  private boolean step() {
    if (inBlock && cursor.nextInBlock()) {
      return true;
    }
    inBlock = false;
    while (partition < reader.partitionCount()) {
      block++;
      Partition now = reader.partition(partition);
      if (block < now.blocks) {
        inBlock = true;
        return cursor.enter(partition, now, block);
      }
      partition++;
      block = -1;
    }
    return false;
  }

  /** Goes on behind what could not be read: a block, or a partition without an index. */
  private void leave() {
    if (!inBlock) {
      partition++;
      block = -1;
    }
    inBlock = false;
  }

  private boolean isBelowLow() {
    return Keys.compare(
            cursor.keyArray(), cursor.keyOffset(), cursor.keyLength(), low, 0, low.length)
        < 0;
  }

  private boolean isBelowHigh() {
    byte[] end = high;
    return end == null
        || Keys.compare(
                cursor.keyArray(), cursor.keyOffset(), cursor.keyLength(), end, 0, end.length)
            < 0;
  }
}
