package dev.atll.observe.json;

import java.io.IOException;

/** A line of a trace is not what the format allows. */
public final class TraceFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Made with what is wrong and where.
   *
   * @param message says what was expected, what was found, and where
   */
  TraceFormatException(String message) {
    super(message);
  }

  TraceFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
