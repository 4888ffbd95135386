package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** A file was written by a newer version or with an unknown feature; nothing was changed. */
public final class UnsupportedFormatException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public UnsupportedFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public UnsupportedFormatException(String message) {
    this(message, null);
  }
}
