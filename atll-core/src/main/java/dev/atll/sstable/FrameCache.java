package dev.atll.sstable;

import dev.atll.base.BlockBuffer;
import dev.atll.sstable.block.DataBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Verified blocks of tables that are not mapped, decompressed, in frames of one size outside the heap.
 * Keys are file number and offset; a block larger than a frame takes several.
 *
 * <p>Sets of sixteen frames. A hit takes no lock: it copies the frame out and looks afterwards
 * whether the frame's number of writes is still what it was. A miss that wants its block kept locks
 * the set. Which block goes is a matter of frequency: each set keeps small counters of how often keys
 * were asked for of late, of those outside as well, and a newcomer replaces the block asked for least
 * unless it was itself asked for less (TinyLFU, G. Einziger et al. 2017). So a block read once does not
 * take the place of one that is read often. Thread-safe.
 */
public final class FrameCache implements AutoCloseable {
  /** Frames of a set. */
  public static final int WAYS = 16;

  /** Blocks of more frames are not kept. */
  static final int CHUNKS_MAX = 64;

  private static final int SLAB_BYTES = 4 << 20;
  private static final int FRAME_BYTES_MIN = 1 << 10;
  private static final int FRAME_BYTES_MAX = 64 << 10;

  // A set's record, in words of eight bytes.
  static final int SET_WORDS = 64;
  private static final int FILES = 0;
  private static final int PLACES = WAYS;
  private static final int VERSIONS = 2 * WAYS;
  static final int COUNTERS = 3 * WAYS;
  private static final int COUNTER_WORDS = 8;
  static final int ASKED = COUNTERS + COUNTER_WORDS;
  private static final int LOCK = ASKED + 1;
  private static final int HAND = LOCK + 1;

  /** A counter ends here. */
  public static final int COUNTER_MAX = 15;

  /** How much more often than the block in a frame a newcomer must have been asked for, to get it. */
  public static final int ASKED_MORE = 2;

  /** How often a block that comes by {@link #warm} counts as asked for. */
  private static final int ASKED_WARM = 3;

  /** After so many counts a set halves its counters: what was hot long ago shall not stay for ever. */
  public static final int COUNTS_PER_AGE = 10 * WAYS;
  private static final long HALVES = 0x7777_7777_7777_7777L;
  private static final int CHUNK_BITS = 8;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final VarHandle WORD = LONG.varHandle();

  private final int frameBytes;
  private final long sets;
  private final int framesPerSlab;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment records;
  // Slabs come as frames are first used; guarded by this for writing.
  private final @Nullable MemorySegment[] slabs;
  private volatile long slabBytes;
  private volatile boolean full;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder insertions = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder rejections = new LongAdder();

  /**
   * Creates an empty cache.
   *
   * @param bytesMax memory it may take in all; at least one set of frames is made
   * @param blockBytes the usual size of a block: a frame is the power of two from 1 to 64 KiB above it
   */
  public FrameCache(long bytesMax, int blockBytes) {
    int wanted = Integer.highestOneBit(Math.max(1, blockBytes - 1)) << 1;
    frameBytes = Math.clamp(wanted, FRAME_BYTES_MIN, FRAME_BYTES_MAX);
    long setBytes = (long) WAYS * frameBytes + SET_WORDS * Long.BYTES;
    sets = Math.max(1, bytesMax / setBytes);
    framesPerSlab = SLAB_BYTES / frameBytes;
    records = arena.allocate(sets * SET_WORDS * Long.BYTES, 64);
    slabs = new MemorySegment[Math.toIntExact((sets * WAYS + framesPerSlab - 1) / framesPerSlab)];
  }

  /** Size of a frame, in bytes. */
  public int frameBytes() {
    return frameBytes;
  }

  /** Copies a block, if all of it is here, and counts that it was asked for. */
  boolean read(long file, long offset, BlockBuffer into) {
    int length = readChunk(file, offset, 0, into, 0);
    for (int done = frameBytes, chunk = 1; done < length; done += frameBytes, chunk++) {
      if (readChunk(file, offset, chunk, into, done) != length) {
        length = -1;
      }
    }
    if (length < 0) {
      misses.increment();
      return false;
    }
    into.length = length;
    hits.increment();
    return true;
  }

  /** Whether the first frame of a block is here; not counted. */
  boolean holds(long file, long offset) {
    long place = place(offset, 0);
    long set = Math.unsignedMultiplyHigh(hash(file, place), sets);
    for (int way = 0; way < WAYS; way++) {
      if (word(set, PLACES + way) == place && word(set, FILES + way) == file) {
        return true;
      }
    }
    return false;
  }

