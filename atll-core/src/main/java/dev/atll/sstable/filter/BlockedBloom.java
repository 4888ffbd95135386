package dev.atll.sstable.filter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A blocked Bloom filter: all bits of a key lie in one block of 64 bytes, so that a probe costs one
 * cache miss, for a false-positive rate somewhat above that of a plain Bloom filter of the same
 * size. After F. Putze, P. Sanders, J. Singler: Cache-, Hash- and Space-Efficient Bloom Filters
 * (2007). A file keeps the probes beside the filter, so the bits per key may differ from file to
 * file. Immutable and thread-safe.
 */
public final class BlockedBloom {
  /** Bytes of a block: one cache line, if the filter is aligned to it in the file. */
  public static final int BLOCK_BYTES = 64;

  /** The most probes a filter may ask for. */
  public static final int PROBES_MAX = 14;

  private static final double LN_2 = Math.log(2);
  private static final int BLOCK_BITS = BLOCK_BYTES * 8;
  private static final int BLOCKS_MAX = (1 << 30) / BLOCK_BYTES;
  private static final long REMIX = 0x9E3779B97F4A7C15L;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final double bitsPerKey;
  private final int probes;

  private BlockedBloom(double bitsPerKey, int probes) {
    this.bitsPerKey = bitsPerKey;
    this.probes = probes;
  }

  /**
   * A filter to be built.
   *
   * @param bitsPerKey 0 for none, else at least 1
   */
  public static BlockedBloom ofBitsPerKey(double bitsPerKey) {
    return new BlockedBloom(bitsPerKey, probesFor(bitsPerKey));
  }

  /**
   * A filter read from a file.
   *
   * @param probes 1 to {@link #PROBES_MAX}
   */
  public static BlockedBloom ofProbes(int probes) {
    return new BlockedBloom(0, probes);
  }

  /** Bits set and asked for each key. */
  public int probes() {
    return probes;
  }

  /**
   * The number of probes with the lowest false-positive rate. Fewer than the ln 2 · bits of a plain
   * filter, since fuller blocks weigh more: from there down the rate falls to its least, and then
   * rises. Trying all of them took 2 % of a compaction thread's time.
   */
  static int probesFor(double bitsPerKey) {
    int best = Math.clamp((int) Math.ceil(bitsPerKey * LN_2), 1, PROBES_MAX);
    double bestRate = falsePositiveRate(bitsPerKey, best);
    for (int probes = best - 1; probes >= 1; probes--) {
      double rate = falsePositiveRate(bitsPerKey, probes);
      if (rate > bestRate) {
        break;
      }
      bestRate = rate;
      best = probes;
    }
    return best;
  }

  /** The expected false-positive rate: the number of keys in a block follows Poisson's law. */
  public static double falsePositiveRate(double bitsPerKey, int probes) {
    if (bitsPerKey <= 0) {
      return 1;
    }
    double mean = BLOCK_BITS / bitsPerKey;
    double share = Math.exp(-mean);
    double rate = 0;
    int most = (int) (mean + 12 * Math.sqrt(mean) + 16);
    for (int keys = 0; keys <= most; keys++) {
      double full = 1 - Math.pow(1 - 1.0 / BLOCK_BITS, (double) keys * probes);
      rate += share * Math.pow(full, probes);
      share *= mean / (keys + 1);
    }
    return rate;
  }

  /** How many bytes a filter over so many keys takes; 0 for no filter. */
  public int bytesFor(int keys) {
    if (bitsPerKey <= 0 || keys == 0) {
      return 0;
    }
    // A filter that would not fit into an array has the most blocks that do.
    int blocks = (int) Math.min(Math.ceil(keys * bitsPerKey / BLOCK_BITS), BLOCKS_MAX);
    return blocks * BLOCK_BYTES;
  }

  /**
   * Writes the filter.
   *
   * @param hashes {@link dev.atll.base.Keys#hash} of each distinct key, the first {@code count}
   * @param target receives {@link #bytesFor} bytes, all of which are overwritten
   */
  public void build(long[] hashes, int count, byte[] target, int offset) {
    int bytes = bytesFor(count);
    int blocks = bytes / BLOCK_BYTES;
    Arrays.fill(target, offset, offset + bytes, (byte) 0);
    for (int i = 0; i < count; i++) {
      long hash = hashes[i];
      int block = offset + blockOf(hash, blocks) * BLOCK_BYTES;
      long bits = hash * REMIX;
      for (int probe = 0; probe < probes; probe++) {
        if (probe == 7) {
          bits = (hash ^ REMIX) * REMIX;
        }
        int bit = (int) (bits >>> 55);
        target[block + (bit >>> 3)] |= (byte) (1 << (bit & 7));
        bits <<= 9;
      }
    }
  }

  /** Whether a filter of this many bytes at this place may have been built over this key. */
  public boolean mayContain(MemorySegment segment, long offset, int bytes, long hash) {
    return mayContain(segment, offset, bytes / BLOCK_BYTES, probes, hash);
  }

  /** The probe itself, for callers that keep the two numbers beside the place. */
  public static boolean mayContain(
      MemorySegment segment, long offset, int blocks, int probes, long hash) {
    long block = offset + (long) blockOf(hash, blocks) * BLOCK_BYTES;
    long bits = hash * REMIX;
    for (int probe = 0; probe < probes; probe++) {
      if (probe == 7) {
        bits = (hash ^ REMIX) * REMIX;
      }
      int bit = (int) (bits >>> 55);
      long word = segment.get(WORD, block + ((bit >>> 6) << 3));
      if ((word >>> (bit & 63) & 1) == 0) {
        return false;
      }
      bits <<= 9;
    }
    return true;
  }

  private static int blockOf(long hash, int blocks) {
    return (int) ((hash >>> 32) * blocks >>> 32);
  }
}
