package dev.atll.bench.workload;

import java.util.Arrays;

/**
 * A row of operations drawn ahead of time, so that what the drawing costs is no part of what is
 * measured. Not thread-safe.
 */
public final class OpBuffer {
  private final OpKind[] kinds;
  private final long[] indexes;
  private final int[] lengths;
  private int size;

  /** An empty buffer for so many operations. */
  public OpBuffer(int capacity) {
    kinds = new OpKind[capacity];
    indexes = new long[capacity];
    lengths = new int[capacity];
    Arrays.fill(kinds, OpKind.GET);
  }

  /** How many operations it can hold. */
  public int capacity() {
    return kinds.length;
  }

  /** How many operations it holds. */
  public int size() {
    return size;
  }

  /** Makes it empty. */
  public void clear() {
    size = 0;
  }

  /**
   * Adds an operation.
   *
   * @param kind what to do
   * @param index number of the key it is about; of the first key of a batch
   * @param length entries of a scan, keys of a batch or of many read at once; otherwise 1
   */
  public void add(OpKind kind, long index, int length) {
    kinds[size] = kind;
    indexes[size] = index;
    lengths[size] = length;
    size++;
  }

  /** What operation i does. */
  public OpKind kind(int i) {
    return kinds[i];
  }

  /** The number of operation i's key. */
  public long index(int i) {
    return indexes[i];
  }

  /** Entries of a scan, keys of a batch or of many read at once; otherwise 1. */
  public int length(int i) {
    return lengths[i];
  }
}
