package dev.atll.observe.event;

/** Caches, summarised. */
public sealed interface CacheEvent extends VizEvent {

  /** A cache's fill and its traffic since the previous such event. */
  record Measured(
      long timeNanos,
      CacheKind cache,
      long capacityBytes,
      long usedBytes,
      long hits,
      long misses,
      long evictions)
      implements CacheEvent {}
}
