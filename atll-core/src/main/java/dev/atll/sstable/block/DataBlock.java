package dev.atll.sstable.block;

import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a data block, and the search in it, in place.
 *
 * <pre>
 *  0 u16 entries (n &gt;= 1)
 *  2 u8  flags: 1 one kind, 2 one suffix length, 4 offsets of 32 bits
 *  3 u8  revision width in bytes, 0 to 8
 *  4 u16 stride: the size of every record when they are all alike, else 0
 *  6 u16 prefix length: bytes that begin every key
 *  8 u64 revision base: the smallest revision
 * 16 u64 prefix head: the first eight bytes of the prefix, zero padded
 * 24 u16 suffix length, if one for all
 * 26 u8  kind, if one for all
 * 27 u8  0
 * 28 n x u64 heads: the first eight bytes of each key after the prefix, zero padded
 *    n x u16 or u32 offsets of the records (only if stride = 0), from the first record
 *    the rest of the prefix, if longer than eight
 *    n records
 * record: [u8 kind] revision - base in width bytes, [varint suffix length],
 *         the suffix past its first eight bytes, the value
 * </pre>
 *
 * The heads are one contiguous array: a search reads nothing else until it has its candidate, whose
 * record it then touches once. The value's length is what is left of the record.
 *
 * <p>The methods trust the block: call {@link #damage} once before, on bytes that do not change.
 * They are static and take the first eight bytes ({@code meta}) along, so that a get allocates
 * nothing.
 */
public final class DataBlock {
  /** Bytes before the heads. */
  public static final int HEADER = 28;

  /** The most entries of a block. */
  public static final int ENTRIES_MAX = 0xFFFF;

  /** Bytes that must be readable after a block: searches read eight bytes at a time. */
  public static final int SLACK = 8;

  static final int FLAG_ONE_KIND = 1;
  static final int FLAG_ONE_SUFFIX_LENGTH = 2;
  static final int FLAG_WIDE_OFFSETS = 4;
  static final int FLAGS_KNOWN = FLAG_ONE_KIND | FLAG_ONE_SUFFIX_LENGTH | FLAG_WIDE_OFFSETS;

  static final int AT_REVISION_BASE = 8;
  static final int AT_PREFIX_HEAD = 16;
  static final int AT_SUFFIX_LENGTH = 24;
  static final int AT_KIND = 26;

  private DataBlock() {}

  /** The first eight bytes of a block, from which the other methods take its shape. */
  public static long meta(MemorySegment segment, long base) {
    return segment.get(Bytes.LONG, base);
  }

  /** Number of entries. */
  public static int count(long meta) {
    return (int) (meta >>> 48);
  }

  static int flags(long meta) {
    return (int) (meta >>> 40) & 0xFF;
  }

  static int revisionWidth(long meta) {
    return (int) (meta >>> 32) & 0xFF;
  }

  static int stride(long meta) {
    return (int) (meta >>> 16) & 0xFFFF;
  }

  static int prefixLength(long meta) {
    return (int) meta & 0xFFFF;
  }

  static int recordsStart(long meta) {
    int n = count(meta);
    return prefixRestStart(meta, n) + Math.max(0, prefixLength(meta) - Long.BYTES);
  }

  static int prefixRestStart(long meta, int n) {
    int offsetWidth = stride(meta) != 0 ? 0 : (flags(meta) & FLAG_WIDE_OFFSETS) != 0 ? 4 : 2;
    return HEADER + n * (Long.BYTES + offsetWidth);
  }

  static long head(MemorySegment segment, long base, int i) {
    return segment.get(Bytes.LONG, base + HEADER + (long) i * Long.BYTES);
  }

  /** Where record i begins, from the beginning of the block; the block's end for i = n. */
  static int recordStart(MemorySegment segment, long base, int length, long meta, int i) {
    int stride = stride(meta);
    if (stride != 0) {
      return recordsStart(meta) + i * stride;
    }
    int n = count(meta);
    if (i == n) {
      return length;
    }
    long offsets = base + HEADER + (long) n * Long.BYTES;
    int offset =
        (flags(meta) & FLAG_WIDE_OFFSETS) != 0
            ? segment.get(Bytes.INT, offsets + 4L * i)
            : segment.get(Bytes.SHORT, offsets + 2L * i) & 0xFFFF;
    return recordsStart(meta) + offset;
  }

  /**
   * The first entry at or after (key, revision) in cursor order, or n when all come before.
   *
   * @param revision {@code Long.MAX_VALUE} for the newest entry of the key
   */
  public static int seek(
      MemorySegment segment,
      long base,
      int length,
      long meta,
      byte[] key,
      int keyOffset,
      int keyLength,
      long revision) {
    int n = count(meta);
    int prefixLength = prefixLength(meta);
    if (prefixLength != 0) {
      long keyHead = Keys.head(key, keyOffset, keyLength);
      int order = compareWithPrefix(segment, base, meta, keyHead, key, keyOffset, keyLength);
      if (order != 0) {
        return order < 0 ? 0 : n;
      }
    }
    int suffixOffset = keyOffset + prefixLength;
    int suffixLength = keyLength - prefixLength;
    long head = Keys.head(key, suffixOffset, suffixLength);
    int low = lowerBound(segment, base, n, head);
    if (low == n || head(segment, base, low) != head) {
      return low;
    }
    int high = low + 1;
    while (high < n && head(segment, base, high) == head) {
      high++;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareEntry(
              segment, base, length, meta, middle, key, suffixOffset, suffixLength, revision)
          < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Answers a lookup, if the newest entry of its key at or below its revision is here.
   *
   * @return true if the lookup is beyond the last entry: an older revision of the key may begin the
   *     next block
   */
  public static boolean get(MemorySegment segment, long base, int length, Lookup lookup) {
    long meta = meta(segment, base);
    int n = count(meta);
    int prefixLength = prefixLength(meta);
    byte[] key = lookup.key;
    if (prefixLength != 0
        && compareWithPrefix(
                segment, base, meta, lookup.head, key, lookup.keyOffset, lookup.keyLength)
            != 0) {
      // Another prefix: the key is not here, nor may its further revisions be in the next block.
      return false;
    }
    int suffixOffset = lookup.keyOffset + prefixLength;
    int suffixLength = lookup.keyLength - prefixLength;
    long head = Keys.head(key, suffixOffset, suffixLength);
    int low = lowerBound(segment, base, n, head);
    if (low == n || head(segment, base, low) != head) {
      return false;
    }
    if (low + 1 < n && head(segment, base, low + 1) == head) {
      low = seek(segment, base, length, meta, key, lookup.keyOffset, lookup.keyLength,
          lookup.revision);
      if (low == n) {
        return true;
      }
      if (head(segment, base, low) != head) {
        return false;
      }
    }
    // The only candidate; its record is parsed once.
    int flags = flags(meta);
    int start = recordStart(segment, base, length, meta, low);
    int kindBytes = (flags & FLAG_ONE_KIND) != 0 ? 0 : 1;
    int width = revisionWidth(meta);
    int at = start + kindBytes + width;
    int entrySuffix;
    if ((flags & FLAG_ONE_SUFFIX_LENGTH) != 0) {
      entrySuffix = suffixLength(segment, base);
    } else {
      long varint = varint(segment, base + at);
      entrySuffix = varintValue(varint);
      at += varintBytes(varint);
    }
    int rest = suffixLength - Long.BYTES;
    if (entrySuffix != suffixLength
        || (rest > 0
            && compareBytes(segment, base + at, rest, key, suffixOffset + Long.BYTES, rest)
                != 0)) {
      return false;
    }
    long revision = revisionAt(segment, base, base + start + kindBytes, width);
    if (revision > lookup.revision) {
      return low + 1 == n;
    }
    if (segment.get(Bytes.BYTE, base + (kindBytes == 0 ? AT_KIND : start)) == ValueKind.DELETE) {
      lookup.deleted(revision);
      return false;
    }
    int value = at + Math.max(0, rest);
    int end = recordStart(segment, base, length, meta, low + 1);
    lookup.found(revision, segment, base + value, end - value);
    return false;
  }

  static int suffixLength(MemorySegment segment, long base) {
    return segment.get(Bytes.SHORT, base + AT_SUFFIX_LENGTH) & 0xFFFF;
  }

  /** Bytes of a record before its suffix length: kind, if it has one, and revision. */
  static int fixedBytes(long meta) {
    return ((flags(meta) & FLAG_ONE_KIND) != 0 ? 0 : 1) + revisionWidth(meta);
  }

  static long revisionAt(MemorySegment segment, long base, long at, int width) {
    long revision = segment.get(Bytes.LONG, base + AT_REVISION_BASE);
    // Eight bytes are always readable (SLACK); shifting away what is not ours beats a byte loop.
    return width == 0 ? revision : revision + (segment.get(Bytes.LONG, at) >>> (64 - 8 * width));
  }

  /**
   * A varint of at most five bytes, as value {@code << 8} | bytes used; bytes used is 0 when it is
   * longer than that or too large for an int.
   */
  static long varint(MemorySegment segment, long at) {
    long value = 0;
    for (int i = 0; i < 5; i++) {
      byte b = segment.get(Bytes.BYTE, at + i);
      value |= (b & 0x7FL) << (7 * i);
      if (b >= 0) {
        return value > Integer.MAX_VALUE ? 0 : value << 8 | (i + 1);
      }
    }
    return 0;
  }

  static int varintValue(long varint) {
    return (int) (varint >>> 8);
  }

  static int varintBytes(long varint) {
    return (int) varint & 0xFF;
  }

  /** How the key compares with all keys that have the block's prefix; 0 if it has the prefix. */
  private static int compareWithPrefix(
      MemorySegment segment,
      long base,
      long meta,
      long keyHead,
      byte[] key,
      int keyOffset,
      int keyLength) {
    int prefixLength = prefixLength(meta);
    int inHead = Math.min(prefixLength, Long.BYTES);
    long mask = -1L << (64 - 8 * inHead);
    long prefixHead = segment.get(Bytes.LONG, base + AT_PREFIX_HEAD);
    int order = Long.compareUnsigned(keyHead & mask, prefixHead);
    if (order != 0) {
      return order;
    }
    if (keyLength < inHead) {
      return -1;
    }
    if (prefixLength <= Long.BYTES) {
      return 0;
    }
    int rest = prefixLength - Long.BYTES;
    int restOfKey = Math.min(keyLength - Long.BYTES, rest);
    return compareBytes(
            segment,
            base + prefixRestStart(meta, count(meta)),
            rest,
            key,
            keyOffset + Long.BYTES,
            restOfKey)
        * -1;
  }

  /** Number of heads less than the given one. */
  private static int lowerBound(MemorySegment segment, long base, int n, long head) {
    long at = base + HEADER;
    long flipped = head ^ Long.MIN_VALUE;
    int low = 0;
    int left = n;
    while (left > 64) {
      int half = left >>> 1;
      low +=
          (segment.get(Bytes.LONG, at + (low + half - 1) * 8L) ^ Long.MIN_VALUE) < flipped
              ? half
              : 0;
      left -= half;
    }
    // Not a binary search, whose loads wait for each other: one load a cache line, all of them
    // under way at once, then one line (decision 0006).
    int end = low + left;
    int lines = 0;
    for (int i = low + 7; i < end; i += 8) {
      lines += (segment.get(Bytes.LONG, at + i * 8L) ^ Long.MIN_VALUE) < flipped ? 8 : 0;
    }
    low += lines;
    int stop = Math.min(low + 8, end);
    int count = 0;
    for (int i = low; i < stop; i++) {
      count += (segment.get(Bytes.LONG, at + i * 8L) ^ Long.MIN_VALUE) < flipped ? 1 : 0;
    }
    return low + count;
  }

  /** Compares entry i, whose head equals the target's, with (suffix, revision). */
  private static int compareEntry(
      MemorySegment segment,
      long base,
      int length,
      long meta,
      int i,
      byte[] key,
      int suffixOffset,
      int suffixLength,
      long revision) {
    int start = recordStart(segment, base, length, meta, i);
    int at = start + fixedBytes(meta);
    int entrySuffix;
    if ((flags(meta) & FLAG_ONE_SUFFIX_LENGTH) != 0) {
      entrySuffix = suffixLength(segment, base);
    } else {
      long varint = varint(segment, base + at);
      entrySuffix = varintValue(varint);
      at += varintBytes(varint);
    }
    // Equal heads with zero padding: where one suffix ends inside the head, it begins the other.
    int order =
        entrySuffix > Long.BYTES && suffixLength > Long.BYTES
            ? compareBytes(
                segment,
                base + at,
                entrySuffix - Long.BYTES,
                key,
                suffixOffset + Long.BYTES,
                suffixLength - Long.BYTES)
            : Integer.compare(entrySuffix, suffixLength);
    if (order != 0 || revision == Long.MAX_VALUE) {
      return order;
    }
    int kindBytes = (flags(meta) & FLAG_ONE_KIND) != 0 ? 0 : 1;
    long entryRevision = revisionAt(segment, base, base + start + kindBytes, revisionWidth(meta));
    return Long.compare(revision, entryRevision);
  }

  /** Compares bytes of the segment with bytes of an array, unsigned, a prefix first. */
  static int compareBytes(
      MemorySegment segment, long at, int length, byte[] array, int offset, int arrayLength) {
    int shared = Math.min(length, arrayLength);
    int i = 0;
    for (; i + Long.BYTES <= shared; i += Long.BYTES) {
      long a = segment.get(Bytes.LONG, at + i);
      long b = Bytes.getLong(array, offset + i);
      if (a != b) {
        return Long.compareUnsigned(a, b);
      }
    }
    for (; i < shared; i++) {
      int a = segment.get(Bytes.BYTE, at + i) & 0xFF;
      int b = array[offset + i] & 0xFF;
      if (a != b) {
        return a - b;
      }
    }
    return length - arrayLength;
  }

  /**
   * What is wrong with the structure of a block, or null if every method here may be used on it. A
   * checksum says that bytes are those that were written; this says that they are a block.
   */
  public static @Nullable String damage(MemorySegment segment, long base, int length) {
    if (length < HEADER) {
      return "block shorter than its header";
    }
    long meta = meta(segment, base);
    int n = count(meta);
    int flags = flags(meta);
    int width = revisionWidth(meta);
    if (n == 0 || (flags & ~FLAGS_KNOWN) != 0 || width > Long.BYTES) {
      return "block header";
    }
    // At most 65535 * 12 + 65535: no overflow.
    int records = recordsStart(meta);
    if (records > length) {
      return "block shorter than its arrays";
    }
    int stride = stride(meta);
    if (stride != 0 && (long) stride * n != length - records) {
      return "block stride";
    }
    int start = records;
    for (int i = 0; i < n; i++) {
      if (i > 0
          && Long.compareUnsigned(head(segment, base, i - 1), head(segment, base, i)) > 0) {
        return "block heads out of order";
      }
      if (recordStart(segment, base, length, meta, i) != start) {
        return "block offsets";
      }
      long end = nextStart(segment, base, length, meta, i);
      if (end < start || end > length) {
        return "block offsets";
      }
      String damage = recordDamage(segment, base, meta, start, (int) end);
      if (damage != null) {
        return damage;
      }
      start = (int) end;
    }
    return start == length ? null : "block length";
  }

  private static long nextStart(MemorySegment segment, long base, int length, long meta, int i) {
    if (stride(meta) != 0 || i + 1 == count(meta) || (flags(meta) & FLAG_WIDE_OFFSETS) == 0) {
      return recordStart(segment, base, length, meta, i + 1);
    }
    long at = base + HEADER + (long) count(meta) * Long.BYTES + 4L * (i + 1);
    return recordsStart(meta) + (segment.get(Bytes.INT, at) & 0xFFFFFFFFL);
  }

  private static @Nullable String recordDamage(
      MemorySegment segment, long base, long meta, int start, int end) {
    int at = start + fixedBytes(meta);
    if (at > end) {
      return "record shorter than its header";
    }
    int kind =
        segment.get(Bytes.BYTE, base + ((flags(meta) & FLAG_ONE_KIND) != 0 ? AT_KIND : start));
    if (kind < 0 || kind > ValueKind.HIGHEST_KNOWN) {
      return "record kind " + (kind & 0xFF);
    }
    int suffixLength;
    if ((flags(meta) & FLAG_ONE_SUFFIX_LENGTH) != 0) {
      suffixLength = suffixLength(segment, base);
    } else {
      if (at == end) {
        return "record without suffix length";
      }
      long varint = varint(segment, base + at);
      if (varintBytes(varint) == 0) {
        return "record suffix length";
      }
      suffixLength = varintValue(varint);
      at += varintBytes(varint);
    }
    int rest = Math.max(0, suffixLength - Long.BYTES);
    if (at > end || rest > end - at) {
      return "record suffix longer than the record";
    }
    if (kind == ValueKind.DELETE && at + rest != end) {
      return "deletion with a value";
    }
    return null;
  }
}
