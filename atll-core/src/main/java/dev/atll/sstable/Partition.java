package dev.atll.sstable;

import dev.atll.base.Keys;
import dev.atll.sstable.filter.FilterSection;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The index of one partition on the heap, and where its filter is: in the mapped file, or in memory of
 * its own. Both were checked when this was made. Immutable but for the marks of verified blocks;
 * thread-safe.
 */
final class Partition {
  /** In a position: the block's checksum and structure were checked. */
  static final long VERIFIED = 1L << 63;

  /** In a position: the block begins with a further revision of the key before it. */
  static final long CONTINUATION = 1L << 62;

  /** In a position: the block is compressed. */
  static final long COMPRESSED = 1L << 61;

  /** The offset in a position. */
  static final long OFFSET = (1L << 50) - 1;

  /** Above the offset: how many bytes lie between the block's end and the next block. */
  private static final int GAP_SHIFT = 50;

  private static final long GAP_MASK = (1 << 10) - 1;

  /** Direct reads of 4 to 16 KiB take 84 microseconds each where they were measured, of 64 KiB 102. */
  private static final long PAIR_BYTES_MAX = 16 << 10;

  private static final VarHandle POSITIONS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Number of data blocks. */
  final int blocks;

  /** The filter, or none. */
  final FilterSection filter;

  /** What {@link #filter} is to be looked for in. */
  final MemorySegment filterMemory;

  /** Where the filter is in the file. */
  final long filterOffset;

  /** What the filter was built for; several entries of one key count as keys, so it may be less. */
  final double falsePositiveRate;

  /** Counts what reads ask of caches; of the table, which outlasts this. */
  final BlockTraffic traffic;

  /** Separators of all blocks but the first. */
  private final FlatKeys separators;

  /** For each block, its offset in the file and flags; behind them, the end of the last. */
  private final long[] positions;

  /** First revision of a continuation, else the highest number; empty without continuations. */
  private final long[] firstRevisions;

  // Written by readers without order: a lost mark costs a read at most.
  private boolean asked = true;

  /** Reads and checks index and filter of a partition, for as long as the table is open. */
  Partition(TableImage file, TableImage.Sections sections) {
    this(file, sections, true, null, new BlockTraffic(), false);
  }

  /**
   * Reads and checks index and filter of a partition.
   *
   * @param lasting false if it is used once: then a copy of the filter does not last with the table
   * @param known a copy of the filter that was checked before, or null
   * @param traffic counts what reads ask of caches
   * @param pastPages whether to read past the system's pages, where a wrong copy may be
   */
  Partition(
      TableImage file,
      TableImage.Sections sections,
      boolean lasting,
      @Nullable MemorySegment known,
      BlockTraffic traffic,
      boolean pastPages) {
    this.traffic = traffic;
    MemorySegment mapped = file.mapping();
    byte[] both =
        mapped == null && known == null ? filterAndIndex(file, sections, pastPages) : null;
    int indexAt = both == null ? 0 : both.length - sections.indexLength() - TableFormat.TRAILER_BYTES;
    byte[] payload =
        both != null
            ? file.payload(both, indexAt, sections.indexOffset(), sections.indexLength(), "index")
            : file.section(
                sections.indexOffset(),
                sections.indexLength(),
                sections.indexOffset() + sections.indexLength() + TableFormat.TRAILER_BYTES,
                "index",
                pastPages);
    SectionReader in =
        new SectionReader(file.name, sections.indexOffset(), payload, payload.length);
    blocks = in.fixed32("blocks");
    if (blocks != sections.blocks()) {
      throw in.damaged("index and directory disagree on the blocks");
    }
    if (blocks > payload.length) {
      throw in.damaged("index shorter than its blocks");
    }
    positions = new long[blocks + 1];
    List<byte[]> keys = new ArrayList<>(blocks - 1);
    long[] revisions = null;
    long separatorBytes = 0;
    byte[] last = Keys.EMPTY;
    long offset = sections.dataOffset();
    long end = offset + sections.dataLength();
    if (end > OFFSET) {
      throw in.damaged("partition beyond " + OFFSET);
    }
    for (int b = 0; b < blocks; b++) {
      long flags = 0;
      if (b > 0) {
        long shared = in.varint("separator", 2L * last.length + 1);
        byte[] key =
            in.key(last, (int) (shared >>> 1), in.count("separator length"), "separator");
        int order = b == 1 ? -1 : Keys.compare(last, key);
        if ((shared & 1) != 0) {
          flags = CONTINUATION;
          if (revisions == null) {
            revisions = new long[blocks];
            java.util.Arrays.fill(revisions, Long.MAX_VALUE);
          }
          revisions[b] = in.varint("first revision");
          if (order > 0 || (order == 0 && revisions[b] >= revisions[b - 1])) {
            throw in.damaged("index out of order");
          }
        } else if (order >= 0) {
          throw in.damaged("index out of order");
        }
        if (order != 0) {
          separatorBytes += key.length;
          if (separatorBytes > TableFormat.SEPARATOR_BYTES_MAX) {
            throw in.damaged("index with too long separators");
          }
        }
        keys.add(key);
        last = key;
      }
      long frame = in.varint("frame length");
      flags |= (frame & 1) != 0 ? COMPRESSED : 0;
      if (file.isPaged()) {
        long start = TableFormat.blockStart(offset, frame >>> 1);
        if (b > 0) {
          positions[b - 1] |= (start - offset) << GAP_SHIFT;
        } else if (start != offset) {
          throw in.damaged("first block in the rest of a page");
        }
        offset = start;
      }
      positions[b] = offset | flags;
      if (frame >>> 1 < TableFormat.TRAILER_BYTES
          || frame >>> 1 > end - offset
          || frame >>> 1 > Integer.MAX_VALUE) {
        throw in.damaged("frame length");
      }
      offset += frame >>> 1;
    }
    positions[blocks] = offset;
    if (in.left() != 0 || offset != end) {
      throw in.damaged("index length");
    }
    firstRevisions = revisions == null ? new long[0] : revisions;
    separators = new FlatKeys(keys);
    filterOffset = sections.filterOffset();
    if (sections.filterLength() == 0) {
      filterMemory = MemorySegment.NULL;
      filter = FilterSection.none();
    } else if (known != null) {
      filterMemory = known;
      filter = filterOf(file, sections, known, 0);
    } else if (mapped != null) {
      filterMemory = mapped;
      filter = filterOf(file, sections, mapped, filterOffset);
    } else {
      int length = sections.filterLength() + TableFormat.TRAILER_BYTES;
      byte[] bytes = both;
      if (bytes == null) {
        bytes = new byte[length];
        file.read(filterOffset, bytes, length, pastPages);
      }
      MemorySegment copy = MemorySegment.ofArray(bytes).asSlice(0, length);
      // Checked before it is kept: memory of the table lasts as long as it is open.
      filter = filterOf(file, sections, copy, 0);
      filterMemory = lasting ? file.allocate(length).copyFrom(copy) : copy;
    }
    falsePositiveRate = filter.falsePositiveRate(sections.entries());
  }

