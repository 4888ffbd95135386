package dev.atll.tree;

import dev.atll.api.StorageFullException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.OutOfDescriptorsException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store may still write. The first failure that leaves the disk in doubt ends writing
 * for good: nothing is synced again and no file is deleted, since what is on disk is unknown until
 * the store is opened again. Thread-safe.
 */
public final class Health {
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private final AtomicLong spaceFailures = new AtomicLong();
  private volatile boolean spaceExhausted;
  private volatile @Nullable Throwable exhaustion;
  private volatile boolean closed;

  private final Consumer<Throwable> onPoison;

  /** Creates it, healthy. */
  public Health() {
    this(cause -> {});
  }

  /**
   * Creates it, healthy.
   *
   * @param onPoison told of the first failure, once, on the thread that met it and perhaps under its
   *     locks; must not throw
   */
  public Health(Consumer<Throwable> onPoison) {
    this.onPoison = onPoison;
  }

  /** Ends writing; returns whether this was the first failure. */
  public boolean poison(Throwable cause) {
    boolean first = failure.compareAndSet(null, cause);
    if (first) {
      onPoison.accept(cause);
    }
    return first;
  }

  /** The failure that ended writing, or null. */
  public @Nullable Throwable failure() {
    return failure.get();
  }

  /** Whether writing has ended. */
  public boolean isPoisoned() {
    return failure.get() != null;
  }

  /** The store closes: background work is about to end. */
  public void close() {
    closed = true;
  }

  /** Whether the store closes or is closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Whether it is in vain to wait for background work: writing has ended, or the store closes. */
  public boolean isOver() {
    return closed || isPoisoned();
  }

  /**
   * Passes if the store is open and writing goes on.
   *
   * @throws StoreClosedException if it closes or is closed
   * @throws StoreFailedException as {@link #check}
   */
  public void checkOpen() {
    if (closed) {
      throw new StoreClosedException("store is closed");
    }
    check();
  }

  /**
   * A flush found the disk full, or no descriptor left: writers must not wait for memory that it cannot
   * free.
   */
  public void spaceExhausted(Throwable cause) {
    exhaustion = cause;
    spaceFailures.incrementAndGet();
    spaceExhausted = true;
  }

  /** A flush went through again. */
  public void spaceFound() {
    spaceExhausted = false;
  }

  /** A job other than a flush found the disk full. */
  public void countSpaceFailure() {
    spaceFailures.incrementAndGet();
  }

  /**
   * How often a job found the disk full. Who waits for a flush gives up once this has grown by two:
   * the first may have begun before the wait, and before the space was freed.
   */
  public long spaceFailures() {
    return spaceFailures.get();
  }

  /** What to tell a caller whose work a flush without room holds up. */
  public StorageFullException noRoom(String what) {
    Throwable cause = exhaustion;
    return new StorageFullException(OutOfDescriptorsException.missing(cause) + ": " + what, cause);
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
      throw DirectoryLostException.explain(
          "writes have stopped after an earlier failure ("
              + cause.getMessage()
              + "); close the store and open it again",
          cause);
    }
  }
}
