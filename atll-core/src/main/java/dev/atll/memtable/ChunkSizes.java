package dev.atll.memtable;

/**
 * How both arenas grow, and how their 32-bit addresses are read: the upper half names a chunk, the
 * lower half a four-byte unit inside it.
 *
 * <p>Chunks stop at 256 KiB: an array of half a G1 region is "humongous" (allocated straight into
 * the old generation, never moved), and regions are 1 MiB in small heaps. The first chunks are
 * smaller, so that a nearly empty memtable stays small.
 */
final class ChunkSizes {
  static final int UNIT_BITS = 16;
  static final int UNIT_MASK = (1 << UNIT_BITS) - 1;
  static final int UNIT_BYTES = Integer.BYTES;
  static final int CHUNK_UNITS_MAX = 1 << UNIT_BITS;
  static final int CHUNK_BYTES_MAX = CHUNK_UNITS_MAX * UNIT_BYTES;
  static final int CHUNKS_MAX = 1 << (Integer.SIZE - UNIT_BITS);

  private static final int FIRST_CHUNK_UNITS = 1 << 10;

  private ChunkSizes() {}

  /** Units of the chunk with this index: 4 KiB, 16 KiB, 64 KiB, then 256 KiB each. */
  static int units(int chunkIndex) {
    return chunkIndex >= 3 ? CHUNK_UNITS_MAX : FIRST_CHUNK_UNITS << (2 * chunkIndex);
  }

  static int address(int chunkIndex, int unit) {
    if (chunkIndex >= CHUNKS_MAX) {
      throw new IllegalStateException("memtable holds more than " + CHUNKS_MAX + " chunks");
    }
    return chunkIndex << UNIT_BITS | unit;
  }
}
