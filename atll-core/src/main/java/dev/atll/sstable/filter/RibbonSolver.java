package dev.atll.sstable.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the unknowns of a {@link Ribbon}: Gaussian elimination as the keys come, each row reduced by
 * the rows that begin where it begins until it finds a free place, then substitution from the last
 * unknown to the first. Keeps its memory for the next partition. Not thread-safe.
 */
final class RibbonSolver {
  // One attempt in four fails at first, later ones hardly ever; only an enemy's keys fail so often.
  private static final int ATTEMPTS_MAX = 16;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long[] rows = new long[0];
  private long[] sums = new long[0];

  /**
   * Sets up and reduces the equations.
   *
   * @param hashes hash of each key, the first {@code count} of them; may repeat
   * @return the shape that has a solution, for {@link #write}; null if none was found
   */
  @Nullable Ribbon solve(long[] hashes, int count, double bitsPerKey) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Ribbon shape = Ribbon.plan(count, bitsPerKey, attempt);
      if (reduce(hashes, count, shape)) {
        return shape;
      }
    }
    return null;
  }

  private boolean reduce(long[] hashes, int count, Ribbon shape) {
    int unknowns = shape.blocks() * Ribbon.WIDTH;
    if (rows.length < unknowns) {
      rows = new long[unknowns];
      sums = new long[unknowns];
    } else {
      Arrays.fill(rows, 0, unknowns, 0);
    }
    // Only bits that have a column need to agree.
    long columns = -1L << (Long.SIZE - Math.max(1, shape.columns()));
    int starts = shape.starts();
    for (int k = 0; k < count; k++) {
      long mixed = Ribbon.mix(hashes[k], shape.seed());
      int at = Ribbon.startOf(mixed, starts);
      long row = Ribbon.rowOf(mixed);
      long sum = Ribbon.fingerprintOf(mixed) & columns;
      while (rows[at] != 0) {
        row ^= rows[at];
        sum ^= sums[at];
        if (row == 0) {
          break;
        }
        int skip = Long.numberOfTrailingZeros(row);
        row >>>= skip;
        at += skip;
      }
      if (row != 0) {
        rows[at] = row;
        sums[at] = sum;
      } else if (sum != 0) {
        return false;
      }
    }
    return true;
  }

  /** Writes the unknowns of the last {@link #solve}: eight bytes for each of the shape's words. */
  void write(Ribbon shape, byte[] target, int offset) {
    int columns = shape.columns();
    // Of each column, the 64 unknowns from the current one on.
    long[] windows = new long[columns];
    for (int block = shape.blocks() - 1; block >= 0; block--) {
      int own = block < shape.lowBlocks() ? shape.lowColumns() : columns;
      for (int i = Ribbon.WIDTH - 1; i >= 0; i--) {
        int at = block * Ribbon.WIDTH + i;
        long row = rows[at];
        long later = row >>> 1;
        // A place that no row begins at is free: its unknown is 0.
        long sum = row == 0 ? 0 : sums[at];
        for (int c = 0; c < own; c++) {
          long bit = (Long.bitCount(later & windows[c]) ^ sum >>> (63 - c)) & 1;
          windows[c] = windows[c] << 1 | bit;
        }
      }
      int to = offset + (int) (shape.wordOf(block) << 3);
      for (int c = 0; c < own; c++, to += Long.BYTES) {
        WORD.set(target, to, windows[c]);
      }
    }
  }
}
