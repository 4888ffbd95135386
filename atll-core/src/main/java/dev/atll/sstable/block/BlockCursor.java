package dev.atll.sstable.block;

import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import java.lang.foreign.MemorySegment;

/**
 * A position in one data block, decoded into fields. The key is put together only when asked for. To
 * be opened on blocks without {@link DataBlock#damage} only. Not thread-safe.
 */
public final class BlockCursor {
  private MemorySegment segment = MemorySegment.NULL;
  private long base;
  private int length;
  private long meta;
  private int count;
  private int stride;
  private int records;
  private boolean wideOffsets;
  private boolean oneKind;
  private int blockKind;
  private boolean oneSuffixLength;
  private int blockSuffixLength;
  private int revisionWidth;
  private long revisionBase;
  private int prefixLength;
  private long prefixHead;

  private int index;
  private int kind;
  private long revision;
  private int suffixLength;
  private int restStart;
  private int valueStart;
  private int valueEnd;

  // Longer than any key of the block by a long, so that keys are copied eight bytes at a time.
  private byte[] key = new byte[64];
  private boolean prefixReady;
  private boolean keyReady;

  /** Creates one that is not open. */
  public BlockCursor() {}

  /** Opens a block; it has a position only after {@link #moveTo}. */
  public void open(MemorySegment newSegment, long newBase, int newLength) {
    segment = newSegment;
    base = newBase;
    length = newLength;
    meta = DataBlock.meta(newSegment, newBase);
    count = DataBlock.count(meta);
    stride = DataBlock.stride(meta);
    records = DataBlock.recordsStart(meta);
    int flags = DataBlock.flags(meta);
    wideOffsets = (flags & DataBlock.FLAG_WIDE_OFFSETS) != 0;
    oneKind = (flags & DataBlock.FLAG_ONE_KIND) != 0;
    blockKind = newSegment.get(Bytes.BYTE, newBase + DataBlock.AT_KIND);
    oneSuffixLength = (flags & DataBlock.FLAG_ONE_SUFFIX_LENGTH) != 0;
    blockSuffixLength = DataBlock.suffixLength(newSegment, newBase);
    revisionWidth = DataBlock.revisionWidth(meta);
    revisionBase = newSegment.get(Bytes.LONG, newBase + DataBlock.AT_REVISION_BASE);
    prefixLength = DataBlock.prefixLength(meta);
    prefixHead = newSegment.get(Bytes.LONG, newBase + DataBlock.AT_PREFIX_HEAD);
    prefixReady = false;
    keyReady = false;
    index = -1;
  }

  /** Lets go of the block. */
  public void clear() {
    segment = MemorySegment.NULL;
    count = 0;
    index = -1;
  }

  /** Entries of the block. */
  public int count() {
    return count;
  }

  /** The current entry. */
  public int index() {
    return index;
  }

  /** {@link DataBlock#seek} in this block; does not move. */
  public int seek(byte[] target, int offset, int targetLength, long atRevision) {
    return DataBlock.seek(segment, base, length, meta, target, offset, targetLength, atRevision);
  }

  /** Whether every entry is a deletion. */
  public boolean isAllDeletions() {
    return oneKind && blockKind == ValueKind.DELETE;
  }

  /** Whether entry i, from 1 on, has the key of the entry before it; does not move. */
  public boolean repeatsKey(int i) {
    if (DataBlock.head(segment, base, i - 1) != DataBlock.head(segment, base, i)) {
      return false;
    }
    // Equal heads of unequal lengths are padding: only suffixes of one length can be one key.
    long one = suffixOf(i - 1);
    long other = suffixOf(i);
    int suffix = (int) one;
    if (suffix != (int) other) {
      return false;
    }
    int rest = suffix - Long.BYTES;
    if (rest <= 0) {
      return true;
    }
    long a = base + (one >>> Integer.SIZE);
    long b = base + (other >>> Integer.SIZE);
    return MemorySegment.mismatch(segment, a, a + rest, segment, b, b + rest) < 0;
  }