  /** Filter and index by one read of the device; null where they are not neighbours. */
  private static byte @Nullable [] filterAndIndex(
      TableImage file, TableImage.Sections sections, boolean pastPages) {
    long end = sections.indexOffset() + sections.indexLength() + TableFormat.TRAILER_BYTES;
    long bytes = end - sections.filterOffset();
    long parts = (long) sections.filterLength() + sections.indexLength();
    if (sections.filterLength() == 0 || bytes > parts + 2 * TableFormat.TRAILER_BYTES) {
      return null;
    }
    byte[] both = new byte[(int) Math.min(bytes, Integer.MAX_VALUE - 64)];
    if (both.length < bytes) {
      return null;
    }
    file.read(sections.filterOffset(), both, both.length, pastPages);
    return both;
  }

  private static FilterSection filterOf(
      TableImage file, TableImage.Sections sections, MemorySegment memory, long at) {
    long offset = sections.filterOffset();
    int length = sections.filterLength();
    if (!file.frameHolds(memory, at, offset, length)) {
      throw file.damaged(offset, "filter checksum");
    }
    try {
      return FilterSection.read(memory, at, length, file.name);
    } catch (FilterSection.DamagedException e) {
      throw file.damaged(offset, e.what());
    }
  }

  /** The block in which the first entry at or after (key, revision) is, or behind which it begins. */
  int blockOf(byte[] key, int offset, int length, long revision) {
    int block = separators.countUpTo(key, offset, length, 0, separators.size());
    return firstRevisions.length == 0 || (position(block) & CONTINUATION) == 0
        ? block
        : continuationOf(block, key, offset, length, revision);
  }

  private int continuationOf(int block, byte[] key, int offset, int length, long revision) {
    // Blocks first..block have a separator equal to the last one's; is it this key?
    int first = separators.countBelow(key, offset, length, 0, separators.size()) + 1;
    if (first > block) {
      return block;
    }
    int low = first;
    int high = block + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (firstRevisions[middle] >= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Offset and flags of a block; for the number of blocks, the end of the last. */
  long position(int block) {
    return (long) POSITIONS.getOpaque(positions, block);
  }

  /** The block that begins at an offset of the file, or -1 if none does. */
  int blockAt(long offset) {
    int low = 0;
    int high = blocks - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long there = position(middle) & OFFSET;
      if (there == offset) {
        return middle;
      }
      if (there < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Where a block ends in the file, with its trailer. */
  long endOf(int block) {
    return (position(block) & OFFSET) + payloadLength(block) + TableFormat.TRAILER_BYTES;
  }

  /** Where the block behind a block ends, if a device reads both about as fast as one; else its own end. */
  long pairEnd(int block) {
    long own = endOf(block);
    long pair = block + 1 < blocks ? endOf(block + 1) : own;
    return pair - (position(block) & OFFSET) <= PAIR_BYTES_MAX ? pair : own;
  }

  /** Where the block before a block begins, if a device reads both about as fast as one; else its own start. */
  long pairStart(int block) {
    long own = position(block) & OFFSET;
    long pair = block > 0 ? position(block - 1) & OFFSET : own;
    return endOf(block) - pair <= PAIR_BYTES_MAX ? pair : own;
  }

  /** Where the last block ends in the file. */
  long end() {
    return position(blocks) & OFFSET;
  }

  /** Length of a block's payload. */
  int payloadLength(int block) {
    long position = position(block);
    long frame =
        (position(block + 1) & OFFSET) - (position & OFFSET) - (position >>> GAP_SHIFT & GAP_MASK);
    return (int) frame - TableFormat.TRAILER_BYTES;
  }

  /** Notes that the partition is in use. */
  void ask() {
    if (!asked) {
      asked = true;
    }
  }

  /** Whether it was in use since this was asked last. */
  boolean wasAsked() {
    boolean was = asked;
    asked = false;
    return was;
  }

  /** Notes that a block was checked. Racing threads write the same. */
  void markVerified(int block) {
    POSITIONS.setOpaque(positions, block, position(block) | VERIFIED);
  }

  boolean isContinuation(int block) {
    return (position(block) & CONTINUATION) != 0;
  }

  /** A copy of the separator of a block that is not the first. */
  byte[] separator(int block) {
    return separators.get(block - 1);
  }

  long heapBytes() {
    return 96 + separators.heapBytes() + 8L * positions.length + 8L * firstRevisions.length;
  }
}
