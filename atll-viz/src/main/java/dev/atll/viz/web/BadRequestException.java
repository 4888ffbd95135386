package dev.atll.viz.web;

/** A request that cannot be understood; its message is for the client. */
final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String reason;

  BadRequestException(String reason) {
    super(reason);
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return reason;
  }
}
