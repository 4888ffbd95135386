package dev.atll.tree;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageFullException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.observe.event.JobKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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

  // Places, each told once: a damaged block that is read all the time must not fill every log.
  private static final int PLACES_MAX = 1024;

  private record Place(String file, long offset) {}

  private final Map<Place, CorruptionException> damages = new ConcurrentHashMap<>();
  private final AtomicLong jobsFailed = new AtomicLong();
  private volatile @Nullable Throwable jobFailure;
  private final Listener listener;

  /**
   * Hears of what goes wrong behind callers' backs, on the thread that meets it and perhaps under its
   * locks. Must not throw.
   */
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = new Listener() {};

    /** Writing has ended; told once. */
    default void poisoned(Throwable cause) {}

    /** A damaged place was met; told once for each. */
    default void damaged(CorruptionException damage) {}

    /** A job failed and will be tried again. */
    default void jobFailed(JobKind job, Throwable cause) {}

    /** The disk has no room for a flush, or has it again. */
    default void diskFull(boolean full) {}
  }

  /** Creates it, healthy. */
  public Health() {
    this(Listener.NONE);
  }

  /** Creates it, healthy. */
  public Health(Listener listener) {
    this.listener = listener;
  }

  /** A job of a background loop failed, which ends nothing: it is tried again. */
  public void jobFailed(JobKind job, Throwable cause) {
    jobsFailed.incrementAndGet();
    jobFailure = cause;
    if (cause instanceof CorruptionException damage) {
      damaged(damage);
    } else if (cause.getCause() instanceof CorruptionException damage) {
      damaged(damage);
    }
    listener.jobFailed(job, cause);
  }

  /** How often a job failed. */
  public long jobsFailed() {
    return jobsFailed.get();
  }

  /** What the last job failed of, or null. */
  public @Nullable Throwable jobFailure() {
    return jobFailure;
  }

  /** Damage was met. It ends nothing: what is whole is still read and written. */
  public void damaged(CorruptionException damage) {
    if (damages.size() < PLACES_MAX
        && damages.putIfAbsent(new Place(damage.file(), damage.offset()), damage) == null) {
      listener.damaged(damage);
    }
  }

  /** The damage met since the store was opened, one for each place, in no order. */
  public List<CorruptionException> damages() {
    return List.copyOf(damages.values());
  }

  /** Ends writing; returns whether this was the first failure. */
  public boolean poison(Throwable cause) {
    boolean first = failure.compareAndSet(null, cause);
    if (first) {
      listener.poisoned(cause);
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
    boolean before = spaceExhausted;
    spaceExhausted = true;
    if (cause instanceof OutOfDescriptorsException
        || cause.getCause() instanceof OutOfDescriptorsException) {
      jobFailed(JobKind.FLUSH, cause);
    } else if (!before) {
      listener.diskFull(true);
    }
  }

  /** A flush went through again. */
  public void spaceFound() {
    boolean before = spaceExhausted;
    spaceExhausted = false;
    if (before) {
      listener.diskFull(false);
    }
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
