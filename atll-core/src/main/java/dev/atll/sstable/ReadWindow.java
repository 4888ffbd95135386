package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageIoException;
import dev.atll.base.BlockBuffer;
import dev.atll.base.Keys;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one cursor reads of a table that is not mapped, with a read-ahead of its own: a seek
 * reads its block and the next, which costs a device no more than one; then come pieces twice as large
 * each time as long as block follows block, or precedes it. Who reads everything once begins with the largest
 * piece, and leaves caches alone, the system's too. Not thread-safe.
 */
final class ReadWindow {
  private static final int FIRST_BYTES = 16 << 10;
  private static final int AHEAD_BYTES_MAX = 256 << 10;
  private static final int ONCE_BYTES = 512 << 10;

  /** While others wait for the device, which they do until a piece has been read. */
  private static final int SHARED_BYTES = 64 << 10;

  /** So many blocks behind a seek are what a short scan reads, worth a place in the cache. */
  private static final int KEPT_IN_ROW = 8;

  private final TableImage file;
  private final BlockLoader blocks;
  private final ReadPurpose purpose;

  private byte[] bytes = Keys.EMPTY;
  private MemorySegment memory = MemorySegment.NULL;
  private long start;
  private long end;

  private @Nullable Partition last;
  private int lastBlock;
  private int inRow;
  private boolean back;
  private int ahead;

  // Of these bytes blocks are read one by one: a piece that held them could not be read.
  private long aloneFrom;
  private long alone;

  ReadWindow(TableImage file, BlockLoader blocks, ReadPurpose purpose) {
    this.file = file;
    this.blocks = blocks;
    this.purpose = purpose;
  }

  /** A block in memory of its own: values of the block before may still be looked at. */
  BlockBuffer load(Partition partition, int b) {
    BlockBuffer into = new BlockBuffer();
    note(partition, b);
    if (!purpose.cached) {
      ahead = ONCE_BYTES;
      fromWindow(partition, b, into);
      return into;
    }
    if (blocks.cached(partition, b, into)) {
      return into;
    }
    fromWindow(partition, b, into);
    if (inRow < KEPT_IN_ROW) {
      blocks.keep(partition, b, into);
    }
    return into;
  }

  /** How many blocks follow each other by now, and which way. */
  private void note(Partition partition, int b) {
    boolean follows = last != null && (last == partition ? b == lastBlock + 1 : b == 0);
    // Of two partitions of one block each nobody can tell the way; the order of the file is the guess.
    boolean precedes =
        last != null && (last == partition ? b == lastBlock - 1 : b == partition.blocks - 1);
    if (follows || precedes) {
      boolean turned = inRow > 0 && back == follows;
      inRow = turned ? 1 : inRow + 1;
      back = !follows;
    } else {
      inRow = 0;
      back = false;
    }
    ahead = inRow <= 1 ? 0 : ahead;
    last = partition;
    lastBlock = b;
  }

  private void fromWindow(Partition partition, int b, BlockBuffer into) {
    long offset = partition.position(b) & Partition.OFFSET;
    long blockEnd = partition.endOf(b);
    if (offset < start || blockEnd > end) {
      fill(partition, b, offset, blockEnd);
    }
    try {
      blocks.decode(partition, b, memory, offset - start, into);
    } catch (CorruptionException e) {
      blocks.readAgain(partition, b, into, e);
    }
  }

  /** Reads a piece that begins with a block, or ends with it on the way back. */
  private void fill(Partition partition, int b, long offset, long blockEnd) {
    if (offset >= aloneFrom && offset < alone) {
      read(offset, blockEnd, offset, blockEnd);
      return;
    }
    if (purpose.cached && inRow <= 1) {
      // A second block is mostly the end of a short scan, not the beginning of a long one.
      if (back) {
        read(partition.pairStart(b), blockEnd, offset, blockEnd);
      } else {
        read(offset, inRow == 0 ? partition.pairEnd(b) : blockEnd, offset, blockEnd);
      }
      return;
    }
    int most =
        purpose.cached
            ? AHEAD_BYTES_MAX
            : file.readersWait() ? SHARED_BYTES : ONCE_BYTES;
    ahead = ahead == 0 ? FIRST_BYTES : Math.min(2 * ahead, most);
    long wanted = Math.max(ahead, blockEnd - offset);
    if (back) {
      read(
          Math.max(partition.position(0) & Partition.OFFSET, blockEnd - wanted),
          blockEnd, offset, blockEnd);
    } else {
      read(offset, Math.min(offset + wanted, partition.end()), offset, blockEnd);
    }
  }

  /** Reads a piece; if that fails, the block of it that was asked for. */
  private void read(long from, long to, long offset, long blockEnd) {
    start = 0;
    end = 0;
    int count = (int) (to - from);
    if (bytes.length < count) {
      bytes = new byte[count];
      memory = MemorySegment.ofArray(bytes);
    }
    // A long scan shall not wash away what gets want.
    boolean once = purpose.cached ? inRow >= KEPT_IN_ROW : purpose.pastPages;
    try {
      file.read(from, bytes, count, once);
      start = from;
      end = to;
    } catch (StorageIoException | CorruptionException e) {
      if (from == offset && to == blockEnd) {
        throw e;
      }
      // What lies around may be what cannot be read; this block has been asked for, that has not.
      aloneFrom = from;
      alone = to;
      file.read(offset, bytes, (int) (blockEnd - offset), once);
      start = offset;
      end = blockEnd;
    }
  }
}
