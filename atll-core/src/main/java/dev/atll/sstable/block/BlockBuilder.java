package dev.atll.sstable.block;

import dev.atll.base.Keys;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Collects sorted entries and lays them out as one {@link DataBlock}. The shape (prefix, widths,
 * what all entries share) is known only at the end, so keys and values wait in two flat buffers.
 * Re-used block after block: nothing is allocated per entry. Not thread-safe.
 */
public final class BlockBuilder {
  private byte[] keys = new byte[8 << 10];
  private byte[] values = new byte[16 << 10];
  private int[] keyEnds = new int[256];
  private int[] valueEnds = new int[256];
  private long[] revisions = new long[256];
  private byte[] kinds = new byte[256];
  // What all entries so far are like, so that the size with one more is known without a look at them.
  private long revisionMin;
  private long revisionMax;
  private int keyLengthMin;
  private boolean kindsAlike;
  private boolean keyLengthsAlike;
  private boolean valueLengthsAlike;
  private int count;
  private int keyBytes;
  private int valueBytes;
  private int headBytes;

  private int prefixLength;
  private int revisionWidth;
  private long revisionBase;
  private int flags;
  private int stride;
  private int suffixLength;
  private int encodedBytes;

  /** Creates an empty one. */
  public BlockBuilder() {}

  /** Forgets all entries. */
  public void clear() {
    count = 0;
    keyBytes = 0;
    valueBytes = 0;
    headBytes = 0;
  }

  /** Entries added since the last {@link #clear}. */
  public int count() {
    return count;
  }

  /** About how long the block would be with one more entry; a few percent too high. */
  public long estimateWith(int keyLength, int valueLength) {
    return DataBlock.HEADER
        + (long) headBytes
        + Math.max(Long.BYTES, keyLength)
        + valueBytes
        + valueLength
        + 5L * (count + 1);
  }

  /**
   * How long the block would be with one more entry: exactly if all keys are equally long, else at
   * least that.
   */
  public long sizeWith(
      byte[] key, int keyOffset, int keyLength, long revision, int kind, int valueLength) {
    long n = count + 1L;
    if (count == 0) {
      return DataBlock.HEADER + Long.BYTES + 5L + keyLength + valueLength;
    }
    int firstLength = keyEnds[0];
    int mismatch =
        Arrays.mismatch(keys, 0, firstLength, key, keyOffset, keyOffset + keyLength);
    int prefix = Math.min(mismatch < 0 ? firstLength : mismatch, 0xFFFF);
    int suffix = firstLength - prefix;
    boolean oneKind = kindsAlike && kind == kinds[0];
    boolean oneSuffixLength = keyLengthsAlike && keyLength == firstLength && suffix <= 0xFFFF;
    boolean oneSize = oneSuffixLength && valueLengthsAlike && valueLength == valueEnds[0];
    long range = Math.max(revisionMax, revision) - Math.min(revisionMin, revision);
    int fixed = (64 - Long.numberOfLeadingZeros(range) + 7) / 8 + (oneKind ? 0 : 1);
    long records = fixed * n + valueBytes + valueLength;
    long allKeys = (long) keyBytes + keyLength;
    if (oneSuffixLength) {
      records += Math.max(0, suffix - Long.BYTES) * n;
    } else {
      int shortest = Math.min(keyLengthMin, keyLength);
      records += Bytes.varintLength(Math.min(allKeys, Integer.MAX_VALUE)) * n;
      records +=
          shortest >= prefix + Long.BYTES
              ? allKeys - n * (prefix + Long.BYTES)
              : headBytes + (long) Math.max(Long.BYTES, keyLength) - Long.BYTES * n;
    }
    boolean strided = oneSize && records >= n && records / n <= 0xFFFF;
    int offsetWidth = strided ? 0 : records > 0xFFFF ? 4 : 2;
    return DataBlock.HEADER
        + n * (Long.BYTES + offsetWidth)
        + Math.max(0, prefix - Long.BYTES)
        + records;
  }

  /** Adds an entry, which must sort after the last one. */
  public void add(
      byte[] key,
      int keyOffset,
      int keyLength,
      long revision,
      int kind,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    int i = count;
    if (i == revisions.length) {
      growEntries();
    }
    if (keyLength > keys.length - keyBytes) {
      keys = Arrays.copyOf(keys, grown(keyBytes, keyLength));
    }
    if (valueLength > values.length - valueBytes) {
      values = Arrays.copyOf(values, grown(valueBytes, valueLength));
    }
    if (i == 0) {
      revisionMin = revision;
      revisionMax = revision;
      keyLengthMin = keyLength;
      kindsAlike = true;
      keyLengthsAlike = true;
      valueLengthsAlike = true;
    } else {
      revisionMin = Math.min(revisionMin, revision);
      revisionMax = Math.max(revisionMax, revision);
      keyLengthMin = Math.min(keyLengthMin, keyLength);
      kindsAlike &= kind == kinds[0];
      keyLengthsAlike &= keyLength == keyEnds[0];
      valueLengthsAlike &= valueLength == valueEnds[0];
    }
    System.arraycopy(key, keyOffset, keys, keyBytes, keyLength);
    MemorySegment.copy(value, Bytes.BYTE, valueOffset, values, valueBytes, valueLength);
    keyBytes += keyLength;
    valueBytes += valueLength;
    headBytes += Math.max(Long.BYTES, keyLength);
    keyEnds[i] = keyBytes;
    valueEnds[i] = valueBytes;
    revisions[i] = revision;
    kinds[i] = (byte) kind;
    count = i + 1;
  }