  /** Copies a frame to an index of the buffer; returns the block's length, -1 if it is not here. */
  private int readChunk(long file, long offset, int chunk, BlockBuffer into, int at) {
    long place = place(offset, chunk);
    long hash = hash(file, place);
    long set = Math.unsignedMultiplyHigh(hash, sets);
    count(set, hash);
    for (int way = 0; way < WAYS; way++) {
      if (word(set, PLACES + way) != place || word(set, FILES + way) != file) {
        continue;
      }
      long version = (long) WORD.getAcquire(records, at(set, VERSIONS + way));
      if (isBeingWritten(version)
          || word(set, PLACES + way) != place
          || word(set, FILES + way) != file) {
        continue;
      }
      int length = (int) version;
      MemorySegment slab = slabs[slabOf(set, way)];
      if (slab == null) {
        return -1;
      }
      if (chunk == 0) {
        into.ensure(length + DataBlock.SLACK);
      } else if (length > into.bytes.length - DataBlock.SLACK || length <= at) {
        return -1; // of another block, whose frame it was when the version was read
      }
      int bytes = Math.min(frameBytes, length - at);
      MemorySegment.copy(slab, BYTE, frameStart(set, way), into.bytes, at, bytes);
      // What was copied counts only if nobody wrote to the frame meanwhile.
      VarHandle.acquireFence();
      return (long) WORD.getOpaque(records, at(set, VERSIONS + way)) == version ? length : -1;
    }
    return -1;
  }

  /** Keeps a verified block, if it is worth the place of others. */
  void insert(long file, long offset, BlockBuffer block) {
    int chunks = (block.length + frameBytes - 1) / frameBytes;
    if (file == 0 || chunks > CHUNKS_MAX || chunks > sets) {
      return;
    }
    long first = hash(file, place(offset, 0));
    int asked = frequency(Math.unsignedMultiplyHigh(first, sets), first);
    for (int chunk = 0; chunk < chunks; chunk++) {
      insertChunk(file, offset, chunk, block, asked);
    }
  }

  /** As {@link #insert}, for a block that was often asked for before this cache was made. */
  void warm(long file, long offset, BlockBuffer block) {
    long hash = hash(file, place(offset, 0));
    // More often than what is read once more; equally often, so that none of them replaces another.
    for (int i = 0; i < ASKED_WARM; i++) {
      count(Math.unsignedMultiplyHigh(hash, sets), hash);
    }
    insert(file, offset, block);
  }

  private void insertChunk(long file, long offset, int chunk, BlockBuffer block, int asked) {
    long place = place(offset, chunk);
    long hash = hash(file, place);
    long set = Math.unsignedMultiplyHigh(hash, sets);
    if (chunk > 0) {
      count(set, hash); // the block was asked for, though nobody came as far as this part
    }
    if (!WORD.compareAndSet(records, at(set, LOCK), 0L, 1L)) {
      return; // somebody is at it: a block more or less in the cache is not worth the wait
    }
    try {
      int way = wayFor(set, file, place, asked);
      if (way >= 0) {
        write(set, way, file, place, block, chunk * frameBytes);
      }
    } finally {
      WORD.setRelease(records, at(set, LOCK), 0L);
    }
  }

