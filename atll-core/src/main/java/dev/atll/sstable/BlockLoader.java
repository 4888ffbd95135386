package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageIoException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.base.BlockBuffer;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.block.DataBlock;
import dev.atll.sstable.codec.Codec;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings blocks of one table to the heap, out of a cache or from the file, where each is checked
 * before anybody sees it: checksum, codec, structure. Thread-safe.
 */
final class BlockLoader {
  private final TableImage file;
  // Set when the file is no longer mapped. A reader that does not see it yet reads without a cache.
  private @Nullable FrameCache frames;

  // Set before the table is given to anybody.
  private Consumer<CorruptionException> readWrong = damage -> {};

  BlockLoader(TableImage file, @Nullable FrameCache frames) {
    this.file = file;
    this.frames = frames;
  }

  /** Names who is told of blocks that were read wrong and then right. */
  void onReadWrong(Consumer<CorruptionException> listener) {
    readWrong = listener;
  }

  /** Names the cache to use from now on. */
  void frames(@Nullable FrameCache cache) {
    frames = cache;
  }

  /** Brings a block by way of the cache; one that had to be read may stay there. */
  void load(Partition partition, int b, BlockBuffer into) {
    if (!cached(partition, b, into)) {
      read(partition, b, into);
      keep(partition, b, into);
    }
  }

  /** Begins to read what a seek to a block reads, unless the cache has the block. */
  void prefetch(Partition partition, int b) {
    prefetch(partition.position(b) & Partition.OFFSET, partition.pairEnd(b));
  }

  /** Begins to read the file from the start of a block to an offset, unless the cache has the block. */
  void prefetch(long offset, long end) {
    FrameCache cache = frames;
    if (cache == null || !cache.holds(file.fileNumber, offset)) {
      file.prefetch(offset, (int) (end - offset));
    }
  }

  /** Brings a block into the cache, if there is one, for those who will ask for it. */
  void warm(Partition partition, int b) {
    long offset = partition.position(b) & Partition.OFFSET;
    FrameCache cache = frames;
    if (cache != null && !cache.holds(file.fileNumber, offset)) {
      BlockBuffer block = new BlockBuffer();
      read(partition, b, block);
      cache.warm(file.fileNumber, offset, block);
    }
  }

  /** Brings a block if the cache has it. */
  boolean cached(Partition partition, int b, BlockBuffer into) {
    FrameCache cache = frames;
    if (cache == null) {
      return false;
    }
    boolean found =
        cache.read(file.fileNumber, partition.position(b) & Partition.OFFSET, into);
    partition.traffic.count(found);
    return found;
  }

  /** Offers a block that was read to the cache. */
  void keep(Partition partition, int b, BlockBuffer block) {
    FrameCache cache = frames;
    if (cache != null) {
      cache.insert(file.fileNumber, partition.position(b) & Partition.OFFSET, block);
    }
  }

  /** Brings a block from the file. */
  void read(Partition partition, int b, BlockBuffer into) {
    try {
      read(partition, b, into, false);
    } catch (CorruptionException e) {
      readAgain(partition, b, into, e);
    }
  }

  /**
   * Brings a block that was read and is not what was written, by one more read past the system's pages:
   * what is wrong may be the copy there, or have come about on the way.
   *
   * @param first what was found; thrown if it is no better now, else told
   */
  void readAgain(Partition partition, int b, BlockBuffer into, CorruptionException first) {
    try {
      read(partition, b, into, true);
    } catch (CorruptionException | StorageIoException e) {
      throw first;
    }
    tellReadWrong(first);
  }

  /** Tells of something that was read wrong, and right when it was read again. */
  void tellReadWrong(CorruptionException first) {
    readWrong.accept(
        new CorruptionException(
            first.file(),
            first.offset(),
            "read wrong, and right when it was read again: " + first.getMessage(),
            first));
  }

  private void read(Partition partition, int b, BlockBuffer into, boolean pastPages) {
    long position = partition.position(b);
    int length = partition.payloadLength(b);
    int frame = length + TableFormat.TRAILER_BYTES;
    if ((position & Partition.COMPRESSED) == 0) {
      into.ensure(frame + DataBlock.SLACK);
      file.read(position & Partition.OFFSET, into.bytes, frame, pastPages);
      check(into.segment, 0, position & Partition.OFFSET, length);
      into.length = length;
    } else {
      byte[] bytes = new byte[frame];
      file.read(position & Partition.OFFSET, bytes, frame, pastPages);
      decode(partition, b, MemorySegment.ofArray(bytes), 0, into);
    }
  }

  /** Brings a block out of memory that holds its frame at an index. */
  void decode(Partition partition, int b, MemorySegment memory, long at, BlockBuffer into) {
    long position = partition.position(b);
    long offset = position & Partition.OFFSET;
    int length = partition.payloadLength(b);
    if ((position & Partition.COMPRESSED) != 0) {
      inflate(memory, at, offset, length, into);
      return;
    }
    into.ensure(length + DataBlock.SLACK);
    checkFrame(memory, at, offset, length);
    MemorySegment.copy(memory, Bytes.BYTE, at, into.bytes, 0, length);
    checkStructure(into.segment, 0, length, offset);
    into.length = length;
  }

  /** Checks a block that is stored as it is, where it lies. */
  void check(MemorySegment memory, long at, long offset, int length) {
    checkFrame(memory, at, offset, length);
    checkStructure(memory, at, length, offset);
  }

  private void checkFrame(MemorySegment memory, long at, long offset, int length) {
    if (!file.frameHolds(memory, at, offset, length)) {
      throw file.damaged(offset, "block checksum");
    }
    if ((memory.get(Bytes.BYTE, at + length) & 0xFF) != Codec.NONE.number()) {
      throw file.damaged(offset, "block codec");
    }
  }

  private void checkStructure(MemorySegment block, long base, int length, long offset) {
    String damage = DataBlock.damage(block, base, length);
    if (damage != null) {
      throw file.damaged(offset, damage);
    }
  }

  /** Decompresses and checks a block, with {@link DataBlock#SLACK} behind it. */
  void inflate(MemorySegment memory, long at, long offset, int length, BlockBuffer into) {
    if (!file.frameHolds(memory, at, offset, length)) {
      throw file.damaged(offset, "block checksum");
    }
    int number = memory.get(Bytes.BYTE, at + length) & 0xFF;
    Codec codec = Codec.ofNumber(number);
    if (codec == null) {
      throw new UnsupportedFormatException(
          String.format(
              Locale.ROOT, "table %s: block at %d has codec %d", file.name, offset, number));
    }
    int packed = length - TableFormat.RAW_LENGTH_BYTES;
    int rawLength = packed < 0 ? -1 : memory.get(Bytes.INT, at);
    if (codec == Codec.NONE
        || rawLength < 0
        || rawLength > TableFormat.COMPRESSED_BLOCK_BYTES_MAX
        || !codec.canExpandTo(packed, rawLength)) {
      throw file.damaged(offset, "compressed block");
    }
    // Onto the heap first: inflating mapped bytes of a truncated file kills the JVM.
    byte[] source = new byte[packed];
    MemorySegment.copy(
        memory, Bytes.BYTE, at + TableFormat.RAW_LENGTH_BYTES, source, 0, packed);
    into.ensure(rawLength + DataBlock.SLACK);
    if (!codec.decompress(source, 0, packed, into.bytes, 0, rawLength)) {
      throw file.damaged(offset, "compressed block");
    }
    checkStructure(into.segment, 0, rawLength, offset);
    into.length = rawLength;
  }
}
