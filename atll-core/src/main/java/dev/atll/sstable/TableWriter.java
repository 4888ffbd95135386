package dev.atll.sstable;

import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import dev.atll.env.FileOut;
import dev.atll.sstable.block.BlockBuilder;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.block.DataBlock;
import dev.atll.sstable.codec.BlockCompressor;
import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterPlan;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Writes one table file from entries in cursor order (key ascending, revision descending). It forces
 * what is more than a burst; the caller forces the rest, before it refers to the file. Nothing is allocated per entry. After an
 * exception the file is useless and the writer must not be used again. Not thread-safe.
 */
final class TableWriter {
  private final long fileNumber;
  private final TableOptions options;
  private final byte[][] cuts;
  private final TableOutput out;
  private final TableFormat.Checksum checksum = new TableFormat.Checksum();
  private final FilterPlan filters;
  private final BlockBuilder block = new BlockBuilder();
  private final PartitionBuilder partition = new PartitionBuilder();
  private final boolean paged;
  private long blockLimit;
  private final Growing directory = new Growing();
  private final List<TableInfo.PartitionInfo> partitions = new ArrayList<>();

  private byte[] lastKey = new byte[256];
  private int lastKeyLength;
  private long lastRevision;
  private byte[] smallestKey = Keys.EMPTY;
  private int nextCut;
  private final BlockCompressor compressor;
  private byte[] compressed = Keys.EMPTY;

  private long entries;
  private long tombstones;
  private long minRevision = Long.MAX_VALUE;
  private long maxRevision;
  private long keyBytes;
  private long valueBytes;
  private long digest;
  private long keys;
  private long filterBytes;
  private double falsePositives;
  private int features;

  private byte[] partitionFirstKey = Keys.EMPTY;
  private int partitionSeparatorLength;
  private long partitionOffset;
  private long partitionEntries;
  private long partitionTombstones;
  private boolean finished;

  /**
   * Begins a table.
   *
   * @param out an empty file; stays the caller's to sync and close
   * @param fileNumber number that seeds the checksums; the same must be given to the reader
   * @param cuts guards, ascending and distinct, at which blocks and partitions end; not copied
   */
  public TableWriter(FileOut out, long fileNumber, TableOptions options, byte[][] cuts) {
    this(out, fileNumber, options, cuts, FilterPlan.uniform(options.filter()), () -> false);
  }

  /**
   * As {@link #TableWriter(FileOut, long, TableOptions, byte[][])}, with filters by plan.
   *
   * @param filters which filter each partition gets, whatever the options say
   * @param readersWait whether others wait for the device, so that it is written to in small pieces
   */
  public TableWriter(
      FileOut out,
      long fileNumber,
      TableOptions options,
      byte[][] cuts,
      FilterPlan filters,
      BooleanSupplier readersWait) {
    this.fileNumber = fileNumber;
    this.options = options;
    this.cuts = cuts;
    this.out = new TableOutput(out, fileNumber, readersWait);
    this.filters = filters;
    this.compressor = new BlockCompressor(options.codec());
    // How long a compressed block becomes is known too late to fill a page with it.
    this.paged =
        options.codec() == Codec.NONE && options.blockBytes() >= TableFormat.PAGE_BYTES;
    this.features = paged ? TableFormat.FEATURE_PAGES : 0;
    partition.clear();
    partitionOffset = this.out.position();
  }

  /**
   * Adds an entry.
   *
   * @param keyArray holds the key at the offset; copied
   * @param revision not negative
   * @param kind one of {@link ValueKind}
   * @param value holds the value at {@code valueOffset}; copied
   * @throws IllegalArgumentException if the entry does not sort after the last one, or is too large
   */
  public void add(
      byte[] keyArray,
      int keyOffset,
      int keyLength,
      long revision,
      int kind,
      MemorySegment value,
      long valueOffset,
      int valueLength)
      throws IOException {
    long hash = Keys.hash(keyArray, keyOffset, keyLength);
    add(
        keyArray,
        keyOffset,
        keyLength,
        revision,
        kind,
        value,
        valueOffset,
        valueLength,
        hash,
        EntryDigest.of(hash, revision, kind, value, valueOffset, valueLength));
  }

