package dev.atll.bench.sim;

/**
 * Memory of a simulated store for its tables, as the engine uses it: while they fit they are mapped, and
 * a block costs no more than the unit prices say. When they do not, blocks are read one by one, through
 * frames in a quarter of it and, where there is one, the system's page cache in the rest.
 *
 * @param tableBytes memory for tables, in bytes, 0 or more
 * @param pages whether a page cache has what frames leave of it
 * @param blockNanos what a read of the device takes, in nanoseconds, 0 or more
 */
public record SimMemory(long tableBytes, boolean pages, double blockNanos) {
  /** Everything is in memory. */
  public static final SimMemory ALL = new SimMemory(Long.MAX_VALUE, true, 0);

  /** Whether tables may be larger than it. */
  boolean isBounded() {
    return tableBytes != Long.MAX_VALUE;
  }
}
