package dev.atll.sstable;

import dev.atll.sstable.codec.Codec;

/**
 * How tables are written. A reader takes everything from the file.
 *
 * @param blockBytes size at which a data block is closed, before compression; 1 gives blocks of one
 *     entry; at most 1 MiB
 * @param partitionBytes data size at which a partition is closed, though no guard asks for it
 * @param filterBitsPerKey bits of filter a key; 0 for no filter, else 1 to 32
 * @param codec compression of data blocks
 */
public record TableOptions(
    int blockBytes, long partitionBytes, double filterBitsPerKey, Codec codec) {
  /** 4 KiB blocks, 4 MiB partitions, 10 bits a key, no compression. */
  public static final TableOptions DEFAULT =
      new TableOptions(4 << 10, 4 << 20, 10, Codec.NONE);

  /** Checks the ranges; {@code IllegalArgumentException} outside them. */
  public TableOptions {
    require(blockBytes >= 1 && blockBytes <= 1 << 20, "blockBytes must be 1 to 1 MiB");
    require(
        partitionBytes >= 1 && partitionBytes <= 1 << 30, "partitionBytes must be 1 to 1 GiB");
    require(
        filterBitsPerKey == 0 || (filterBitsPerKey >= 1 && filterBitsPerKey <= 32),
        "filterBitsPerKey must be 0 or 1 to 32");
  }

  /** The same with another block size. */
  public TableOptions withBlockBytes(int bytes) {
    return new TableOptions(bytes, partitionBytes, filterBitsPerKey, codec);
  }

  /** The same with another partition size. */
  public TableOptions withPartitionBytes(long bytes) {
    return new TableOptions(blockBytes, bytes, filterBitsPerKey, codec);
  }

  /** The same with another filter size. */
  public TableOptions withFilterBitsPerKey(double bits) {
    return new TableOptions(blockBytes, partitionBytes, bits, codec);
  }

  /** The same with another codec. */
  public TableOptions withCodec(Codec other) {
    return new TableOptions(blockBytes, partitionBytes, filterBitsPerKey, other);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