  /** Decides the shape of the block of at least one entry and returns its exact length. */
  public int plan() {
    assert count > 0;
    int firstLength = keyEnds[0];
    int lastStart = count == 1 ? 0 : keyEnds[count - 2];
    int lastLength = keyEnds[count - 1] - lastStart;
    int mismatch =
        Arrays.mismatch(keys, 0, firstLength, keys, lastStart, lastStart + lastLength);
    // Sorted: what the first and the last key share, all share.
    prefixLength = Math.min(mismatch < 0 ? firstLength : mismatch, 0xFFFF);
    boolean oneKind = kindsAlike;
    boolean oneSuffixLength = keyLengthsAlike && firstLength - prefixLength <= 0xFFFF;
    boolean oneSize = valueLengthsAlike;
    long min = revisionMin;
    long max = revisionMax;
    revisionBase = min;
    revisionWidth = (64 - Long.numberOfLeadingZeros(max - min) + 7) / 8;
    suffixLength = oneSuffixLength ? firstLength - prefixLength : 0;
    flags =
        (oneKind ? DataBlock.FLAG_ONE_KIND : 0)
            | (oneSuffixLength ? DataBlock.FLAG_ONE_SUFFIX_LENGTH : 0);
    int fixed = revisionWidth + (oneKind ? 0 : 1);
    long records = (long) fixed * count + valueBytes;
    if (oneSuffixLength) {
      records += (long) Math.max(0, suffixLength - Long.BYTES) * count;
    } else {
      for (int i = 0; i < count; i++) {
        int suffix = keyEnds[i] - (i == 0 ? 0 : keyEnds[i - 1]) - prefixLength;
        records += Bytes.varintLength(suffix) + Math.max(0, suffix - Long.BYTES);
      }
    }
    long strideLong = oneSuffixLength && oneSize ? records / count : 0;
    // A stride of 0 means offsets, which also serve records of no bytes at all.
    stride = strideLong <= 0xFFFF ? (int) strideLong : 0;
    int offsetWidth = 0;
    if (stride == 0) {
      offsetWidth = records > 0xFFFF ? 4 : 2;
      flags |= offsetWidth == 4 ? DataBlock.FLAG_WIDE_OFFSETS : 0;
    }
    long total =
        DataBlock.HEADER
            + (long) count * (Long.BYTES + offsetWidth)
            + Math.max(0, prefixLength - Long.BYTES)
            + records;
    if (total > Integer.MAX_VALUE - 1024) {
      throw new IllegalArgumentException("entry of " + total + " bytes: a block holds 2 GiB");
    }
    encodedBytes = (int) total;
    return encodedBytes;
  }

  /** Writes the block as {@link #plan} decided; returns the index after it. */
  public int encode(byte[] target, int offset) {
    Bytes.putLong(
        target,
        offset,
        (long) count << 48
            | (long) flags << 40
            | (long) revisionWidth << 32
            | (long) stride << 16
            | prefixLength);
    Bytes.putLong(target, offset + DataBlock.AT_REVISION_BASE, revisionBase);
    Bytes.putLong(target, offset + DataBlock.AT_PREFIX_HEAD, Keys.head(keys, 0, prefixLength));
    Bytes.putShort(target, offset + DataBlock.AT_SUFFIX_LENGTH, suffixLength);
    target[offset + DataBlock.AT_KIND] =
        (flags & DataBlock.FLAG_ONE_KIND) != 0 ? kinds[0] : 0;
    target[offset + DataBlock.AT_KIND + 1] = 0;
    int heads = offset + DataBlock.HEADER;
    int offsets = heads + count * Long.BYTES;
    int offsetWidth = stride != 0 ? 0 : (flags & DataBlock.FLAG_WIDE_OFFSETS) != 0 ? 4 : 2;
    int at = offsets + count * offsetWidth;
    if (prefixLength > Long.BYTES) {
      System.arraycopy(keys, Long.BYTES, target, at, prefixLength - Long.BYTES);
      at += prefixLength - Long.BYTES;
    }
    int records = at;
    int keyStart = 0;
    int valueStart = 0;
    for (int i = 0; i < count; i++) {
      int suffix = keyEnds[i] - keyStart - prefixLength;
      int suffixStart = keyStart + prefixLength;
      Bytes.putLong(target, heads + i * Long.BYTES, Keys.head(keys, suffixStart, suffix));
      if (offsetWidth == 2) {
        Bytes.putShort(target, offsets + 2 * i, at - records);
      } else if (offsetWidth == 4) {
        Bytes.putInt(target, offsets + 4 * i, at - records);
      }
      if ((flags & DataBlock.FLAG_ONE_KIND) == 0) {
        target[at++] = kinds[i];
      }
      at = Bytes.putFixed(target, at, revisions[i] - revisionBase, revisionWidth);
      if ((flags & DataBlock.FLAG_ONE_SUFFIX_LENGTH) == 0) {
        at = Bytes.putVarint(target, at, suffix);
      }
      if (suffix > Long.BYTES) {
        System.arraycopy(keys, suffixStart + Long.BYTES, target, at, suffix - Long.BYTES);
        at += suffix - Long.BYTES;
      }
      int valueLength = valueEnds[i] - valueStart;
      System.arraycopy(values, valueStart, target, at, valueLength);
      at += valueLength;
      keyStart = keyEnds[i];
      valueStart = valueEnds[i];
    }
    assert at - offset == encodedBytes : at - offset + " != " + encodedBytes;
    return at;
  }

  private void growEntries() {
    int size = revisions.length * 2;
    keyEnds = Arrays.copyOf(keyEnds, size);
    valueEnds = Arrays.copyOf(valueEnds, size);
    revisions = Arrays.copyOf(revisions, size);
    kinds = Arrays.copyOf(kinds, size);
  }

  private static int grown(int used, int more) {
    return Math.toIntExact(Math.min(Integer.MAX_VALUE - 16, 2L * ((long) used + more)));
  }
}
