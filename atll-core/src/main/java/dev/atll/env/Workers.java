package dev.atll.env;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Background loops, and waiting for what they do.
 *
 * <p>In production each loop is a daemon thread. In a simulation there is one thread: a loop runs
 * when a caller waits or yields, chosen by the seed. Neither {@link #awaitUntil} nor {@link
 * #yieldPoint} may be called holding a lock that a loop wants.
 */
public interface Workers extends AutoCloseable {
  /**
   * Starts a background loop. It runs once at once, and then whenever it is signalled or its own
   * pause has passed.
   *
   * @param name what it does, such as {@code "flush"}; the thread is {@code atll-flush}
   * @throws IllegalStateException if these workers are closed
   */
  Worker start(String name, WorkUnit unit);

  /** Tells that something changed that a caller of {@link #awaitUntil} may wait for. Cheap. */
  void progress();

  /**
   * Blocks until a condition holds. An interrupt does not end the wait; the flag is restored.
   *
   * @param condition evaluated by the calling thread, often, holding no lock of this object
   * @param timeoutNanos the longest wait; at most 0 means one look, {@link Long#MAX_VALUE} forever
   * @return whether the condition held
   */
  boolean awaitUntil(BooleanSupplier condition, long timeoutNanos);

  /** Whether this is a simulation, in which nothing runs but what the seed chooses. */
  boolean deterministic();

  /** A place where a simulation may run background loops; does nothing in production. */
  void yieldPoint();

  /** Ends all loops, waiting for each. Calling it again does nothing. */
  @Override
  void close();

  /** The body of a background loop. */
  @FunctionalInterface
  interface WorkUnit {
    /**
     * Does a bounded piece of work.
     *
     * @return nanoseconds until it wants to run again if nobody signals: at most 0 for at once,
     *     {@link Long#MAX_VALUE} for only on a signal
     * @throws Exception to end the loop for good; it goes to the error handler
     */
    long runOnce() throws Exception;
  }

  /** A running background loop. Safe for use by many threads. */
  interface Worker extends AutoCloseable {
    /** Makes the loop run again soon; a signal during a run leads to another run. Cheap. */
    void signal();

    /**
     * Ends the loop and waits until it has; a run under way is completed. From within the loop
     * itself it only asks for the end. Not ended by an interrupt. Calling it again does nothing.
     */
    @Override
    void close();

    /** Whether the loop may still run: false once closed and ended, or ended by an error. */
    boolean isAlive();

    /** What ended the loop, or null if nothing did. */
    @Nullable Throwable failure();
  }
}