  /** Where the suffix of entry i goes on past its head {@code << 32}, and its length. */
  private long suffixOf(int i) {
    long at = (stride != 0 ? records + (long) i * stride : offsetOf(i)) + revisionWidth;
    at += oneKind ? 0 : 1;
    if (oneSuffixLength) {
      return at << Integer.SIZE | blockSuffixLength;
    }
    long varint = DataBlock.varint(segment, base + at);
    return at + DataBlock.varintBytes(varint) << Integer.SIZE | DataBlock.varintValue(varint);
  }

  /** Moves to entry i, from 0 to count - 1. */
  public void moveTo(int i) {
    int start;
    int end;
    if (stride != 0) {
      start = records + i * stride;
      end = start + stride;
    } else {
      start = offsetOf(i);
      end = i + 1 == count ? length : offsetOf(i + 1);
    }
    int at = start;
    if (oneKind) {
      kind = blockKind;
    } else {
      kind = segment.get(Bytes.BYTE, base + at);
      at++;
    }
    int width = revisionWidth;
    revision =
        width == 0
            ? revisionBase
            : revisionBase + (segment.get(Bytes.LONG, base + at) >>> (64 - 8 * width));
    at += width;
    if (oneSuffixLength) {
      suffixLength = blockSuffixLength;
    } else {
      long varint = DataBlock.varint(segment, base + at);
      suffixLength = DataBlock.varintValue(varint);
      at += DataBlock.varintBytes(varint);
    }
    restStart = at;
    valueStart = at + Math.max(0, suffixLength - Long.BYTES);
    valueEnd = end;
    index = i;
    keyReady = false;
  }

  private int offsetOf(int i) {
    long offsets = base + DataBlock.HEADER + (long) count * Long.BYTES;
    return records
        + (wideOffsets
            ? segment.get(Bytes.INT, offsets + 4L * i)
            : segment.get(Bytes.SHORT, offsets + 2L * i) & 0xFFFF);
  }

  /** The key, from index 0 on; overwritten by the next call at another entry. */
  public byte[] keyArray() {
    if (!keyReady) {
      readKey();
    }
    return key;
  }

  private void readKey() {
    int needed = prefixLength + Math.max(Long.BYTES, suffixLength) + Long.BYTES;
    if (needed > key.length) {
      key = new byte[Math.max(needed, key.length * 2)];
      prefixReady = false;
    }
    if (!prefixReady) {
      Bytes.putLong(key, 0, prefixHead);
      if (prefixLength > Long.BYTES) {
        long rest = base + DataBlock.prefixRestStart(meta, count);
        MemorySegment.copy(
            segment, Bytes.BYTE, rest, key, Long.BYTES, prefixLength - Long.BYTES);
      }
      prefixReady = true;
    }
    Bytes.putLong(key, prefixLength, DataBlock.head(segment, base, index));
    int rest = suffixLength - Long.BYTES;
    int target = prefixLength + Long.BYTES;
    long source = base + restStart;
    for (int done = 0; done < rest; done += Long.BYTES) {
      Bytes.putLong(key, target + done, segment.get(Bytes.LONG, source + done));
    }
    keyReady = true;
  }

  /** Length of the key. */
  public int keyLength() {
    return prefixLength + suffixLength;
  }

  /** {@link Keys#head} of the key. */
  public long keyHead() {
    int p = prefixLength;
    if (p >= Long.BYTES) {
      return prefixHead;
    }
    long head = DataBlock.head(segment, base, index);
    return p == 0 ? head : prefixHead | head >>> (8 * p);
  }

  /** Revision of the entry. */
  public long revision() {
    return revision;
  }

  /** Kind of the entry. */
  public int kind() {
    return kind;
  }

  /** The memory of the block and of its values. */
  public MemorySegment segment() {
    return segment;
  }

  /** Where the value begins in {@link #segment}. */
  public long valueOffset() {
    return base + valueStart;
  }

  /** Length of the value. */
  public int valueLength() {
    return valueEnd - valueStart;
  }
}
