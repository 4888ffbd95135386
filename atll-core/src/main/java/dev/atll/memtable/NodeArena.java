package dev.atll.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Nodes of the skip list, one for each key, in heap int arrays. Ints, not bytes, because only then the JDK grants
 * acquire and release access to the links (views over byte arrays are plain since JDK 22).
 *
 * <p>A node at unit n:
 *
 * <pre>
 *   n - height .. n - 1   links, the lowest level last
 *   n, n + 1              key bytes 0..7, big-endian
 *   n + 2, n + 3          key bytes 8..15, big-endian
 *   n + 4                 key length
 *   n + 5                 first version, which holds the key, in the entry arena
 *   n + 6                 newest version, in the entry arena
 * </pre>
 *
 * Links grow downwards, so what one step of a search touches (a low link and the first key bytes)
 * lies within 24 bytes and mostly in one cache line; keys of up to 16 bytes are compared without
 * leaving it.
 */
final class NodeArena {
  /** No node has this address. */
  static final int NONE = 0;

  private static final int FIXED_UNITS = 7;
  private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);

  private int[][] chunks = new int[4][];
  private int chunkCount;
  private int chunkUsedUnits;
  private long usedUnits;

  /** Makes a node without links; of the rest, only the newest version changes. */
  int allocate(int height, long head, long second, int keyLength, int first) {
    int units = height + FIXED_UNITS;
    if (chunkCount == 0 || chunkUsedUnits + units > chunks[chunkCount - 1].length) {
      addChunk();
    }
    int unit = chunkUsedUnits + height;
    chunkUsedUnits += units;
    usedUnits += units;
    int[] chunk = chunks[chunkCount - 1];
    chunk[unit] = (int) (head >>> Integer.SIZE);
    chunk[unit + 1] = (int) head;
    chunk[unit + 2] = (int) (second >>> Integer.SIZE);
    chunk[unit + 3] = (int) second;
    chunk[unit + 4] = keyLength;
    chunk[unit + 5] = first;
    chunk[unit + 6] = first;
    return ChunkSizes.address(chunkCount - 1, unit);
  }

  private void addChunk() {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    chunks[chunkCount] = new int[ChunkSizes.units(chunkCount)];
    chunkCount++;
    chunkUsedUnits = 0;
  }

  long usedBytes() {
    return usedUnits * ChunkSizes.UNIT_BYTES;
  }

  int next(int node, int level) {
    return (int) INT.getAcquire(chunk(node), unit(node) - 1 - level);
  }

  /** The link as the inserting thread left it. */
  int nextPlain(int node, int level) {
    return chunk(node)[unit(node) - 1 - level];
  }

  void linkPlain(int node, int level, int to) {
    chunk(node)[unit(node) - 1 - level] = to;
  }

  /** Publishes {@code to} and all that was written before. */
  void linkRelease(int node, int level, int to) {
    INT.setRelease(chunk(node), unit(node) - 1 - level, to);
  }

  long head(int node) {
    return pair(chunk(node), unit(node));
  }

  long second(int node) {
    return pair(chunk(node), unit(node) + 2);
  }

  int keyLength(int node) {
    return chunk(node)[unit(node) + 4];
  }

  /** The version that holds the key. */
  int keyEntry(int node) {
    return chunk(node)[unit(node) + 5];
  }

  int newest(int node) {
    return (int) INT.getAcquire(chunk(node), unit(node) + 6);
  }

  /** Publishes a version and all that was written before. */
  void newestRelease(int node, int version) {
    INT.setRelease(chunk(node), unit(node) + 6, version);
  }

  private int[] chunk(int node) {
    return chunks[node >>> ChunkSizes.UNIT_BITS];
  }

  private static int unit(int node) {
    return node & ChunkSizes.UNIT_MASK;
  }

  private static long pair(int[] chunk, int unit) {
    return (long) chunk[unit] << Integer.SIZE | chunk[unit + 1] & 0xFFFF_FFFFL;
  }
}
