package dev.atll.bench.experiment;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and its kin into a wish to stop: the JVM waits until the work has ended in order,
 * closed its stores and printed what it has.
 */
public final class StopSignal implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "atll-stop");
  private volatile boolean requested;

  private StopSignal() {}

  /** A signal that only {@link #request} raises. */
  public static StopSignal manual() {
    return new StopSignal();
  }

  /** A signal that the end of the JVM raises too; close it when the work is over. */
  public static StopSignal onInterrupt() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Whether the work should end now. */
  public boolean requested() {
    return requested;
  }

  /** Asks the work to end. */
  public void request() {
    requested = true;
  }

  /** Says that the work is over, so that the JVM need not wait for it. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, which is what the hook was for.
      return;
    }
  }

  private void stopAndWait() {
    requested = true;
    try {
      if (!finished.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("atll: the work did not end within " + WAIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
