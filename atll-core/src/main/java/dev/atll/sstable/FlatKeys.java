package dev.atll.sstable;

import dev.atll.base.Keys;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sorted list of byte strings as flat arrays: one common prefix, then the next eight bytes of each
 * as a number. A search reads the numbers alone, unless strings differ only after them (or end in
 * zero bytes, which look like padding), in which case the strings are kept too, for ties.
 */
final class FlatKeys {
  private final byte[] prefix;

  /** Heads with the sign bit flipped, so that signed comparison orders them. */
  private final long[] heads;

  /** Where each string less the prefix begins in {@link #suffixes}; set with the ends. */
  private final int[] suffixStarts;

  /** Where each string less the prefix ends in {@link #suffixes}; null if heads say everything. */
  private final int @Nullable [] suffixEnds;

  private final byte[] suffixes;

  FlatKeys(List<byte[]> sorted) {
    int n = sorted.size();
    byte[] first = n == 0 ? Keys.EMPTY : sorted.getFirst();
    byte[] last = n == 0 ? Keys.EMPTY : sorted.getLast();
    int mismatch = Arrays.mismatch(first, last);
    prefix = Arrays.copyOf(first, mismatch < 0 ? first.length : mismatch);
    heads = new long[n];
    boolean headsSuffice = true;
    int bytes = 0;
    for (int i = 0; i < n; i++) {
      byte[] key = sorted.get(i);
      int length = key.length - prefix.length;
      heads[i] = Keys.head(key, prefix.length, length) ^ Long.MIN_VALUE;
      headsSuffice &= length > 0 && length <= Long.BYTES && key[key.length - 1] != 0;
      headsSuffice &= i == 0 || heads[i] != heads[i - 1];
      bytes = Math.addExact(bytes, repeats(sorted, i) ? 0 : length);
    }
    if (headsSuffice) {
      suffixStarts = new int[0];
      suffixEnds = null;
      suffixes = Keys.EMPTY;
      return;
    }
    suffixStarts = new int[n];
    suffixEnds = new int[n];
    suffixes = new byte[bytes];
    int at = 0;
    for (int i = 0; i < n; i++) {
      byte[] key = sorted.get(i);
      int length = key.length - prefix.length;
      if (!repeats(sorted, i)) {
        System.arraycopy(key, prefix.length, suffixes, at, length);
        at += length;
      }
      suffixStarts[i] = at - length;
      suffixEnds[i] = at;
    }
  }

  /** A run of blocks of one key has one string many times, which is kept once. */
  private static boolean repeats(List<byte[]> sorted, int i) {
    return i > 0 && Arrays.equals(sorted.get(i), sorted.get(i - 1));
  }

  int size() {
    return heads.length;
  }

  long heapBytes() {
    int[] ends = suffixEnds;
    return 64L
        + prefix.length
        + 8L * heads.length
        + (ends == null ? 0 : 8L * ends.length)
        + suffixes.length;
  }

  /** How many of the strings from {@code from} up to {@code to} are at most the key; plus from. */
  int countUpTo(byte[] key, int offset, int length, int from, int to) {
    return count(key, offset, length, from, to, true);
  }

  /** How many of the strings from {@code from} up to {@code to} are less than it; plus from. */
  int countBelow(byte[] key, int offset, int length, int from, int to) {
    return count(key, offset, length, from, to, false);
  }

  private int count(
      byte[] key, int offset, int length, int from, int to, boolean countEqual) {
    if (from >= to) {
      return from;
    }
    int p = prefix.length;
    if (p != 0) {
      int mismatch =
          Arrays.mismatch(prefix, 0, p, key, offset, offset + Math.min(length, p));
      if (mismatch >= 0) {
        boolean keyIsLess =
            mismatch == length
                || (key[offset + mismatch] & 0xFF) < (prefix[mismatch] & 0xFF);
        return keyIsLess ? from : to;
      }
    }
    int suffixOffset = offset + p;
    int suffixLength = length - p;
    long head = Keys.head(key, suffixOffset, suffixLength) ^ Long.MIN_VALUE;
    int[] ends = suffixEnds;
    if (ends == null && countEqual) {
      // A head that equals the key's ends in a byte that is not padding, so the key begins with
      // that string: it is at most the key.
      return headsUpTo(head, from, to);
    }
    int low = headsBelow(head, from, to);
    if (low == to || heads[low] != head) {
      return low;
    }
    if (ends == null) {
      // The string begins the key: it is less unless it is the key.
      byte[] only = get(low);
      return only.length < length ? low + 1 : low;
    }
    int high = headsUpTo(head, low, to);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(
              suffixes,
              suffixStarts[middle],
              ends[middle],
              key,
              suffixOffset,
              suffixOffset + suffixLength);
      if (order < 0 || (order == 0 && countEqual)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int headsBelow(long head, int from, int to) {
    int low = from;
    int left = to - from;
    while (left > 1) {
      int half = left >>> 1;
      low += heads[low + half - 1] < head ? half : 0;
      left -= half;
    }
    return left == 0 ? low : low + (heads[low] < head ? 1 : 0);
  }

  private int headsUpTo(long head, int from, int to) {
    int low = from;
    int left = to - from;
    while (left > 1) {
      int half = left >>> 1;
      low += heads[low + half - 1] <= head ? half : 0;
      left -= half;
    }
    return left == 0 ? low : low + (heads[low] <= head ? 1 : 0);
  }

  /** A copy of string i. */
  byte[] get(int i) {
    int[] ends = suffixEnds;
    if (ends != null) {
      int start = suffixStarts[i];
      byte[] key = Arrays.copyOf(prefix, prefix.length + ends[i] - start);
      System.arraycopy(suffixes, start, key, prefix.length, ends[i] - start);
      return key;
    }
    long head = heads[i] ^ Long.MIN_VALUE;
    int length = Long.BYTES - Long.numberOfTrailingZeros(head) / 8;
    byte[] key = Arrays.copyOf(prefix, prefix.length + length);
    for (int at = 0; at < length; at++) {
      key[prefix.length + at] = (byte) (head >>> (56 - 8 * at));
    }
    return key;
  }
}
