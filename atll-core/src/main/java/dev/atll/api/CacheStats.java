package dev.atll.api;

import java.util.List;

/**
 * What a store's caches of blocks hold and how often they helped, as a whole and for each slot that
 * has runs. Counts are since the store was opened. Immutable.
 *
 * @param mapped whether tables are mapped now and read in place, because all of them fit the memory
 *     there is for them; otherwise they are read block by block
 * @param memoryBytes memory for tables, in bytes, greater than 0
 * @param capacityBytes most that the caches may take of it, or of the heap, in bytes; 0 without one
 * @param usedBytes what they take, in bytes
 * @param hits blocks found in them
 * @param misses blocks not found in them
 * @param evictions blocks that had to make room for others
 * @param slots slots with runs, by level and place; level 0 counts as one slot
 */
public record CacheStats(
    boolean mapped,
    long memoryBytes,
    long capacityBytes,
    long usedBytes,
    long hits,
    long misses,
    long evictions,
    List<SlotCache> slots) {

  /** Copies the list. */
  public CacheStats {
    slots = List.copyOf(slots);
  }

  /**
   * One slot. A partition of a table that several slots share counts for the first of them; reads of
   * tables that a compaction has replaced still count for the slot they were in, unless they came and
   * went within a quarter of a second.
   *
   * @param level its level
   * @param slot its place in the level, from 0
   * @param hits blocks of its runs found in a cache
   * @param misses blocks of its runs not found in a cache; those read in place are not counted
   * @param frameBytes memory that its blocks take in the cache of blocks not mapped, in bytes, as of
   *     a second ago or a few
   * @param mappedBytes bytes of its runs that are read in place
   * @param blockBytes bytes of its runs that are read block by block
   */
  public record SlotCache(
      int level,
      int slot,
      long hits,
      long misses,
      long frameBytes,
      long mappedBytes,
      long blockBytes) {

    /** Share of the blocks asked of a cache that were there, 0 to 1; NaN if none was asked. */
    public double hitRatio() {
      return (double) hits / (hits + misses);
    }
  }

  /** Share of the blocks asked of a cache that were there, 0 to 1; NaN if none was asked. */
  public double hitRatio() {
    return (double) hits / (hits + misses);
  }
}