  /** The frame of a set for a new block; -1 if it is there, or worth less than all that are. */
  private int wayFor(long set, long file, long place, int asked) {
    int hand = (int) word(set, HAND);
    int victim = -1;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < WAYS; i++) {
      int way = (hand + i) & (WAYS - 1);
      long theirPlace = word(set, PLACES + way);
      long theirFile = word(set, FILES + way);
      if (theirPlace == place && theirFile == file) {
        return -1;
      }
      // No file has number 0, so that fresh memory is free frames.
      int worth = theirFile == 0 ? -1 : frequency(set, hash(theirFile, theirPlace));
      if (worth < least) {
        least = worth;
        victim = way;
      }
    }
    // A free frame is for anybody: its memory is taken with the first of its slab, used or not.
    if (least >= 0 && asked < least + ASKED_MORE) {
      rejections.increment();
      return -1;
    }
    if (least >= 0) {
      evictions.increment();
    }
    // The hand goes on, so that of equals the one that has been here longest goes.
    setWord(set, HAND, (victim + 1) & (WAYS - 1));
    return victim;
  }

  private void write(long set, int way, long file, long place, BlockBuffer block, int from) {
    MemorySegment slab = slab(slabOf(set, way));
    if (slab == null) {
      return;
    }
    long version = word(set, VERSIONS + way);
    long writes = (version >>> Integer.SIZE) + 1;
    WORD.setOpaque(records, at(set, VERSIONS + way), writes << Integer.SIZE);
    VarHandle.releaseFence();
    setWord(set, FILES + way, file);
    setWord(set, PLACES + way, place);
    int bytes = Math.min(frameBytes, block.length - from);
    MemorySegment.copy(block.bytes, from, slab, BYTE, frameStart(set, way), bytes);
    WORD.setRelease(
        records, at(set, VERSIONS + way), (writes + 1) << Integer.SIZE | block.length);
    insertions.increment();
  }

  /** Is shown the frames that hold something. */
  @FunctionalInterface
  public interface Census {
    /**
     * A frame.
     *
     * @param file number of the file
     * @param offset where the block begins in the file
     * @param chunk which part of the block it is, from 0
     * @param asked how often the part was asked for of late, 0 to 15
     */
    void frame(long file, long offset, int chunk, int asked);
  }

  /**
   * Shows all frames that hold something, without order; those that change meanwhile may be left
   * out. Looks at every set: for background threads.
   */
  public void census(Census census) {
    for (long set = 0; set < sets; set++) {
      for (int way = 0; way < WAYS; way++) {
        long version = (long) WORD.getAcquire(records, at(set, VERSIONS + way));
        long file = word(set, FILES + way);
        long place = word(set, PLACES + way);
        VarHandle.acquireFence();
        if (file != 0
            && !isBeingWritten(version)
            && (long) WORD.getOpaque(records, at(set, VERSIONS + way)) == version) {
          census.frame(
              file,
              place >>> CHUNK_BITS,
              (int) place & (1 << CHUNK_BITS) - 1,
              frequency(set, hash(file, place)));
        }
      }
    }
  }

  /** Number of frames there are. */
  public long frameCount() {
    return sets * WAYS;
  }

  private static boolean isBeingWritten(long version) {
    return (version >>> Integer.SIZE & 1) != 0;
  }

  private @Nullable MemorySegment slab(int index) {
    MemorySegment slab = slabs[index];
    return slab != null || full ? slab : newSlab(index);
  }

  private synchronized @Nullable MemorySegment newSlab(int index) {
    MemorySegment slab = slabs[index];
    if (slab == null && !full) {
      try {
        long left = sets * WAYS - (long) index * framesPerSlab;
        long bytes = Math.min(left, framesPerSlab) * frameBytes;
        slab = arena.allocate(bytes, 64);
        // Its readers find it through a version written after this with release.
        slabs[index] = slab;
        slabBytes += bytes;
      } catch (OutOfMemoryError e) {
        // A cache may be smaller than it was to be.
        full = true;
      }
    }
    return slab;
  }

  /** Notes that a key was asked for: the smaller of its two counters goes up by one. */
  private void count(long set, long hash) {
    int one = counter(set, hash);
    int other = counter(set, hash >>> 7);
    int least = Math.min(one, other);
    if (least == COUNTER_MAX) {
      return;
    }
    // Without order: threads that do this at once lose a count.
    if (one == least) {
      raise(set, hash);
    }
    if (other == least && (hash & 127) != (hash >>> 7 & 127)) {
      raise(set, hash >>> 7);
    }
    long asked = word(set, ASKED) + 1;
    if (asked >= COUNTS_PER_AGE) {
      for (int i = 0; i < COUNTER_WORDS; i++) {
        setWord(set, COUNTERS + i, word(set, COUNTERS + i) >>> 1 & HALVES);
      }
      asked = COUNTS_PER_AGE / 2;
    }
    setWord(set, ASKED, asked);
  }

  private int frequency(long set, long hash) {
    return Math.min(counter(set, hash), counter(set, hash >>> 7));
  }

  private int counter(long set, long bits) {
    return (int) (word(set, COUNTERS + (int) (bits >>> 4 & 7)) >>> ((bits & 15) << 2)) & COUNTER_MAX;
  }

  private void raise(long set, long bits) {
    int index = COUNTERS + (int) (bits >>> 4 & 7);
    setWord(set, index, word(set, index) + (1L << ((bits & 15) << 2)));
  }

  private long word(long set, int index) {
    return (long) WORD.getOpaque(records, at(set, index));
  }

  private void setWord(long set, int index, long value) {
    WORD.setOpaque(records, at(set, index), value);
  }

  private static long at(long set, int index) {
    return (set * SET_WORDS + index) * Long.BYTES;
  }

  private int slabOf(long set, int way) {
    return (int) ((set * WAYS + way) / framesPerSlab);
  }

  private long frameStart(long set, int way) {
    return (set * WAYS + way) % framesPerSlab * frameBytes;
  }

  private static long place(long offset, int chunk) {
    return offset << CHUNK_BITS | chunk;
  }

  private static long hash(long file, long place) {
    long h = (file * 0x9E3779B97F4A7C15L ^ place) * 0xE7037ED1A0B428DBL;
    h ^= h >>> 32;
    h *= 0x9E3779B97F4A7C15L;
    return h ^ h >>> 29;
  }

  /** Memory it may take for frames, in bytes. */
  public long bytesMax() {
    return sets * WAYS * frameBytes;
  }

  /** Memory it takes for frames now, in bytes. */
  public long bytes() {
    return slabBytes;
  }

  /** How often a block was here. */
  public long hits() {
    return hits.sum();
  }

  /** How often a block had to be read. */
  public long misses() {
    return misses.sum();
  }

  /** Frames that had to make room for others. */
  public long evictions() {
    return evictions.sum();
  }

  /** Blocks that were not kept because all in their set were asked for more often. */
  public long rejections() {
    return rejections.sum();
  }

  /** Gives the memory back; whoever reads later gets an exception. */
  @Override
  public void close() {
    arena.close();
  }
}
