package dev.atll.sstable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A 64-bit digest of one entry. The digest of a set of entries is the wrapping sum of theirs, so it
 * does not depend on their order or on the files they are spread over: a compaction compares what it
 * read, less what it dropped, with what its outputs say they hold.
 */
final class EntryDigest {
  private static final ValueLayout.OfLong LITTLE_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long A = 0xA0761D6478BD642FL;
  private static final long B = 0xE7037ED1A0B428DBL;
  private static final long C = 0x8EBC6AF09C88C6E3L;

  private EntryDigest() {}

  /**
   * The digest of an entry.
   *
   * @param keyHash {@link dev.atll.base.Keys#hash} of its key
   */
  public static long of(
      long keyHash, long revision, int kind, MemorySegment value, long offset, int length) {
    long h = fold(keyHash ^ A, (revision << 8 | kind) ^ B);
    // Sixteen bytes a multiplication, after wyhash (W. Yi), in two chains that overlap.
    long left = h ^ length;
    long right = h;
    long at = offset;
    long end = offset + length;
    for (; end - at >= 32; at += 32) {
      left = fold(value.get(LITTLE_LONG, at) ^ B, value.get(LITTLE_LONG, at + 8) ^ left);
      right = fold(value.get(LITTLE_LONG, at + 16) ^ C, value.get(LITTLE_LONG, at + 24) ^ right);
    }
    if (end - at >= 16) {
      left = fold(value.get(LITTLE_LONG, at) ^ B, value.get(LITTLE_LONG, at + 8) ^ left);
      at += 16;
    }
    long first = 0;
    long last = 0;
    if (length >= 16) {
      // The last sixteen bytes, some of them a second time: cheaper than a loop over the rest.
      first = value.get(LITTLE_LONG, end - 16);
      last = value.get(LITTLE_LONG, end - 8);
    } else if (length >= 8) {
      first = value.get(LITTLE_LONG, offset);
      last = value.get(LITTLE_LONG, end - 8);
    } else {
      for (int shift = 0; at < end; at++, shift += 8) {
        first |= (value.get(ValueLayout.JAVA_BYTE, at) & 0xFFL) << shift;
      }
    }
    return fold(left ^ first ^ A, right ^ last ^ C) + right;
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }
}
