package dev.atll.sstable.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the filter section of one partition after the other: the filter, then its parameters, the
 * last two bytes of which are its kind and its probes or columns. Keeps its memory in between. Not
 * thread-safe.
 */
public final class FilterWriter {
  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final RibbonSolver solver = new RibbonSolver();
  private final int ribbonKeysMin;
  private @Nullable BlockedBloom bloom;
  private double bloomBits;
  private @Nullable Ribbon ribbon;
  private double falsePositiveRate = 1;

  /** Creates it. */
  public FilterWriter() {
    this(Ribbon.KEYS_MIN);
  }

  /** For examples: with ribbons over fewer keys than is sensible. */
  FilterWriter(int ribbonKeysMin) {
    this.ribbonKeysMin = ribbonKeysMin;
  }

  /**
   * Prepares a filter.
   *
   * @param hashes {@link dev.atll.base.Keys#hash} of each distinct key, the first {@code count}
   * @return bytes of the section; 0 for no filter
   */
  public int prepare(long[] hashes, int count, FilterChoice choice) {
    ribbon = null;
    falsePositiveRate = 1;
    double bits = choice.bitsPerKey();
    if (bits == 0 || count == 0) {
      return 0;
    }
    if (choice.kind() == FilterKind.RIBBON
        && count >= ribbonKeysMin
        && count <= Ribbon.KEYS_MAX) {
      ribbon = solver.solve(hashes, count, bits);
    }
    if (ribbon != null) {
      falsePositiveRate = ribbon.falsePositiveRate();
      return (int) (ribbon.words() * Long.BYTES) + FilterSection.RIBBON_TAIL_BYTES;
    }
    BlockedBloom filter = bloom;
    if (filter == null || bloomBits != bits) {
      filter = BlockedBloom.ofBitsPerKey(bits);
      bloom = filter;
      bloomBits = bits;
    }
    int bytes = filter.bytesFor(count);
    falsePositiveRate = BlockedBloom.falsePositiveRate(8.0 * bytes / count, filter.probes());
    return bytes + FilterSection.BLOOM_TAIL_BYTES;
  }

  /** Writes the section prepared last, all bytes of it. */
  public void write(long[] hashes, int count, byte[] target, int offset) {
    Ribbon shape = ribbon;
    BlockedBloom filter = bloom;
    if (shape != null) {
      solver.write(shape, target, offset);
      int tail = offset + (int) (shape.words() * Long.BYTES);
      BIG_ENDIAN_INT.set(target, tail, shape.blocks());
      BIG_ENDIAN_INT.set(target, tail + 4, shape.lowBlocks());
      target[tail + 8] = (byte) shape.seed();
      target[tail + 9] = (byte) FilterKind.RIBBON.number();
      target[tail + 10] = (byte) shape.lowColumns();
    } else if (filter != null) {
      filter.build(hashes, count, target, offset);
      int tail = offset + filter.bytesFor(count);
      target[tail] = (byte) FilterKind.BLOCKED_BLOOM.number();
      target[tail + 1] = (byte) filter.probes();
    }
  }

  /** Whether the filter prepared last is of the kind that older versions do not know. */
  public boolean isRibbon() {
    return ribbon != null;
  }

  /** The expected false-positive rate of the filter prepared last; 1 without one. */
  public double falsePositiveRate() {
    return falsePositiveRate;
  }
}
