package dev.atll.observe.json;

/** An enumeration has no such value; a newer writer may have more of them. */
final class UnknownConstantException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownConstantException(String message) {
    super(message);
  }
}
