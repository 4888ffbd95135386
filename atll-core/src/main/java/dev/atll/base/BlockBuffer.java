package dev.atll.base;

import java.lang.foreign.MemorySegment;

/**
 * A block on the heap, with room behind it; re-used by its owner. Not thread-safe. Open, so that a test
 * may do something between a cache's choice of a frame and its copy; nothing else extends it.
 */
public class BlockBuffer {
  /** The block, from index 0. */
  public byte[] bytes = Keys.EMPTY;

  /** The same memory. */
  public MemorySegment segment = MemorySegment.NULL;

  /** Bytes of the block. */
  public int length;

  /** Creates it, without memory. */
  public BlockBuffer() {}

  /** Sees to it that there are so many bytes; what was there before is lost. */
  public void ensure(int capacity) {
    if (bytes.length < capacity) {
      bytes = new byte[Math.addExact(capacity, 64)];
      segment = MemorySegment.ofArray(bytes);
    }
  }
}
