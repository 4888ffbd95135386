package dev.atll.sstable;

import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterWriter;
import java.io.IOException;
import java.util.Arrays;

/**
 * The filter and the index of the partition being written. Re-used partition after partition.
 *
 * <p>Index payload: u32 blocks; then for each block but the first: varint separator bytes shared
 * with the last separator {@code << 1} | continuation, varint further bytes, these bytes, and for a
 * continuation varint its first revision; then, for each block: varint frame length {@code << 1} |
 * compressed. A separator is greater than every key of the blocks before it and at most the first
 * key of its own; a continuation's separator is its first key, with which the block before ends.
 */
final class PartitionBuilder {
  private final Growing index = new Growing();
  private final Growing separator = new Growing();
  private final FilterWriter filters = new FilterWriter();
  private long[] hashes = new long[1024];
  private int keys;
  private int blocks;
  private long separatorBytes;

  void clear() {
    index.clear();
    index.fixed32(0);
    separator.clear();
    keys = 0;
    blocks = 0;
    separatorBytes = 0;
  }

  int blocks() {
    return blocks;
  }

  int keys() {
    return keys;
  }

  int indexBytes() {
    return index.length;
  }

  long separatorBytes() {
    return separatorBytes;
  }

  void addKey(long hash) {
    if (keys == hashes.length) {
      hashes = Arrays.copyOf(hashes, keys * 2);
    }
    hashes[keys++] = hash;
  }

  /** A block that is not the partition's first begins: with a new key. */
  void beginBlock(byte[] key, int offset, int separatorLength) {
    putSeparator(key, offset, separatorLength, 0);
    separatorBytes += separatorLength;
  }

  /** A block that is not the partition's first begins: with a further revision of a key. */
  void beginContinuation(byte[] key, int offset, int length, long firstRevision) {
    putSeparator(key, offset, length, 1);
    index.varint(firstRevision);
  }

  private void putSeparator(byte[] key, int offset, int length, int continuation) {
    int mismatch =
        Arrays.mismatch(separator.bytes, 0, separator.length, key, offset, offset + length);
    int shared = mismatch < 0 ? length : mismatch;
    index.varint((long) shared << 1 | continuation);
    index.varint(length - shared);
    index.put(key, offset + shared, length - shared);
    separator.clear();
    separator.put(key, offset, length);
  }

  void endBlock(long frameBytes, boolean compressed) {
    index.varint(frameBytes << 1 | (compressed ? 1 : 0));
    blocks++;
  }

  /** Writes the filter at the next aligned offset; returns its payload's length, 0 for none. */
  int writeFilter(TableOutput out, FilterChoice choice) throws IOException {
    int payload = filters.prepare(hashes, keys, choice);
    if (payload == 0) {
      return 0;
    }
    out.align(TableFormat.FILTER_ALIGNMENT);
    int start = out.reserve(payload + TableFormat.TRAILER_BYTES);
    filters.write(hashes, keys, out.buffer(), start);
    out.advanceTo(start + payload);
    out.seal(start, Codec.NONE);
    return payload;
  }

  /** The filter written last. */
  FilterWriter filters() {
    return filters;
  }

  /** Writes the index; returns its payload's length. */
  int writeIndex(TableOutput out) throws IOException {
    dev.atll.sstable.block.Bytes.putInt(index.bytes, 0, blocks);
    out.frame(index.bytes, index.length);
    return index.length;
  }
}
