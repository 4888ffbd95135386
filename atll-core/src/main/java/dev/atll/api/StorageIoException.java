package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** A file operation failed; the cause tells which. */
public final class StorageIoException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public StorageIoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public StorageIoException(String message) {
    this(message, null);
  }
}
