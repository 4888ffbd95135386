package dev.atll.env.sim;

/**
 * The power went. An error rather than an exception, so that no handler of I/O errors takes it for
 * one; once it was thrown from a hook, every later call on that file system throws it again.
 */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  /**
   * Says where.
   *
   * @param message for the reader of a failed test
   */
  public SimulatedCrash(String message) {
    super(message);
  }
}
