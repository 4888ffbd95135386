package dev.atll.sstable.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The LZ4 block format (Y. Collet), in plain Java: sequences of a token, literals, a two-byte offset
 * back and a match length. What it writes any LZ4 reads, and the reverse. The compressor is the
 * greedy one with one table of positions; the decompressor checks every length and offset against
 * both arrays before it copies.
 */
final class Lz4 {
  /** The most a block can shrink: 255 bytes of match for one byte of length. */
  static final int RATIO_MAX = 255;

  private static final int MATCH_MIN = 4;

  /** By the format, a block ends in at least so many literals ... */
  private static final int LAST_LITERALS = 5;

  /** ... and no match begins closer to its end than this. */
  private static final int MATCH_START_LIMIT = 12;

  private static final int OFFSET_MAX = 0xFFFF;
  private static final int TABLE_BITS = 12;

  /** After so many misses the search begins to skip, so that random bytes are passed quickly. */
  private static final int SKIP_TRIGGER = 6;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Positions of four bytes by their hash, relative to the source's beginning. */
  private final int[] table = new int[1 << TABLE_BITS];

  private byte[] target = new byte[0];
  private int at;
  private int end;

  /** Compresses; returns the length, or -1 if that would be more than {@code limit}. */
  int compress(byte[] source, int offset, int length, byte[] into, int into0, int limit) {
    target = into;
    at = into0;
    end = into0 + limit;
    int sourceEnd = offset + length;
    int anchor = offset;
    if (length > MATCH_START_LIMIT) {
      Arrays.fill(table, 0);
      int lastStart = sourceEnd - MATCH_START_LIMIT;
      int matchEnd = sourceEnd - LAST_LITERALS;
      int i = offset + 1;
      int attempts = 1 << SKIP_TRIGGER;
      while (i < lastStart) {
        int word = (int) INT.get(source, i);
        int slot = word * 0x9E3779B1 >>> (32 - TABLE_BITS);
        int candidate = offset + table[slot];
        table[slot] = i - offset;
        if (i - candidate > OFFSET_MAX || (int) INT.get(source, candidate) != word) {
          i += attempts++ >>> SKIP_TRIGGER;
          continue;
        }
        while (i > anchor && candidate > offset && source[i - 1] == source[candidate - 1]) {
          i--;
          candidate--;
        }
        int matched = MATCH_MIN + same(source, candidate + MATCH_MIN, i + MATCH_MIN, matchEnd);
        if (!literals(source, anchor, i - anchor, matched) || !match(i - candidate, matched)) {
          return -1;
        }
        i += matched;
        anchor = i;
        attempts = 1 << SKIP_TRIGGER;
        if (i < lastStart) {
          int behind = (int) INT.get(source, i - 2);
          table[behind * 0x9E3779B1 >>> (32 - TABLE_BITS)] = i - 2 - offset;
        }
      }
    }
    if (!literals(source, anchor, sourceEnd - anchor, MATCH_MIN)) {
      return -1;
    }
    return at - into0;
  }

  /** How many bytes from a on equal those from b on, with b before the end. */
  private static int same(byte[] source, int a, int b, int end) {
    int i = 0;
    while (b + i + Long.BYTES <= end) {
      long difference = (long) LONG.get(source, a + i) ^ (long) LONG.get(source, b + i);
      if (difference != 0) {
        return i + Long.numberOfTrailingZeros(difference) / 8;
      }
      i += Long.BYTES;
    }
    while (b + i < end && source[a + i] == source[b + i]) {
      i++;
    }
    return i;
  }

  /** Writes a token and the literals; the match, if any, follows. */
  private boolean literals(byte[] source, int from, int count, int matched) {
    if ((long) count + count / 255 + 2 > end - at) {
      return false;
    }
    target[at++] = (byte) (Math.min(count, 15) << 4 | Math.min(matched - MATCH_MIN, 15));
    if (count >= 15) {
      length(count - 15);
    }
    System.arraycopy(source, from, target, at, count);
    at += count;
    return true;
  }

  private boolean match(int distance, int matched) {
    if (matched / 255 + 4 > end - at) {
      return false;
    }
    SHORT.set(target, at, (short) distance);
    at += Short.BYTES;
    if (matched - MATCH_MIN >= 15) {
      length(matched - MATCH_MIN - 15);
    }
    return true;
  }

  private void length(int count) {
    int left = count;
    for (; left >= 255; left -= 255) {
      target[at++] = (byte) 255;
    }
    target[at++] = (byte) left;
  }

  /** Decompresses exactly {@code targetLength} bytes; false if the source does not give them. */
  static boolean decompress(
      byte[] source, int offset, int length, byte[] target, int at, int targetLength) {
    int from = offset;
    int sourceEnd = offset + length;
    int to = at;
    int targetEnd = at + targetLength;
    while (from < sourceEnd) {
      int token = source[from++] & 0xFF;
      int count = token >>> 4;
      if (count == 15) {
        int next;
        do {
          if (from == sourceEnd) {
            return false;
          }
          next = source[from++] & 0xFF;
          count += next;
        } while (next == 255 && count <= targetLength);
      }
      if (count > sourceEnd - from || count > targetEnd - to) {
        return false;
      }
      System.arraycopy(source, from, target, to, count);
      from += count;
      to += count;
      if (from == sourceEnd) {
        return to == targetEnd;
      }
      if (sourceEnd - from < Short.BYTES) {
        return false;
      }
      int distance = (short) SHORT.get(source, from) & 0xFFFF;
      from += Short.BYTES;
      int matched = (token & 15) + MATCH_MIN;
      if ((token & 15) == 15) {
        int next;
        do {
          if (from == sourceEnd) {
            return false;
          }
          next = source[from++] & 0xFF;
          matched += next;
        } while (next == 255 && matched <= targetLength);
      }
      if (distance == 0 || distance > to - at || matched > targetEnd - to) {
        return false;
      }
      copyMatch(target, to, distance, matched);
      to += matched;
    }
    // A block ends in literals, so in the middle of the loop; nothing at all stands for nothing.
    return false;
  }

  /** Copies from {@code distance} bytes before; what is copied may be copied again. */
  private static void copyMatch(byte[] target, int to, int distance, int count) {
    int from = to - distance;
    int i = 0;
    if (distance >= Long.BYTES) {
      for (; i + Long.BYTES <= count; i += Long.BYTES) {
        LONG.set(target, to + i, (long) LONG.get(target, from + i));
      }
    }
    for (; i < count; i++) {
      target[to + i] = target[from + i];
    }
  }
}
