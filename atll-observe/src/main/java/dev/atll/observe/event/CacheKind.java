package dev.atll.observe.event;

/** The caches with a budget of their own. */
public enum CacheKind {
  /** Decompressed data blocks. */
  BLOCK,
  /** Index and filter blocks. */
  INDEX,
  /** Filters kept in memory. */
  FILTER,
  /** Open table files. */
  TABLE
}
