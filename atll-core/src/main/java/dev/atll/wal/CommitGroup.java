package dev.atll.wal;

import java.util.Arrays;
import java.util.Objects;

/**
 * Encoded batches that go to the log together, one revision each, in order. Refers to the callers'
 * arrays, which must stay as they are until the group is appended. Re-usable; not thread-safe.
 */
public final class CommitGroup {
  private byte[][] arrays = new byte[16][];
  private int[] offsets = new int[16];
  private int[] lengths = new int[16];
  private int size;
  private long bytes;

  /** An empty group. */
  public CommitGroup() {}

  /**
   * Adds a batch as {@code WriteBatch.encoded()} has it.
   *
   * @throws IndexOutOfBoundsException if the range is outside the array
   */
  public void add(byte[] batch, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, batch.length);
    if (size == arrays.length) {
      arrays = Arrays.copyOf(arrays, size * 2);
      offsets = Arrays.copyOf(offsets, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
    }
    arrays[size] = batch;
    offsets[size] = offset;
    lengths[size] = length;
    size++;
    bytes += length;
  }

  /** Makes it empty and lets go of the arrays. */
  public void clear() {
    Arrays.fill(arrays, 0, size, null);
    size = 0;
    bytes = 0;
  }

  /** Number of batches. */
  public int size() {
    return size;
  }

  /** Bytes of all batches. */
  public long bytes() {
    return bytes;
  }

  byte[] array(int index) {
    return arrays[index];
  }

  int offset(int index) {
    return offsets[index];
  }

  int length(int index) {
    return lengths[index];
  }
}
