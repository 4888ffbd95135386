package dev.atll.observe.event;

/** Why a background job failed. */
public enum FailureCause {
  /** A file that it read is damaged or missing. */
  DAMAGE,
  /** What it wrote is not what it meant to write. */
  OUTPUT,
  /** The disk refused a read or a write. */
  IO,
  /** The disk is full. */
  SPACE,
  /** There was no memory left. */
  MEMORY,
  /** Anything else, a mistake in the code included. */
  OTHER
}
