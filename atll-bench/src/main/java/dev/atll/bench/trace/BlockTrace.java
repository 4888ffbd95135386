package dev.atll.bench.trace;

import java.util.Arrays;

/**
 * Reads and writes of a block device, in units of {@value #UNIT_BYTES} bytes, in the order in which
 * they came. Immutable.
 */
public final class BlockTrace {
  /** Size of a unit, which is what a key stands for. */
  public static final int UNIT_BYTES = 4096;

  private final long[] firstUnits;
  private final int[] unitCounts;
  private final boolean[] writes;
  private final long skipped;
  private final int writeCount;

  private BlockTrace(long[] firstUnits, int[] unitCounts, boolean[] writes, long skipped) {
    this.firstUnits = firstUnits;
    this.unitCounts = unitCounts;
    this.writes = writes;
    this.skipped = skipped;
    int count = 0;
    for (boolean write : writes) {
      count += write ? 1 : 0;
    }
    this.writeCount = count;
  }

  /** How many requests there are. */
  public int size() {
    return writes.length;
  }

  /** How many of them write. */
  public int writeCount() {
    return writeCount;
  }

  /** How many rows were neither reads nor writes and were left out. */
  public long skipped() {
    return skipped;
  }

  /** The first unit that request i touches. */
  public long firstUnit(int i) {
    return firstUnits[i];
  }

  /** How many units request i touches, at least 1. */
  public int unitCount(int i) {
    return unitCounts[i];
  }

  /** Whether request i writes. */
  public boolean isWrite(int i) {
    return writes[i];
  }

  /** Collects requests. */
  static final class Builder {
    private long[] firstUnits = new long[1024];
    private int[] unitCounts = new int[1024];
    private boolean[] writes = new boolean[1024];
    private int size;
    private long skipped;

    void skip() {
      skipped++;
    }

    void add(long firstUnit, int unitCount, boolean write) {
      if (size == writes.length) {
        firstUnits = Arrays.copyOf(firstUnits, size * 2);
        unitCounts = Arrays.copyOf(unitCounts, size * 2);
        writes = Arrays.copyOf(writes, size * 2);
      }
      firstUnits[size] = firstUnit;
      unitCounts[size] = unitCount;
      writes[size] = write;
      size++;
    }

    BlockTrace build() {
      return new BlockTrace(
          Arrays.copyOf(firstUnits, size),
          Arrays.copyOf(unitCounts, size),
          Arrays.copyOf(writes, size),
          skipped);
    }
  }
}
