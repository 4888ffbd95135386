package dev.atll.sstable.filter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A ribbon filter: the solution of a system of linear equations over single bits, one equation a
 * key. An equation names 64 neighbouring unknowns; a key is admitted if the unknowns that its
 * equation names add up to its fingerprint, so the rate of false positives is 2^-columns exactly,
 * and the size is a few per cent above the columns. After P. Dillinger, S. Walzer: Ribbon filter:
 * practically smaller than Bloom and Xor (2021).
 *
 * <p>The unknowns lie in blocks of 64, column after column, so that a probe reads two neighbouring
 * blocks from their beginning, and of nearly all absent keys no more than four words of each. The last blocks have one column more than the first, so that a size may
 * fall between two numbers of columns. Keys with the same hash have the same equation: duplicates
 * cost nothing and break nothing. Immutable and thread-safe.
 */
final class Ribbon {
  /** Unknowns an equation spans, and unknowns of a block. */
  static final int WIDTH = 64;

  /** The most columns. */
  public static final int COLUMNS_MAX = 31;

  /** With fewer keys a blocked Bloom filter of the same size is better, or nearly as good. */
  public static final int KEYS_MIN = 256;

  /** With more keys the equations take too much memory to solve: a blocked Bloom filter instead. */
  public static final int KEYS_MAX = 1 << 20;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int blocks;
  private final int lowBlocks;
  private final int lowColumns;
  private final int seed;

  /**
   * The shape of a filter, as planned or as read from a file.
   *
   * @param blocks blocks of 64 unknowns, at least 1
   * @param lowBlocks how many of them, from the first, have the lower number of columns, at least 1
   * @param lowColumns columns of these, 0 to {@link #COLUMNS_MAX}; the rest have one more
   * @param seed which of the equations' families has a solution, 0 to 255
   */
  public Ribbon(int blocks, int lowBlocks, int lowColumns, int seed) {
    this.blocks = blocks;
    this.lowBlocks = lowBlocks;
    this.lowColumns = lowColumns;
    this.seed = seed;
  }

  /** The shape for so many keys at so many bits a key, for the first attempt. */
  static Ribbon plan(int keys, double bitsPerKey) {
    return plan(keys, bitsPerKey, 0);
  }

  /**
   * The shape for an attempt to solve the equations. Later attempts have more unknowns and fewer
   * columns in the same space, since the chance of a solution grows with each unknown to spare.
   */
  static Ribbon plan(int keys, double bitsPerKey, int attempt) {
    long blocks = blocksFor(keys, attempt);
    long words = Math.max(1, (long) (keys * bitsPerKey / WIDTH));
    long columns = Math.min(words / blocks, COLUMNS_MAX);
    long high = columns == COLUMNS_MAX ? 0 : words % blocks;
    return new Ribbon((int) blocks, (int) (blocks - high), (int) columns, attempt);
  }

  /** Unknowns to spare: the longer the ribbon, the likelier it is too tight somewhere. */
  private static long blocksFor(int keys, int attempt) {
    double doublings = Math.max(0, Math.log(keys / 500.0) / Math.log(2));
    double unknowns = keys * (1.02 + 0.009 * doublings + 0.012 * attempt);
    return Math.max(1, (long) Math.ceil(unknowns / WIDTH));
  }

  /** Blocks of 64 unknowns. */
  public int blocks() {
    return blocks;
  }

  /** How many blocks, from the first, have the lower number of columns. */
  public int lowBlocks() {
    return lowBlocks;
  }

  /** Columns of the low blocks. */
  public int lowColumns() {
    return lowColumns;
  }

  /** Columns of the last block, the most of all. */
  int columns() {
    return lowBlocks < blocks ? lowColumns + 1 : lowColumns;
  }

  /** Which family of equations was solved. */
  public int seed() {
    return seed;
  }

  /** Words of 64 bits that the unknowns take. */
  public long words() {
    return (long) blocks * lowColumns + (blocks - lowBlocks);
  }

  /** The expected rate: exact up to chance, since the fingerprints are. */
  public double falsePositiveRate() {
    double starts = starts();
    double low = Math.min(starts, (double) lowBlocks * WIDTH) / starts;
    double rate = Math.scalb(1.0, -lowColumns);
    return low * rate + (1 - low) * rate / 2;
  }

  /** Places at which an equation may begin. */
  int starts() {
    return blocks * WIDTH - (WIDTH - 1);
  }

  /** The place at which the equation of a mixed hash begins. */
  static int startOf(long mixed, int starts) {
    return (int) ((mixed >>> 32) * starts >>> 32);
  }

  /** Which of the 64 unknowns from there on the equation names; always the first. */
  static long rowOf(long mixed) {
    return mixed * 0xD6E8FEB86659FD93L | 1;
  }

  /** What they add up to: one bit a column, from the highest. */
  static long fingerprintOf(long mixed) {
    return mixed * 0xA0761D6478BD642FL;
  }

  /** The hash of a key in the family of a seed: start, row and fingerprint come from it. */
  static long mix(long hash, int seed) {
    long x = (hash ^ seed * 0xE7037ED1A0B428DBL) * 0x9E3779B97F4A7C15L;
    return x ^ x >>> 32;
  }

  /** Where a block's first column is, in words. */
  long wordOf(int block) {
    int high = block - lowBlocks;
    return (long) block * lowColumns + (high & ~(high >> 31));
  }

  /** Whether the filter at this place may have been built over this key. */
  public boolean mayContain(MemorySegment segment, long offset, long hash) {
    long mixed = mix(hash, seed);
    int start = startOf(mixed, starts());
    long row = rowOf(mixed);
    long fingerprint = fingerprintOf(mixed);
    int block = start >>> 6;
    int shift = start & 63;
    // Without a branch, since which of the two it is nobody can foresee.
    int high = (lowBlocks - 1 - block) >>> 31;
    int columns = lowColumns + high;
    long first = offset + (wordOf(block) << 3);
    // An equation that begins with a block ends with it, and there may be no block behind.
    long second = shift == 0 ? first : first + ((long) columns << 3);
    long rowFirst = row << shift;
    long rowSecond = row >>> 1 >>> (63 - shift);
    int left = columns;
    // Four at a time: fifteen absent keys in sixteen go at the first branch, which is foreseeable;
    // stopping at the first column that denies would be a branch that is not.
    for (; left >= 4; left -= 4) {
      long wrong =
          (sum(segment, first, second, rowFirst, rowSecond) ^ fingerprint >>> 63)
              | (sum(segment, first + 8, second + 8, rowFirst, rowSecond) ^ fingerprint >>> 62)
              | (sum(segment, first + 16, second + 16, rowFirst, rowSecond) ^ fingerprint >>> 61)
              | (sum(segment, first + 24, second + 24, rowFirst, rowSecond) ^ fingerprint >>> 60);
      if ((wrong & 1) != 0) {
        return false;
      }
      fingerprint <<= 4;
      first += 4 * Long.BYTES;
      second += 4 * Long.BYTES;
    }
    long wrong = 0;
    for (; left > 0; left--) {
      wrong |= sum(segment, first, second, rowFirst, rowSecond) ^ fingerprint >>> 63;
      fingerprint <<= 1;
      first += Long.BYTES;
      second += Long.BYTES;
    }
    return (wrong & 1) == 0;
  }

  /** What the named unknowns of a column add up to, in the lowest bit. */
  private static long sum(
      MemorySegment segment, long first, long second, long rowFirst, long rowSecond) {
    return Long.bitCount(
        (segment.get(WORD, first) & rowFirst) ^ (segment.get(WORD, second) & rowSecond));
  }
}