  /** As above, with the key's hash and the entry's digest from who has made them already. */
  void add(
      byte[] keyArray,
      int keyOffset,
      int keyLength,
      long revision,
      int kind,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long hash,
      long entryDigest)
      throws IOException {
    int mismatch =
        Arrays.mismatch(
            lastKey, 0, lastKeyLength, keyArray, keyOffset, keyOffset + keyLength);
    boolean first = entries == 0;
    boolean newKey = first || mismatch >= 0;
    check(keyArray, keyOffset, keyLength, revision, kind, valueLength, first, mismatch);
    if (newKey) {
      boolean cut = crossesCut(keyArray, keyOffset, keyLength);
      if (partitionEntries > 0 && (cut || partitionIsFull())) {
        finishPartition();
      }
    }
    if (block.count() > 0
        && (isBlockFull(keyArray, keyOffset, keyLength, revision, kind, valueLength)
            || block.count() == DataBlock.ENTRIES_MAX)) {
      finishBlock();
    }
    if (block.count() == 0) {
      blockLimit = paged ? pagedLimit(out.position()) : options.blockBytes();
      beginBlock(keyArray, keyOffset, keyLength, revision, newKey, first ? -1 : mismatch);
    }
    block.add(
        keyArray, keyOffset, keyLength, revision, kind, value, valueOffset, valueLength);
    if (newKey) {
      partition.addKey(hash);
      keepKey(keyArray, keyOffset, keyLength, Math.max(0, mismatch));
    }
    lastRevision = revision;
    entries++;
    partitionEntries++;
    if (kind == ValueKind.DELETE) {
      tombstones++;
      partitionTombstones++;
    }
    minRevision = Math.min(minRevision, revision);
    maxRevision = Math.max(maxRevision, revision);
    keyBytes += keyLength;
    valueBytes += valueLength;
    digest += entryDigest;
  }

  /** Entries added so far. */
  public long entries() {
    return entries;
  }

  /** About how long the file would be if it were finished now. */
  public long estimatedBytes() {
    return out.position()
        + (block.count() == 0 ? 0 : block.estimateWith(0, 0))
        + (long) (partition.keys() * filters.at(partitionFirstKey).bitsPerKey() / 8)
        + partition.indexBytes()
        + directory.length
        + 2L * lastKeyLength
        + 512;
  }

  /**
   * Writes the rest of the file. Call once.
   *
   * @return what the table holds
   */
  public TableInfo finish() throws IOException {
    if (finished) {
      throw new IllegalStateException("table " + fileNumber + " is finished");
    }
    finished = true;
    if (partitionEntries > 0) {
      finishPartition();
    }
    compressor.close();
    long propertiesOffset = out.position();
    long min = entries == 0 ? 0 : minRevision;
    byte[] largestKey = Arrays.copyOf(lastKey, lastKeyLength);
    Growing properties =
        new Growing()
            .property(TableFormat.PROPERTY_ENTRIES, entries)
            .property(TableFormat.PROPERTY_TOMBSTONES, tombstones)
            .property(TableFormat.PROPERTY_MIN_REVISION, min)
            .property(TableFormat.PROPERTY_MAX_REVISION, maxRevision)
            .property(TableFormat.PROPERTY_KEY_BYTES, keyBytes)
            .property(TableFormat.PROPERTY_VALUE_BYTES, valueBytes)
            .property(TableFormat.PROPERTY_DIGEST, digest)
            .property(TableFormat.PROPERTY_SMALLEST_KEY, smallestKey)
            .property(TableFormat.PROPERTY_LARGEST_KEY, largestKey)
            .property(
                TableFormat.PROPERTY_FALSE_POSITIVE_RATE,
                Double.doubleToLongBits(falsePositiveRate()));
    out.frame(properties.bytes, properties.length);
    long directoryOffset = out.position();
    Growing counted = new Growing().varint(partitions.size());
    counted.put(directory.bytes, 0, directory.length);
    out.frame(counted.bytes, counted.length);
    out.raw(footer(propertiesOffset, properties.length, directoryOffset, counted.length));
    out.flush();
    return new TableInfo(
        fileNumber,
        out.position(),
        entries,
        tombstones,
        smallestKey,
        largestKey,
        min,
        maxRevision,
        keyBytes,
        valueBytes,
        digest,
        filterBytes,
        falsePositiveRate(),
        List.copyOf(partitions));
  }

