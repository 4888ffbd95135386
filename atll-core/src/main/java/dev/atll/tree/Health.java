package dev.atll.tree;

import dev.atll.api.StoreFailedException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store may still write. The first failure that leaves the disk in doubt ends writing
 * for good: nothing is synced again and no file is deleted, since what is on disk is unknown until
 * the store is opened again. Thread-safe.
 */
public final class Health {
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private volatile boolean spaceExhausted;

  /** Creates it, healthy. */
  public Health() {}

  /** Ends writing; returns whether this was the first failure. */
  public boolean poison(Throwable cause) {
    return failure.compareAndSet(null, cause);
  }

  /** The failure that ended writing, or null. */
  public @Nullable Throwable failure() {
    return failure.get();
  }

  /** Whether writing has ended. */
  public boolean isPoisoned() {
    return failure.get() != null;
  }

  /** A flush found the disk full: writers must not wait for memory that it cannot free. */
  public void spaceExhausted() {
    spaceExhausted = true;
  }

  /** A flush went through again. */
  public void spaceFound() {
    spaceExhausted = false;
  }

  /** Whether the last flush found the disk full. */
  public boolean isSpaceExhausted() {
    return spaceExhausted;
  }

  /**
   * Passes if writing goes on.
   *
   * @throws StoreFailedException with the failure that ended it
   */
  public void check() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new StoreFailedException(
          "writes have stopped after an earlier failure ("
              + cause.getMessage()
              + "); close the store and open it again",
          cause);
    }
  }
}
