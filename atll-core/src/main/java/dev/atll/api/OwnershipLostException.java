package dev.atll.api;

import org.jspecify.annotations.Nullable;

/**
 * Another process, or another store of this one, has opened the directory, or the directory was
 * removed or replaced. This store writes nothing more there, and its newest writes may not be part of
 * what the present owner sees: those that returned under {@link Durability#SYNC} are. Close it.
 */
public final class OwnershipLostException extends StoreFailedException {
  private static final long serialVersionUID = 1L;

  /** Creates it with what was found, and where. */
  public OwnershipLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
