package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageIoException;
import dev.atll.base.BlockBuffer;
import dev.atll.base.Keys;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one cursor reads of a table that is not mapped, with a read-ahead of its own: nothing
 * for the first two blocks after a seek, then twice as much each time as long as block follows block. Who
 * reads everything once begins with the largest piece, and leaves caches alone, the system's too. Not thread-safe.
 */
final class ReadWindow {
  private static final int FIRST_BYTES = 16 << 10;
  private static final int AHEAD_BYTES_MAX = 256 << 10;
  private static final int ONCE_BYTES = 512 << 10;

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
  private int ahead;

  // Up to here blocks are read one by one: a piece that ended there could not be read.
  private long alone;

  ReadWindow(TableImage file, BlockLoader blocks, ReadPurpose purpose) {
    this.file = file;
    this.blocks = blocks;
    this.purpose = purpose;
  }

  /** A block in memory of its own: values of the block before may still be looked at. */
  BlockBuffer load(Partition partition, int b) {
    BlockBuffer into = new BlockBuffer();
    inRow = follows(partition, b) ? inRow + 1 : 0;
    last = partition;
    lastBlock = b;
    if (!purpose.cached) {
      ahead = ONCE_BYTES;
      fromWindow(partition, b, into);
      return into;
    }
    ahead = inRow <= 1 ? 0 : ahead;
    if (blocks.cached(partition, b, into)) {
      return into;
    }
    // A second block is mostly the end of a short scan, not the beginning of a long one.
    if (inRow <= 1) {
      blocks.read(partition, b, into);
    } else {
      fromWindow(partition, b, into);
    }
    if (inRow < KEPT_IN_ROW) {
      blocks.keep(partition, b, into);
    }
    return into;
  }

  /** Whether this is the block behind the last one; a new partition begins where one has ended. */
  private boolean follows(Partition partition, int b) {
    return last != null && (last == partition ? b == lastBlock + 1 : b == 0);
  }

  private void fromWindow(Partition partition, int b, BlockBuffer into) {
    long offset = partition.position(b) & Partition.OFFSET;
    int frame = partition.payloadLength(b) + TableFormat.TRAILER_BYTES;
    if (offset < start || offset + frame > end) {
      int most = purpose.cached ? AHEAD_BYTES_MAX : ONCE_BYTES;
      ahead = ahead == 0 ? FIRST_BYTES : Math.min(2 * ahead, most);
      long wanted = offset < alone ? frame : Math.min(ahead, partition.end() - offset);
      fill(offset, frame, (int) Math.max(frame, wanted));
    }
    try {
      blocks.decode(partition, b, memory, offset - start, into);
    } catch (CorruptionException e) {
      blocks.readAgain(partition, b, into, e);
    }
  }

  private void fill(long offset, int frame, int count) {
    start = 0;
    end = 0;
    if (bytes.length < count) {
      bytes = new byte[count];
      memory = MemorySegment.ofArray(bytes);
    }
    // A long scan shall not wash away what gets want.
    boolean once = purpose.cached ? inRow >= KEPT_IN_ROW : purpose.pastPages;
    int got = count;
    try {
      file.read(offset, bytes, count, once);
    } catch (StorageIoException | CorruptionException e) {
      if (count == frame) {
        throw e;
      }
      // What lies ahead may be what cannot be read; this block has been asked for, that has not.
      alone = offset + count;
      file.read(offset, bytes, frame, once);
      got = frame;
    }
    start = offset;
    end = offset + got;
  }
}