  private double falsePositiveRate() {
    return keys == 0 ? 1 : falsePositives / keys;
  }

  private byte[] footer(
      long propertiesOffset, int propertiesLength, long directoryOffset, int directoryLength) {
    byte[] footer = new byte[TableFormat.FOOTER_BYTES];
    Bytes.putLong(footer, TableFormat.FOOTER_DIRECTORY_OFFSET, directoryOffset);
    Bytes.putLong(footer, TableFormat.FOOTER_DIRECTORY_LENGTH, directoryLength);
    Bytes.putLong(footer, TableFormat.FOOTER_PROPERTIES_OFFSET, propertiesOffset);
    Bytes.putLong(footer, TableFormat.FOOTER_PROPERTIES_LENGTH, propertiesLength);
    Bytes.putLong(footer, TableFormat.FOOTER_FILE_NUMBER, fileNumber);
    Bytes.putInt(footer, TableFormat.FOOTER_FEATURES, features);
    Bytes.putInt(footer, TableFormat.FOOTER_VERSION, TableFormat.VERSION);
    int sum = checksum.of(fileNumber, out.position(), footer, 0, TableFormat.FOOTER_CHECKSUM);
    Bytes.putInt(footer, TableFormat.FOOTER_CHECKSUM, sum);
    Bytes.putLong(footer, TableFormat.FOOTER_MAGIC, TableFormat.MAGIC);
    return footer;
  }

