package dev.atll.bench.memory;

/** Memory cannot be limited here: no controller, or no right to use it; the message says which. */
public final class MemoryLimitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MemoryLimitException(String message) {
    super(message);
  }

  MemoryLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
