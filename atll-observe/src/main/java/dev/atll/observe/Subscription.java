package dev.atll.observe;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's end of an {@link EventBus}: a bounded queue that drops and counts when the
 * subscriber is slow.
 *
 * <p>Without a listener, one thread at a time may call {@link #poll}. Any thread may close.
 */
public final class Subscription implements AutoCloseable {
  private static final SafeLog LOG = SafeLog.of("dev.atll.observe");
  private static final long WAIT_NANOS = 100_000_000;

  private final EventBus bus;
  private final MpscVarHandleArrayQueue<StampedEvent> queue;
  private final @Nullable EventListener listener;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean open = true;
  private volatile @Nullable Thread waiter;
  private @Nullable Thread thread;

  Subscription(EventBus bus, int capacity, @Nullable EventListener listener) {
    if (capacity < 2) {
      throw new IllegalArgumentException("capacity " + capacity + " < 2");
    }
    this.bus = bus;
    this.queue = new MpscVarHandleArrayQueue<>(capacity);
    this.listener = listener;
  }

  void begin() {
    if (listener != null) {
      EventListener target = listener;
      thread = new Thread(() -> run(target), "atll-events-subscriber");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Whether it wants details; asked by the dispatcher, which serves others too. Never throws. */
  boolean wantsDetail() {
    EventListener target = listener;
    if (target == null) {
      return false;
    }
    try {
      return target.wantsDetail();
    } catch (Throwable e) {
      failed(e);
      return false;
    }
  }

  void offer(StampedEvent event) {
    if (!open) {
      return;
    }
    if (!queue.offer(event)) {
      dropped.incrementAndGet();
    }
    Thread sleeper = waiter;
    if (sleeper != null) {
      LockSupport.unpark(sleeper);
    }
  }

  /**
   * The next event, if one waits.
   *
   * @return the event or null
   */
  public @Nullable StampedEvent poll() {
    return queue.poll();
  }

  /**
   * The next event, waiting for it if need be.
   *
   * @param timeoutNanos the longest wait
   * @return the event, or null after the timeout, after an interrupt (whose flag stays set), or
   *     once the subscription is closed and empty
   */
  public @Nullable StampedEvent poll(long timeoutNanos) {
    long begin = System.nanoTime();
    try {
      while (true) {
        waiter = Thread.currentThread();
        boolean wasOpen = open;
        StampedEvent event = queue.poll();
        if (event != null) {
          return event;
        }
        long left = timeoutNanos - (System.nanoTime() - begin);
        if (!wasOpen || left <= 0 || Thread.currentThread().isInterrupted()) {
          return null;
        }
        LockSupport.parkNanos(this, Math.min(left, WAIT_NANOS));
      }
    } finally {
      waiter = null;
    }
  }

  /**
   * Events this subscriber was too slow for.
   *
   * @return a count that only grows
   */
  public long dropped() {
    return dropped.get();
  }

  /**
   * Calls of the listener that threw.
   *
   * @return a count that only grows
   */
  public long failures() {
    return failures.get();
  }

  /**
   * Whether events still come.
   *
   * @return false once closed by the subscriber or by the bus
   */
  public boolean isOpen() {
    return open;
  }

  /**
   * Unsubscribes. A listener gets what already waits; this waits a few seconds for it, unless
   * called by the listener itself.
   */
  @Override
  public void close() {
    open = false;
    bus.remove(this);
    Thread sleeper = waiter;
    if (sleeper != null) {
      LockSupport.unpark(sleeper);
    }
    Thread own = thread;
    if (own != null && !own.equals(Thread.currentThread())) {
      EventBus.joinQuietly(own);
    }
  }

  // The listener is foreign code: whatever it throws must not end the line.
  private void run(EventListener target) {
    while (true) {
      boolean wasOpen = open;
      // A flag that the listener left set would make each wait end at once.
      Thread.interrupted();
      StampedEvent event = poll(WAIT_NANOS);
      if (event == null && !wasOpen) {
        return;
      }
      try {
        if (event == null) {
          target.idle();
        } else {
          target.accept(event);
        }
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  private void failed(Throwable e) {
    if (failures.getAndIncrement() == 0) {
      LOG.log(Level.WARNING, () -> "an event listener failed; more are counted", e);
    }
  }
}
