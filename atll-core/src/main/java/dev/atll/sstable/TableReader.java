package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageIoException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.base.BlockBuffer;
import dev.atll.base.EntryCursor;
import dev.atll.base.Lookup;
import dev.atll.env.FileIn;
import dev.atll.sstable.block.DataBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table file: in place where it is mapped, or block by block by way of a cache. The index of
 * a partition comes to the heap when the partition is first asked. Every block's checksum and
 * structure are verified before its first use: of a mapped file once, else when it is read.
 *
 * <p>Thread-safe and lock-free. Nobody may use it, its cursors, or values found through it once
 * {@link #close} was called: the owner sees to that. Damage throws {@code CorruptionException} with
 * the file's name and the offset.
 */
public final class TableReader implements AutoCloseable {
  /** So many bytes at the end of a file are read at once when it is opened, unless it is mapped. */
  public static final int TAIL_BYTES = 16 << 10;

  /** No block. */
  public static final long NOWHERE = -1;

  private static final VarHandle PARTITIONS =
      MethodHandles.arrayElementVarHandle(Partition[].class);

  private final TableImage file;
  private final BlockLoader blocks;
  private final @Nullable BlockCache cache;

  /** Separators of all partitions but the first. */
  private final FlatKeys separators;

  private final @Nullable Partition[] partitions;

  // Copies of filters, which outlast the indexes they came with; guarded by this.
  private @Nullable MemorySegment @Nullable [] filters;

  private final @Nullable IndexBudget indexes;

  // How often the way of reading changed; guarded by this.
  private int ways;

  // Of partitions that were asked; outlasts their indexes.
  private final AtomicReferenceArray<@Nullable BlockTraffic> traffic;

  private TableReader(
      TableImage file,
      @Nullable BlockCache cache,
      @Nullable FrameCache frames,
      @Nullable IndexBudget indexes) {
    this.file = file;
    this.indexes = indexes;
    this.blocks = new BlockLoader(file, frames);
    this.cache = cache;
    List<byte[]> keys = new ArrayList<>();
    for (int p = 1; p < file.sections.length; p++) {
      keys.add(file.sections[p].separator());
    }
    separators = new FlatKeys(keys);
    partitions = new Partition[file.sections.length];
    traffic = new AtomicReferenceArray<>(partitions.length);
  }

  /**
   * Opens a table: reads its footer, properties and directory.
   *
   * @param in the file; closed by {@link #close}, or here if this fails
   * @param fileNumber the number it was written with
   * @param name what errors call the file
   * @param cache holds decompressed blocks; without one, each use decompresses anew
   * @throws CorruptionException if the file is damaged
   * @throws UnsupportedFormatException if a newer version wrote it
   */
  public static TableReader open(
      FileIn in, long fileNumber, String name, @Nullable BlockCache cache) throws IOException {
    return open(in, fileNumber, name, cache, null, null, true);
  }

  /**
   * As {@link #open(FileIn, long, String, BlockCache)}, for either way of reading.
   *
   * @param frames holds blocks while the file is not mapped; without it, each use reads anew
   * @param indexes bounds what indexes take while the file is not mapped; null for no bound
   * @param mapped whether the file is mapped, or read block by block
   */
  public static TableReader open(
      FileIn in,
      long fileNumber,
      String name,
      @Nullable BlockCache cache,
      @Nullable FrameCache frames,
      @Nullable IndexBudget indexes,
      boolean mapped)
      throws IOException {
    try {
      return new TableReader(
          new TableImage(in, mapped, fileNumber, name), cache, frames, indexes);
    } catch (InternalError | IndexOutOfBoundsException e) {
      in.close();
      throw new CorruptionException(name, 0, "mapped file cannot be read", e);
    } catch (Throwable e) {
      in.close();
      throw e;
    }
  }

  /**
   * Names who is told of blocks that were read wrong from the device, and right when they were read
   * again. Before the first read; without, nobody is.
   */
  public void onReadWrong(Consumer<CorruptionException> listener) {
    blocks.onReadWrong(listener);
  }

  /** Closes the file; its memory is gone. */
  @Override
  public void close() {
    forgetIndexes();
    file.close();
  }

  private void forgetIndexes() {
    IndexBudget budget = indexes;
    if (budget != null) {
      budget.forget(this);
    }
  }

  /** Lets an index go, which is read again when it is next asked. */
  void drop(int p, Partition partition) {
    PARTITIONS.compareAndSet(partitions, p, partition, (Partition) null);
  }

  /**
   * Has the table read in place from now on, or block by block. Reads under way end as they began.
   *
   * @throws IOException if the file cannot be mapped; then all stays as it was
   */
  public synchronized void mapped(boolean mapped, @Nullable FrameCache frames) throws IOException {
    // First: a table that was opened while all were mapped has none yet.
    blocks.frames(frames);
    ways++;
    file.mapped(mapped);
    forgetIndexes();
    // Anew as they are asked: their filters are where the file was read before.
    for (int p = 0; p < partitions.length; p++) {
      PARTITIONS.setRelease(partitions, p, (Partition) null);
    }
  }

  /** Whether the table is read in place. */
  public boolean isMapped() {
    return file.mapping() != null;
  }

  /** How long reads of its blocks took of late, in nanoseconds; 0 if that is not known. */
  public long blockReadNanos() {
    return file.blockReadNanos();
  }

  /** What the table holds. */
  public TableInfo info() {
    return file.info;
  }

  /** Name of the file, as given. */
  public String name() {
    return file.name;
  }

  /** Bytes of heap taken by the indexes read so far. */
  public long indexHeapBytes() {
    long bytes = separators.heapBytes() + 8L * partitions.length;
    for (int p = 0; p < partitions.length; p++) {
      Partition partition = (Partition) PARTITIONS.getAcquire(partitions, p);
      bytes += partition == null ? 0 : partition.heapBytes();
    }
    return bytes;
  }

  /**
   * The partitions a view of the table can touch.
   *
   * @param low first key of the view
   * @param high first key behind it; null for none
   */
  public PartitionRange rangeOf(byte[] low, byte @Nullable [] high) {
    int from = partitionOf(low, 0, low.length);
    int to =
        high == null
            ? partitions.length
            : Math.min(
                partitions.length,
                1 + separators.countBelow(high, 0, high.length, 0, separators.size()));
    return new PartitionRange(Math.min(from, to), to);
  }

  /** Looks a key up; leaves the answer alone if there is no entry at or below the revision. */
  public void get(Lookup lookup) {
    get(lookup, 0, partitions.length, true);
  }

  /** As {@link #get(Lookup)}, for a key that the view of this range contains. */
  public void get(Lookup lookup, PartitionRange range) {
    get(lookup, range.from(), range.to(), true);
  }

  /** As {@link #get(Lookup, PartitionRange)}, without asking the filter (again). */
  public void getUnfiltered(Lookup lookup, PartitionRange range) {
    get(lookup, range.from(), range.to(), false);
  }

  /** Whether the filter admits the key: false means that the table certainly lacks it. */
  public boolean mayContain(Lookup lookup) {
    return mayContain(lookup, 0, partitions.length);
  }

  /** As {@link #mayContain(Lookup)}, for a key that the view of this range contains. */
  public boolean mayContain(Lookup lookup, PartitionRange range) {
    return mayContain(lookup, range.from(), range.to());
  }

  private boolean mayContain(Lookup lookup, int from, int to) {
    if (from >= to) {
      return false;
    }
    int p = separators.countUpTo(lookup.key, lookup.keyOffset, lookup.keyLength, from, to - 1);
    try {
      Partition partition = partition(p);
      return !partition.filter.exists() || probe(partition, lookup);
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(p, e);
    }
  }

  /**
   * Begins to read the block that a look-up of the key would read, unless its filter denies the key.
   *
   * @param range the partitions of a view that contains the key
   * @param last what the last call gave, whichever table it asked: that block is on its way
   * @return what tells the block from others, nearly for certain; {@link #NOWHERE} for none
   */
  public long prefetch(Lookup lookup, PartitionRange range, long last) {
    if (!mayContain(lookup, range.from(), range.to())) {
      return NOWHERE;
    }
    int p =
        separators.countUpTo(
            lookup.key, lookup.keyOffset, lookup.keyLength, range.from(), range.to() - 1);
    Partition partition = partition(p);
    int b =
        partition.blockOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.revision);
    long offset = partition.position(b) & Partition.OFFSET;
    long place = (file.fileNumber << 40 ^ offset) & Long.MAX_VALUE;
    if (place != last && !isMapped()) {
      blocks.prefetch(offset, partition.endOf(b));
    }
    return place;
  }

  private boolean probe(Partition partition, Lookup lookup) {
    lookup.filterProbes++;
    return partition.filter.mayContain(partition.filterMemory, lookup.hash);
  }

  private void get(Lookup lookup, int from, int to, boolean filtered) {
    if (from >= to) {
      return;
    }
    int p = separators.countUpTo(lookup.key, lookup.keyOffset, lookup.keyLength, from, to - 1);
    try {
      Partition partition = partition(p);
      if (!filtered || !partition.filter.exists()) {
        find(partition, lookup);
        return;
      }
      if (!probe(partition, lookup)) {
        lookup.expectedFalsePositives += partition.falsePositiveRate;
        lookup.filterDenials++;
        return;
      }
      find(partition, lookup);
      if (lookup.answer == Lookup.Answer.UNKNOWN) {
        lookup.expectedFalsePositives += partition.falsePositiveRate;
        lookup.falsePositives++;
      }
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(p, e);
    }
  }

  private void find(Partition partition, Lookup lookup) {
    int b =
        partition.blockOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.revision);
    while (true) {
      lookup.blockReads++;
      // Of one kind for all tables of a store, or nearly: the branch is predicted.
      MemorySegment block = file.mapping();
      long base = 0;
      int length;
      if (block == null) {
        BlockBuffer buffer = lookup.block();
        blocks.load(partition, b, buffer);
        block = buffer.segment;
        length = buffer.length;
      } else {
        long position = verifiedPosition(block, partition, b);
        if ((position & Partition.COMPRESSED) == 0) {
          base = position & Partition.OFFSET;
          length = partition.payloadLength(b);
        } else {
          block = inflated(block, partition, b, true);
          length = (int) block.byteSize() - DataBlock.SLACK;
        }
      }
      if (!DataBlock.get(block, base, length, lookup)) {
        return;
      }
      // Behind the last entry: an older revision of the key may begin the next block.
      if (++b == partition.blocks || !partition.isContinuation(b)) {
        return;
      }
    }
  }

  /**
   * A cursor over the entries with {@code low <= key < high}. Its seeks allocate nothing. Blocks it
   * has to decompress go through the cache.
   *
   * @param high null for no upper bound
   */
  public EntryCursor cursor(byte[] low, byte @Nullable [] high) {
    return new TableCursor(this, low, high, ReadPurpose.ANSWER);
  }

  /**
   * As {@link #cursor}, but of each key it shows only the newest entry at or below a revision, and
   * passes all others without stepping over them.
   */
  public EntryCursor view(byte[] low, byte @Nullable [] high, long revision) {
    return new TableView(this, low, high, revision);
  }

  /**
   * As {@link #cursor}, but leaves the cache as it is and checks every block anew: for reading
   * everything once, to write it anew and delete the file.
   */
  public EntryCursor scan(byte[] low, byte @Nullable [] high) {
    return new TableCursor(this, low, high, ReadPurpose.ONCE);
  }

  /** About how many bytes of the file belong to the range; additive over adjacent ranges. */
  public long approximateBytes(byte[] low, byte @Nullable [] high) {
    return new TableEstimates(this).bytes(low, high);
  }

  /** About how many entries the range has; additive up to rounding. */
  public long approximateEntries(byte[] low, byte @Nullable [] high) {
    return new TableEstimates(this).entries(low, high, false);
  }

  /** About how many deletions the range has; additive up to rounding. */
  public long approximateTombstones(byte[] low, byte @Nullable [] high) {
    return new TableEstimates(this).entries(low, high, true);
  }

  /**
   * Keys inside the range that cut it into pieces of about equal size, for choosing guards:
   * ascending, distinct, greater than low and less than high.
   *
   * @param count how many at most; fewer if the range has fewer blocks
   */
  public List<byte[]> sampleKeys(byte[] low, byte @Nullable [] high, int count) {
    return new TableEstimates(this).sampleKeys(low, high, count);
  }

  /**
   * Reads everything and checks all that can be checked: checksums, order, structure, filters,
   * counts and digest.
   *
   * @throws CorruptionException at the first thing that is wrong
   */
  public void verify() {
    new TableVerifier(this, ReadPurpose.ONCE).run();
  }

  /** As {@link #verify}, for a table that was just written. */
  void verifyWritten() {
    new TableVerifier(this, ReadPurpose.WRITTEN).run();
  }

  TableImage file() {
    return file;
  }

  int partitionCount() {
    return partitions.length;
  }

  int partitionOf(byte[] key, int offset, int length) {
    return separators.countUpTo(key, offset, length, 0, separators.size());
  }

  Partition partition(int p) {
    Partition partition = (Partition) PARTITIONS.getAcquire(partitions, p);
    if (partition == null) {
      return newPartition(p);
    }
    partition.ask();
    return partition;
  }

  /**
   * One thread at a time: what others would read as well is a read of the disk. But of each partition,
   * since a device that stalls there shall hold up nobody who needs another.
   */
  private Partition newPartition(int p) {
    synchronized (file.sections[p]) {
      while (true) {
        Partition partition = (Partition) PARTITIONS.getAcquire(partitions, p);
        if (partition != null) {
          return partition;
        }
        MemorySegment known;
        int way;
        synchronized (this) {
          @Nullable MemorySegment @Nullable [] copies = filters;
          known = copies == null || file.mapping() != null ? null : copies[p];
          way = ways;
        }
        partition = readPartition(p, known);
        if (kept(p, partition, way)) {
          return partition;
        }
      }
    }
  }

  /** Once more if it is wrong, past the system's pages, as every block. */
  private Partition readPartition(int p, @Nullable MemorySegment known) {
    TableImage.Sections sections = file.sections[p];
    try {
      return new Partition(file, sections, true, known, trafficFor(p), false);
    } catch (CorruptionException e) {
      if (file.mapping() != null) {
        throw e;
      }
      Partition again;
      try {
        again = new Partition(file, sections, true, known, trafficFor(p), true);
      } catch (CorruptionException | StorageIoException second) {
        throw e;
      }
      blocks.tellReadWrong(e);
      return again;
    }
  }

  /** Keeps a partition for others, unless the table is read in another way by now. */
  private synchronized boolean kept(int p, Partition partition, int way) {
    if (way != ways) {
      return false;
    }
    if (file.mapping() == null) {
      @Nullable MemorySegment @Nullable [] copies = filters;
      if (copies == null) {
        copies = new MemorySegment[partitions.length];
        filters = copies;
      }
      copies[p] = partition.filterMemory;
    }
    PARTITIONS.setRelease(partitions, p, partition);
    IndexBudget budget = indexes;
    if (budget != null && file.mapping() == null) {
      budget.added(this, p, partition);
    }
    return true;
  }

  /** For one thread at a time. */
  private BlockTraffic trafficFor(int p) {
    BlockTraffic known = traffic.get(p);
    if (known == null) {
      known = new BlockTraffic();
      traffic.set(p, known);
    }
    return known;
  }

  /** What was asked of caches for a partition, counted from 0; null before its first read. */
  public @Nullable BlockTraffic traffic(int p) {
    return traffic.get(p);
  }

  /** Number of the partition, counted from 0, whose blocks are around an offset of the file. */
  public int partitionAt(long offset) {
    int low = 0;
    int high = file.sections.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (file.sections[middle].dataOffset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Brings a block into the cache of blocks that are not mapped, as one that was asked for often.
   *
   * @param offset where it begins in the file; from a list that may be wrong
   * @return whether there is such a block and the table is not read in place
   */
  public boolean warm(long offset) {
    if (partitions.length == 0 || isMapped()) {
      return false;
    }
    int p = partitionAt(offset);
    try {
      Partition partition = partition(p);
      int b = partition.blockAt(offset);
      if (b >= 0) {
        blocks.warm(partition, b);
      }
      return b >= 0;
    } catch (InternalError | IndexOutOfBoundsException e) {
      throw unreadable(p, e);
    }
  }

  BlockLoader blocks() {
    return blocks;
  }

  CorruptionException unreadable(int p, Throwable cause) {
    return file.unreadable(file.sections[p].dataOffset(), cause);
  }

  /** The position of a block of the mapped file that was verified, now or before. */
  long verifiedPosition(MemorySegment mapped, Partition partition, int b) {
    long position = partition.position(b);
    if (position >= 0 && (position & Partition.COMPRESSED) == 0) {
      verifyBlock(mapped, partition, b);
    }
    return position;
  }

  /** Checks a block that is stored as it is in the mapped file. */
  void verifyBlock(MemorySegment mapped, Partition partition, int b) {
    long offset = partition.position(b) & Partition.OFFSET;
    blocks.check(mapped, offset, offset, partition.payloadLength(b));
    partition.markVerified(b);
  }

  /** A compressed block, decompressed and checked, with {@link DataBlock#SLACK} behind it. */
  MemorySegment inflated(MemorySegment mapped, Partition partition, int b, boolean keep) {
    long offset = partition.position(b) & Partition.OFFSET;
    BlockCache inflatedBlocks = cache;
    // A scan that leaves the cache alone does not trust it either: what it reads is written anew.
    if (inflatedBlocks != null && keep) {
      MemorySegment cached = inflatedBlocks.get(file.fileNumber, offset);
      partition.traffic.count(cached != null);
      if (cached != null) {
        return cached;
      }
    }
    BlockBuffer buffer = new BlockBuffer();
    blocks.inflate(mapped, offset, offset, partition.payloadLength(b), buffer);
    MemorySegment block = buffer.segment.asSlice(0, buffer.length + DataBlock.SLACK);
    if (inflatedBlocks != null && keep) {
      inflatedBlocks.put(file.fileNumber, offset, block);
    }
    return block;
  }
}
