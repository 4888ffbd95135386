package dev.atll.sstable.filter;

import dev.atll.api.UnsupportedFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a partition where it is mapped: which kind it is and where its parts are. Immutable
 * and thread-safe.
 */
public final class FilterSection {
  static final int BLOOM_TAIL_BYTES = 2;
  static final int RIBBON_TAIL_BYTES = 11;

  private static final FilterSection NONE = new FilterSection(0, 0, 0, null);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** The filter cannot be what it says: the file was damaged or made up. */
  public static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;

    DamagedException(String what) {
      super(what, null, false, false);
      this.what = what;
    }

    /** What does not fit. */
    public String what() {
      return what;
    }
  }

  private final long offset;
  private final int bloomBlocks;
  private final int bloomProbes;
  private final @Nullable Ribbon ribbon;

  private FilterSection(long offset, int bloomBlocks, int bloomProbes, @Nullable Ribbon ribbon) {
    this.offset = offset;
    this.bloomBlocks = bloomBlocks;
    this.bloomProbes = bloomProbes;
    this.ribbon = ribbon;
  }

  /** No filter: admits every key. */
  public static FilterSection none() {
    return NONE;
  }

  /**
   * Reads what the section says of itself; its checksum was verified.
   *
   * @param length bytes of the section
   * @param name what errors call the file
   * @throws UnsupportedFormatException if its kind is unknown
   * @throws DamagedException if its numbers do not fit together
   */
  public static FilterSection read(MemorySegment segment, long offset, int length, String name)
      throws DamagedException {
    if (length < BLOOM_TAIL_BYTES) {
      throw new DamagedException("filter");
    }
    int number = segment.get(ValueLayout.JAVA_BYTE, offset + length - 2) & 0xFF;
    int parameter = segment.get(ValueLayout.JAVA_BYTE, offset + length - 1) & 0xFF;
    FilterKind kind = FilterKind.ofNumber(number);
    if (kind == null) {
      throw new UnsupportedFormatException(
          String.format(Locale.ROOT, "table %s: filter at %d has kind %d", name, offset, number));
    }
    return switch (kind) {
      case BLOCKED_BLOOM -> bloom(offset, length - BLOOM_TAIL_BYTES, parameter);
      case RIBBON -> ribbon(segment, offset, length - RIBBON_TAIL_BYTES, parameter);
    };
  }

  private static FilterSection bloom(long offset, int bytes, int probes) throws DamagedException {
    if (bytes <= 0 || bytes % BlockedBloom.BLOCK_BYTES != 0) {
      throw new DamagedException("filter");
    }
    if (probes < 1 || probes > BlockedBloom.PROBES_MAX) {
      throw new DamagedException("filter probes");
    }
    return new FilterSection(offset, bytes / BlockedBloom.BLOCK_BYTES, probes, null);
  }

  private static FilterSection ribbon(MemorySegment segment, long offset, int bytes, int columns)
      throws DamagedException {
    if (bytes < 0 || bytes % Long.BYTES != 0) {
      throw new DamagedException("filter");
    }
    int blocks = segment.get(INT, offset + bytes);
    int lowBlocks = segment.get(INT, offset + bytes + 4);
    int seed = segment.get(ValueLayout.JAVA_BYTE, offset + bytes + 8) & 0xFF;
    if (blocks < 1
        || blocks > Integer.MAX_VALUE / Ribbon.WIDTH
        || lowBlocks < 1
        || lowBlocks > blocks
        || columns > Ribbon.COLUMNS_MAX) {
      throw new DamagedException("filter shape");
    }
    Ribbon shape = new Ribbon(blocks, lowBlocks, columns, seed);
    if (shape.words() != bytes / Long.BYTES) {
      throw new DamagedException("filter length");
    }
    return new FilterSection(offset, 0, 0, shape);
  }

  /** Whether there is a filter. */
  public boolean exists() {
    return bloomBlocks != 0 || ribbon != null;
  }

  /** The expected false-positive rate if the filter is over so many keys; 1 without a filter. */
  public double falsePositiveRate(long keys) {
    if (bloomBlocks != 0) {
      double bits = 8.0 * BlockedBloom.BLOCK_BYTES * bloomBlocks;
      return BlockedBloom.falsePositiveRate(bits / Math.max(1, keys), bloomProbes);
    }
    Ribbon shape = ribbon;
    return shape == null ? 1 : shape.falsePositiveRate();
  }

  /** Where the section begins in the file. */
  public long offset() {
    return offset;
  }

  /** Whether the partition may have a key of this hash; true without a filter. */
  public boolean mayContain(MemorySegment segment, long hash) {
    if (bloomBlocks != 0) {
      return BlockedBloom.mayContain(segment, offset, bloomBlocks, bloomProbes, hash);
    }
    Ribbon shape = ribbon;
    return shape == null || shape.mayContain(segment, offset, hash);
  }
}
