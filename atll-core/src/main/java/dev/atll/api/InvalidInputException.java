package dev.atll.api;

import org.jspecify.annotations.Nullable;

/** An argument or option is outside its documented limits; nothing was changed. */
public final class InvalidInputException extends AtllException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what happened, where, and what to do, and the cause where there is one. */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates it with what happened, where, and what to do. */
  public InvalidInputException(String message) {
    this(message, null);
  }
}
