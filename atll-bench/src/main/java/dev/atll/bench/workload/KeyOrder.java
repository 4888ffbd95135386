package dev.atll.bench.workload;

/** How the numbers of keys relate to their places in key order. */
public enum KeyOrder {
  /** Neighbouring numbers land anywhere: the order of keys looks random. */
  HASHED,
  /** Key order is the order of the numbers. */
  ORDERED
}
