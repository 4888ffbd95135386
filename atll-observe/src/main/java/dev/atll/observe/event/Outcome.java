package dev.atll.observe.event;

/** How a background job ended. */
public enum Outcome {
  /** Its result is part of the store. */
  INSTALLED,
  /** It was stopped before it changed anything. */
  CANCELLED,
  /** It met an error and changed nothing. */
  FAILED
}
