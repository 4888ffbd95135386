package dev.atll.observe;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One logger of the application's choice, made harmless: whatever it throws is dropped, since a line
 * in a log must not be able to hurt what it tells about. Safe for any number of threads.
 */
public final class SafeLog {
  private final System.@Nullable Logger logger;

  private SafeLog(System.@Nullable Logger logger) {
    this.logger = logger;
  }

  /**
   * The logger with a name.
   *
   * @param name such as {@code dev.atll.store}
   * @return never null; it logs nothing if the application's logging cannot make it
   */
  public static SafeLog of(String name) {
    try {
      return new SafeLog(System.getLogger(name));
    } catch (Throwable e) {
      // Foreign code: without a logger there is nobody to tell.
      return new SafeLog(null);
    }
  }

  /**
   * Writes a line.
   *
   * @param level how important it is
   * @param text made only if somebody reads this level
   * @param cause shown with its stack, or null
   */
  public void log(Level level, Supplier<String> text, @Nullable Throwable cause) {
    System.Logger to = logger;
    if (to == null) {
      return;
    }
    try {
      if (to.isLoggable(level)) {
        if (cause == null) {
          to.log(level, text.get());
        } else {
          to.log(level, text.get(), cause);
        }
      }
    } catch (Throwable e) {
      // Foreign code, and the very place where failures are told: there is nobody left to tell.
      return;
    }
  }
}
