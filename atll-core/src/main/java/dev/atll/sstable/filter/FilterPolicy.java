package dev.atll.sstable.filter;

import java.lang.foreign.MemorySegment;

/**
 * How a partition remembers which keys it has. Works on {@link dev.atll.base.Keys#hash} values, is
 * written once and probed in place in the file. Closed: the number of each kind is part of the file
 * format.
 */
public sealed interface FilterPolicy permits BlockedBloom {
  /** The number of this kind of filter in a file. */
  int kind();

  /** How many bytes a filter over so many keys takes; 0 for no filter. */
  int bytesFor(int keys);

  /**
   * Writes the filter.
   *
   * @param hashes hash of each distinct key, the first {@code count} of them
   * @param target receives {@link #bytesFor} bytes, all of which are overwritten
   */
  void build(long[] hashes, int count, byte[] target, int offset);

  /** Whether a filter of this many bytes at this place may have been built over this key. */
  boolean mayContain(MemorySegment segment, long offset, int bytes, long hash);
}
