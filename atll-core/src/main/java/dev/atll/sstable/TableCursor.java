package dev.atll.sstable;

import dev.atll.base.BlockBuffer;
import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.sstable.block.BlockCursor;
import dev.atll.sstable.block.DataBlock;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the entries of a table between two keys. The bounds are translated to a first and a
 * last block; only inside these two are they looked up, so a step compares no keys.
 */
class TableCursor implements EntryCursor {
  final TableReader reader;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final ReadPurpose purpose;
  final BlockCursor block = new BlockCursor();

  private boolean bounded;
  private boolean empty;
  private int lowPartition;
  private int lowBlock;
  private int highPartition;
  private int highBlock;

  private @Nullable ReadWindow window;
  private @Nullable Partition partition;
  int p;
  int b;

  /** The entries of the current block that the bounds leave: first to limit - 1. */
  int first;

  int limit;
  private boolean valid;

  TableCursor(TableReader reader, byte[] low, byte @Nullable [] high, ReadPurpose purpose) {
    this.reader = reader;
    this.low = low;
    this.high = high;
    this.purpose = purpose;
  }

  @Override
  public boolean seekToFirst() {
    try {
      if (isEmpty()) {
        return invalid();
      }
      load(lowPartition, lowBlock);
      return forwardFrom(first);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  @Override
  public boolean seekToLast() {
    try {
      if (isEmpty()) {
        return invalid();
      }
      load(highPartition, highBlock);
      return backwardFrom(limit - 1);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long revision) {
    if (low.length != 0 && Keys.compare(key, offset, length, low, 0, low.length) < 0) {
      return seekToFirst();
    }
    try {
      byte[] end = high;
      if (isEmpty()
          || (end != null && Keys.compare(key, offset, length, end, 0, end.length) >= 0)) {
        return invalid();
      }
      int newPartition = reader.partitionOf(key, offset, length);
      load(
          newPartition,
          reader.partition(newPartition).blockOf(key, offset, length, revision));
      return forwardFrom(Math.max(first, block.seek(key, offset, length, revision)));
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  @Override
  public boolean seekBefore(byte[] key, int offset, int length) {
    byte[] end = high;
    if (end != null && Keys.compare(key, offset, length, end, 0, end.length) >= 0) {
      return seekToLast();
    }
    try {
      if (isEmpty() || Keys.compare(key, offset, length, low, 0, low.length) <= 0) {
        return invalid();
      }
      int newPartition = reader.partitionOf(key, offset, length);
      load(
          newPartition,
          reader.partition(newPartition).blockOf(key, offset, length, Long.MAX_VALUE));
      int at = block.seek(key, offset, length, Long.MAX_VALUE);
      return backwardFrom(Math.min(limit, at) - 1);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void prefetch(byte[] key, int offset, int length) {
    byte[] end = high;
    if (reader.file().mapping() != null
        || isEmpty()
        || (end != null && Keys.compare(key, offset, length, end, 0, end.length) > 0)) {
      return;
    }
    int newPartition = lowPartition;
    int newBlock = lowBlock;
    if (Keys.compare(low, 0, low.length, key, offset, length) < 0) {
      newPartition = reader.partitionOf(key, offset, length);
      newBlock = reader.partition(newPartition).blockOf(key, offset, length, Long.MAX_VALUE);
    }
    if (partition == null || p != newPartition || b != newBlock) {
      reader.blocks().prefetch(reader.partition(newPartition), newBlock);
    }
  }

  @Override
  public boolean next() {
    assert valid;
    try {
      int i = block.index() + 1;
      if (i < limit) {
        block.moveTo(i);
        return true;
      }
      return forwardFrom(i);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  @Override
  public boolean previous() {
    assert valid;
    try {
      int i = block.index() - 1;
      if (i >= first) {
        block.moveTo(i);
        return true;
      }
      return backwardFrom(i);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  /** Stands on entry i of the current block, or on the first entry of a later one. */
  boolean forwardFrom(int i) {
    int at = i;
    while (at >= limit) {
      if (p > highPartition || (p == highPartition && b >= highBlock)) {
        return invalid();
      }
      if (b + 1 < reader.partition(p).blocks) {
        load(p, b + 1);
      } else {
        load(p + 1, 0);
      }
      at = first;
    }
    block.moveTo(at);
    valid = true;
    return true;
  }

  /** Stands on entry i of the current block, or on the last entry of an earlier one. */
  boolean backwardFrom(int i) {
    int at = i;
    while (at < first) {
      if (p < lowPartition || (p == lowPartition && b <= lowBlock)) {
        return invalid();
      }
      if (b > 0) {
        load(p, b - 1);
      } else {
        load(p - 1, reader.partition(p - 1).blocks - 1);
      }
      at = limit - 1;
    }
    block.moveTo(at);
    valid = true;
    return true;
  }

  /** The partition of the current block. */
  final Partition partition() {
    return reader.partition(p);
  }

  /** The first block of this partition that the bounds leave. */
  final int firstBlock() {
    return p == lowPartition ? lowBlock : 0;
  }

  /** The last block of this partition that the bounds leave. */
  final int lastBlock() {
    return p == highPartition ? highBlock : partition().blocks - 1;
  }

  /** Compares the current key with another. */
  final int compareKey(byte[] key, int offset, int length) {
    int order = Long.compareUnsigned(block.keyHead(), Keys.head(key, offset, length));
    return order != 0
        ? order
        : Keys.compare(block.keyArray(), 0, block.keyLength(), key, offset, length);
  }

  private boolean invalid() {
    valid = false;
    return false;
  }

  /** Whether the bounds leave nothing; finds their blocks when first asked. */
  private boolean isEmpty() {
    if (!bounded) {
      byte[] end = high;
      empty =
          reader.partitionCount() == 0 || (end != null && Keys.compare(low, end) >= 0);
      if (!empty) {
        lowPartition = reader.partitionOf(low, 0, low.length);
        lowBlock = reader.partition(lowPartition).blockOf(low, 0, low.length, Long.MAX_VALUE);
        if (end == null) {
          highPartition = reader.partitionCount() - 1;
          highBlock = reader.partition(highPartition).blocks - 1;
        } else {
          highPartition = reader.partitionOf(end, 0, end.length);
          highBlock = reader.partition(highPartition).blockOf(end, 0, end.length, Long.MAX_VALUE);
        }
      }
      bounded = true;
    }
    return empty;
  }

  private void load(int newPartition, int newBlock) {
    valid = false;
    Partition loaded = partition;
    if (loaded != null && p == newPartition && b == newBlock) {
      // Seeks often stay in the block; first and limit hold.
      return;
    }
    partition = null;
    loaded = reader.partition(newPartition);
    open(loaded, newBlock);
    int count = block.count();
    first =
        newPartition == lowPartition && newBlock == lowBlock
            ? block.seek(low, 0, low.length, Long.MAX_VALUE)
            : 0;
    byte[] end = high;
    limit =
        end != null && newPartition == highPartition && newBlock == highBlock
            ? block.seek(end, 0, end.length, Long.MAX_VALUE)
            : count;
    p = newPartition;
    b = newBlock;
    partition = loaded;
  }

  private void open(Partition of, int newBlock) {
    MemorySegment mapped = reader.file().mapping();
    if (mapped == null) {
      BlockBuffer loaded = window().load(of, newBlock);
      block.open(loaded.segment, 0, loaded.length);
      return;
    }
    long position;
    if (purpose.cached) {
      position = reader.verifiedPosition(mapped, of, newBlock);
    } else {
      // Whoever reads everything once may delete the file afterwards: a checksum that held when the
      // block was first read, days ago perhaps, is not enough for that.
      position = of.position(newBlock);
      if ((position & Partition.COMPRESSED) == 0) {
        reader.verifyBlock(mapped, of, newBlock);
      }
    }
    if ((position & Partition.COMPRESSED) == 0) {
      block.open(mapped, position & Partition.OFFSET, of.payloadLength(newBlock));
    } else {
      MemorySegment inflated = reader.inflated(mapped, of, newBlock, purpose.cached);
      block.open(inflated, 0, (int) inflated.byteSize() - DataBlock.SLACK);
    }
  }

  private ReadWindow window() {
    ReadWindow reading = window;
    if (reading == null) {
      reading = new ReadWindow(reader.file(), reader.blocks(), purpose);
      window = reading;
    }
    return reading;
  }

  /** For verification: stands on the first entry of a block, whatever the bounds. */
  boolean enter(int newPartition, Partition of, int newBlock) {
    open(of, newBlock);
    p = newPartition;
    b = newBlock;
    block.moveTo(0);
    valid = true;
    return true;
  }

  /** For verification: the next entry of this block. */
  boolean nextInBlock() {
    if (block.index() + 1 == block.count()) {
      return invalid();
    }
    block.moveTo(block.index() + 1);
    return true;
  }

  RuntimeException unreadable(Throwable cause) {
    valid = false;
    partition = null;
    return reader.unreadable(Math.min(p, reader.partitionCount() - 1), cause);
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public byte[] keyArray() {
    return block.keyArray();
  }

  @Override
  public int keyOffset() {
    return 0;
  }

  @Override
  public int keyLength() {
    return block.keyLength();
  }

  @Override
  public long keyHead() {
    return block.keyHead();
  }

  @Override
  public long revision() {
    return block.revision();
  }

  @Override
  public int kind() {
    return block.kind();
  }

  @Override
  public MemorySegment valueSegment() {
    return block.segment();
  }

  @Override
  public long valueOffset() {
    return block.valueOffset();
  }

  @Override
  public int valueLength() {
    return block.valueLength();
  }

  @Override
  public void close() {
    valid = false;
    partition = null;
    window = null;
    block.clear();
  }
}
