package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** The disk is full, the reserve is reached or no file descriptor is left: this write was refused and is not visible. Reads, and deletions within the reserve, go on. */
public final class StorageFullException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public StorageFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public StorageFullException(String message) {
    this(message, null);
  }
}
