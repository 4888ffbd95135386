package dev.atll.api;

import org.jspecify.annotations.Nullable;

/**
 * An earlier failure (a failed sync, an error in a background job) stopped writes for good; close the
 * store and open it again. Reads go on.
 */
public sealed class StoreFailedException extends AtllException permits OwnershipLostException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public StoreFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public StoreFailedException(String message) {
    this(message, null);
  }
}
