package dev.atll.observe.event;

/** Caches, summarised. */
public sealed interface CacheEvent extends VizEvent {

  /**
   * A cache's fill and its traffic since the previous such event; how much memory there is for tables,
   * how many bytes of tables, and whether they are read in place because they fit.
   */
  record Measured(
      long timeNanos,
      CacheKind cache,
      long capacityBytes,
      long usedBytes,
      long hits,
      long misses,
      long evictions,
      long memoryBytes,
      long tableBytes,
      boolean mapped)
      implements CacheEvent {}

  /**
   * The end of a warm start, or why there was none: of {@code blocksListed} blocks that were hot when
   * the store was last closed, {@code blocksRead} are in the cache; others are gone.
   */
  record Warmed(long timeNanos, WarmStart outcome, int blocksListed, int blocksRead, long nanos)
      implements CacheEvent {}
}
