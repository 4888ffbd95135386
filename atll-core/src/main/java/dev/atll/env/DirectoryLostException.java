package dev.atll.env;

import dev.atll.api.OwnershipLostException;
import dev.atll.api.StoreFailedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The directory is not the store's any more: another one opened it, or it was removed or replaced. */
public final class DirectoryLostException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int CAUSES_MAX = 16;

  /** Creates it with what was found, and where. */
  public DirectoryLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The failure that users see: of its own type if a lost directory is among the causes. */
  public static StoreFailedException explain(String message, @Nullable Throwable cause) {
    int depth = 0;
    for (Throwable e = cause; e != null && depth < CAUSES_MAX; e = e.getCause()) {
      if (e instanceof DirectoryLostException || e instanceof OwnershipLostException) {
        return new OwnershipLostException(String.valueOf(e.getMessage()), cause);
      }
      depth++;
    }
    return new StoreFailedException(message, cause);
  }
}
