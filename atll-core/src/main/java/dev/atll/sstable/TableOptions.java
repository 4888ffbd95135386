package dev.atll.sstable;

import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import dev.atll.sstable.filter.FilterPlan;

/**
 * How tables are written. A reader takes everything from the file.
 *
 * @param blockBytes size at which a data block is closed, before compression; 1 gives blocks of one
 *     entry; at most 1 MiB
 * @param partitionBytes data size at which a partition is closed, though no guard asks for it
 * @param filter which filter partitions get that no {@link FilterPlan} says otherwise of
 * @param codec compression of data blocks
 */
public record TableOptions(
    int blockBytes, long partitionBytes, FilterChoice filter, Codec codec) {
  /** 4 KiB blocks, 4 MiB partitions, 10 bits a key of a blocked Bloom filter, no compression. */
  public static final TableOptions DEFAULT =
      new TableOptions(4 << 10, 4 << 20, 10, Codec.NONE);

  /** With blocked Bloom filters of so many bits a key; 0 for none, else 1 to 32. */
  public TableOptions(int blockBytes, long partitionBytes, double bitsPerKey, Codec codec) {
    this(
        blockBytes,
        partitionBytes,
        new FilterChoice(FilterKind.BLOCKED_BLOOM, bitsPerKey),
        codec);
  }

  /** Checks the ranges; {@code IllegalArgumentException} outside them. */
  public TableOptions {
    require(blockBytes >= 1 && blockBytes <= 1 << 20, "blockBytes must be 1 to 1 MiB");
    require(
        partitionBytes >= 1 && partitionBytes <= 1 << 30, "partitionBytes must be 1 to 1 GiB");
  }

  /** The same with another block size. */
  public TableOptions withBlockBytes(int bytes) {
    return new TableOptions(bytes, partitionBytes, filter, codec);
  }

  /** The same with another partition size. */
  public TableOptions withPartitionBytes(long bytes) {
    return new TableOptions(blockBytes, bytes, filter, codec);
  }

  /** The same with another filter. */
  public TableOptions withFilter(FilterChoice choice) {
    return new TableOptions(blockBytes, partitionBytes, choice, codec);
  }

  /** The same with another codec. */
  public TableOptions withCodec(Codec other) {
    return new TableOptions(blockBytes, partitionBytes, filter, other);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
