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
}
