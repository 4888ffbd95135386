package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** Another process, or another store in this one, holds the directory. */
public final class DirectoryInUseException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public DirectoryInUseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public DirectoryInUseException(String message) {
    this(message, null);
  }
}
