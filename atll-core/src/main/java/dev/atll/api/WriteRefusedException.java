package dev.atll.api;

import org.jspecify.annotations.Nullable;

/**
 * This write was refused before anything of it was done: it is not visible and never will be. The
 * store goes on, and the write may be tried again once what the message names has changed: memory
 * that ran out, cursors that pin memtables, level 0 that nothing empties.
 */
public final class WriteRefusedException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public WriteRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public WriteRefusedException(String message) {
    this(message, null);
  }
}
