package dev.atll.env;

import org.jspecify.annotations.Nullable;

/**
 * A file could not be opened or created since the process, or the system, has no file descriptor left.
 * Like a full disk: nothing was done, and the same call may succeed once others have been given back.
 */
public final class OutOfDescriptorsException extends OutOfSpaceException {
  private static final long serialVersionUID = 1L;
  private static final int CAUSES_MAX = 16;

  /**
   * Says what was to be opened.
   *
   * @param message names the file
   * @param cause the error of the system, or null in a simulation
   */
  public OutOfDescriptorsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether one is a failure or among its causes. */
  public static boolean isAmong(@Nullable Throwable failure) {
    int depth = 0;
    for (Throwable e = failure; e != null && depth < CAUSES_MAX; e = e.getCause()) {
      if (e instanceof OutOfDescriptorsException) {
        return true;
      }
      depth++;
    }
    return false;
  }

  /** What there is none of: for messages about a failure that may have either cause. */
  public static String missing(@Nullable Throwable failure) {
    return isAmong(failure)
        ? "the process has no file descriptor left (see ulimit -n)"
        : "the disk has no room";
  }
}
