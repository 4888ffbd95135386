package dev.atll.env.sim;

/** How much of what was not made durable survives a power cut. */
enum Survival {
  /** Nothing. */
  NONE,
  /** Everything. */
  ALL,
  /**
   * What was done first: of a file's bytes those up to some byte, in the middle of a sector too; of
   * a directory's changes the first few.
   */
  PREFIX,
  /**
   * Any part: of a file's bytes any set of sectors, those lost inside the grown file reading as
   * zeros; of a directory's changes any set.
   */
  SUBSET
}
