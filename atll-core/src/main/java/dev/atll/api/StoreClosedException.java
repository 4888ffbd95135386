package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** The store, snapshot or cursor was closed before the call or during it. */
public final class StoreClosedException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public StoreClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public StoreClosedException(String message) {
    this(message, null);
  }
}
