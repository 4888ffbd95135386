package dev.atll.torture;

/**
 * One step of a history. Holds all that it needs but what it meets in the world, so that it means
 * something in every history: what names a snapshot or cursor names the one it finds, or none.
 */
interface Op {
  /** Does it to the store and to the model and compares. */
  void run(World world);
}
