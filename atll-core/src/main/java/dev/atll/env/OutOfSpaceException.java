package dev.atll.env;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A write failed since the device, a quota or a file size limit is full, or a file could not be opened
 * for want of a descriptor ({@link OutOfDescriptorsException}).
 */
public sealed class OutOfSpaceException extends IOException permits OutOfDescriptorsException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what was to be written where.
   *
   * @param message names the file
   * @param cause the error of the system, or null in a simulation
   */
  public OutOfSpaceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
