package dev.atll.observe.event;

/** Why a store refuses further writes until it is reopened. */
public enum PoisonCause {
  /** Forcing a file to disk failed. */
  SYNC_FAILED,
  /** Writing a log or manifest failed. */
  WRITE_FAILED,
  /** The new version could not be made durable. */
  MANIFEST_FAILED,
  /** An invariant of the engine was broken. */
  INTERNAL
}