  private void check(
      byte[] key,
      int offset,
      int length,
      long revision,
      int kind,
      int valueLength,
      boolean first,
      int mismatch) {
    if (length > TableFormat.KEY_BYTES_MAX || valueLength > TableFormat.VALUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "entry too large: key %d, value %d bytes",
              length, valueLength));
    }
    boolean sorted =
        first
            || (mismatch < 0
                ? revision < lastRevision
                : mismatch == lastKeyLength
                    || (mismatch < length
                        && (key[offset + mismatch] & 0xFF) > (lastKey[mismatch] & 0xFF)));
    if (!sorted) {
      throw new IllegalArgumentException("entry does not sort after the last one");
    }
    if (revision < 0
        || kind < 0
        || kind > ValueKind.HIGHEST_KNOWN
        || (kind == ValueKind.DELETE && valueLength != 0)) {
      throw new IllegalArgumentException("entry of kind " + kind + ", revision " + revision);
    }
  }

  private void keepKey(byte[] key, int offset, int length, int shared) {
    if (length > lastKey.length) {
      lastKey = Arrays.copyOf(lastKey, Math.max(length, lastKey.length * 2));
    }
    System.arraycopy(key, offset + shared, lastKey, shared, length - shared);
    lastKeyLength = length;
  }

  private boolean isBlockFull(
      byte[] key, int offset, int length, long revision, int kind, int valueLength) {
    return paged
        ? block.sizeWith(key, offset, length, revision, kind, valueLength)
                + TableFormat.TRAILER_BYTES
            > blockLimit
        : block.estimateWith(length, valueLength) > blockLimit;
  }

  /** The frame size at which a block that begins here ends with a page: about that of the options. */
  private long pagedLimit(long offset) {
    int page = TableFormat.PAGE_BYTES;
    long start = TableFormat.blockStart(offset, Long.MAX_VALUE);
    long rest = page - (start & (page - 1));
    long limit = rest + (options.blockBytes() - rest) / page * page;
    // Two pages for one block cost less than a block of a few entries.
    return limit < options.blockBytes() / 2 ? limit + page : limit;
  }

  private boolean crossesCut(byte[] key, int offset, int length) {
    boolean crossed = false;
    while (nextCut < cuts.length) {
      byte[] cut = cuts[nextCut];
      if (Keys.compare(cut, 0, cut.length, key, offset, length) > 0) {
        break;
      }
      nextCut++;
      crossed = true;
    }
    return crossed;
  }

  private boolean partitionIsFull() {
    return out.position() - partitionOffset >= options.partitionBytes()
        || partition.separatorBytes() >= TableFormat.SEPARATOR_BYTES_MAX / 2;
  }

  private void beginBlock(
      byte[] key, int offset, int length, long revision, boolean newKey, int mismatch) {
    if (partitionEntries == 0) {
      partitionFirstKey = Arrays.copyOfRange(key, offset, offset + length);
      partitionSeparatorLength = mismatch + 1;
      if (entries == 0) {
        smallestKey = partitionFirstKey;
      }
    } else if (newKey) {
      partition.beginBlock(key, offset, mismatch + 1);
    } else {
      partition.beginContinuation(key, offset, length, revision);
    }
  }

  private void finishBlock() throws IOException {
    int length = block.plan();
    if (paged) {
      long offset = out.position();
      long start = TableFormat.blockStart(offset, length + (long) TableFormat.TRAILER_BYTES);
      out.pad((int) (start - offset));
    }
    if (partition.blocks() == 0) {
      partitionOffset = out.position();
    }
    int start = out.reserve(length + TableFormat.TRAILER_BYTES);
    byte[] buffer = out.buffer();
    block.encode(buffer, start);
    Codec codec = options.codec();
    int stored = codec == Codec.NONE ? -1 : compress(buffer, start, length);
    if (stored < 0) {
      codec = Codec.NONE;
      stored = length;
    }
    out.advanceTo(start + stored);
    out.seal(start, codec);
    partition.endBlock(stored + (long) TableFormat.TRAILER_BYTES, codec != Codec.NONE);
    block.clear();
  }

  /** Compresses a payload in place; -1 if that is not worth it, and the payload as it was. */
  private int compress(byte[] buffer, int start, int length) {
    if (length > TableFormat.COMPRESSED_BLOCK_BYTES_MAX) {
      return -1;
    }
    int limit = length - length / 8 - TableFormat.RAW_LENGTH_BYTES;
    if (limit <= 0) {
      return -1;
    }
    if (compressed.length < limit) {
      compressed = new byte[Math.max(limit, 2 * compressed.length)];
    }
    int size = compressor.compress(buffer, start, length, compressed, 0, limit);
    if (size < 0) {
      return -1;
    }
    Bytes.putInt(buffer, start, length);
    System.arraycopy(compressed, 0, buffer, start + TableFormat.RAW_LENGTH_BYTES, size);
    return size + TableFormat.RAW_LENGTH_BYTES;
  }

  private void finishPartition() throws IOException {
    if (block.count() > 0) {
      finishBlock();
    }
    long dataEnd = out.position();
    int filterLength = partition.writeFilter(out, filters.at(partitionFirstKey));
    filterBytes += filterLength;
    keys += partition.keys();
    falsePositives += partition.keys() * partition.filters().falsePositiveRate();
    if (partition.filters().isRibbon()) {
      features |= TableFormat.FEATURE_RIBBON;
    }
    long filterOffset =
        filterLength == 0 ? 0 : out.position() - filterLength - TableFormat.TRAILER_BYTES;
    long indexOffset = out.position();
    int indexLength = partition.writeIndex(out);
    directory
        .varint(partitionFirstKey.length)
        .put(partitionFirstKey, 0, partitionFirstKey.length)
        .varint(partitionSeparatorLength)
        .varint(partitionOffset)
        .varint(dataEnd - partitionOffset)
        .varint(filterOffset)
        .varint(filterLength)
        .varint(indexOffset)
        .varint(indexLength)
        .varint(partitionEntries)
        .varint(partitionTombstones)
        .varint(partition.blocks());
    partitions.add(
        new TableInfo.PartitionInfo(
            partitionFirstKey,
            out.position() - partitionOffset,
            partitionEntries,
            partitionTombstones,
            partition.blocks()));
    partition.clear();
    partitionOffset = out.position();
    partitionEntries = 0;
    partitionTombstones = 0;
  }
}
