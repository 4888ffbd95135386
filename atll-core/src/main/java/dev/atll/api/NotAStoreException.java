package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** The directory holds files, but not those of a store; nothing was changed. */
public final class NotAStoreException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public NotAStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public NotAStoreException(String message) {
    this(message, null);
  }
}
