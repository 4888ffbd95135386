package dev.atll.observe;

import dev.atll.observe.event.Label;
import dev.atll.observe.event.VizEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries events from any number of emitting threads to one consumer, without ever making an
 * emitter wait.
 *
 * <p>A bounded queue stands between them; an event that finds it full is dropped and counted. The
 * consumer is either the caller of {@link #drain}, which suits tests and single-threaded runs, or,
 * after {@link #start}, a dispatcher thread that hands each event to every subscription. Each
 * subscription has a bounded queue of its own, so a slow subscriber loses events for itself only.
 *
 * <p>Events of one source arrive in the order in which they entered the queue, which for one
 * emitting thread is its program order. All methods are safe for any thread, except that only one
 * thread may drain.
 */
public final class EventBus implements AutoCloseable {
  /** Events between emitters and consumer if the constructor is not told otherwise. */
  public static final int CAPACITY_DEFAULT = 1 << 14;

  // Emitters do not wake the dispatcher: a futex call per event would cost them more than the
  // event. It looks by itself, at most this long after one; a viewer draws every 50 ms.
  private static final long IDLE_NANOS_MIN = 200_000;
  private static final long IDLE_NANOS_MAX = 5_000_000;
  private static final long CLOSE_WAIT_MILLIS = 5_000;

  private final MpscVarHandleArrayQueue<Offered> queue;
  private final Map<Label, Source> sources = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final AtomicLong delivered = new AtomicLong();
  // Taken from the queue and not handed on, since something was thrown.
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean open = true;
  private volatile @Nullable Thread dispatcher;

  /** A bus with the default capacity. */
  public EventBus() {
    this(CAPACITY_DEFAULT);
  }

  /**
   * A bus with a given capacity.
   *
   * @param capacity events that may wait, at least 2; rounded up to a power of two
   */
  public EventBus(int capacity) {
    if (capacity < 2) {
      throw new IllegalArgumentException("capacity " + capacity + " < 2");
    }
    queue = new MpscVarHandleArrayQueue<>(capacity);
  }

  /**
   * The entrance for one source. The same code gives the same entrance, which any number of threads
   * may share.
   *
   * @param code short name of the sender
   * @return a sink that is enabled while the bus is open and somebody consumes
   */
  public EventSink source(Label code) {
    return sources.computeIfAbsent(code, Source::new);
  }

  /**
   * Hands waiting events to a consumer on the calling thread.
   *
   * @param consumer takes each event
   * @param max the most events to hand over
   * @return how many were handed over
   * @throws IllegalStateException if the dispatcher runs; then subscribe instead
   */
  public int drain(EventListener consumer, int max) {
    if (dispatcher != null) {
      throw new IllegalStateException("the dispatcher is the consumer");
    }
    return drainQueue(consumer, max);
  }

  /** Starts the dispatcher on a daemon thread. */
  public synchronized void start() {
    if (!open || dispatcher != null) {
      throw new IllegalStateException(open ? "already started" : "closed");
    }
    Thread thread = new Thread(this::dispatch, "atll-events");
    thread.setDaemon(true);
    // Not before it runs: a bus without its thread would take events and hand on none.
    thread.start();
    dispatcher = thread;
  }

  /**
   * Adds a subscriber that fetches events itself.
   *
   * @param capacity events that may wait for it, at least 2
   * @return its end of the line; close it to unsubscribe
   */
  public Subscription subscribe(int capacity) {
    return add(new Subscription(this, capacity, null));
  }

  /**
   * Adds a subscriber that is called on a daemon thread of its own.
   *
   * @param capacity events that may wait for it, at least 2
   * @param listener takes each event; what it throws is counted and does not stop the line
   * @return the subscription; close it to unsubscribe
   */
  public Subscription subscribe(int capacity, EventListener listener) {
    return add(new Subscription(this, capacity, listener));
  }

  /**
   * Events that found the bus full, over all sources, or could not be handed on.
   *
   * @return a count that only grows
   */
  public long dropped() {
    long sum = lost.get();
    for (Source source : sources.values()) {
      sum += source.dropped.get();
    }
    return sum;
  }

  /**
   * Events handed to the consumer.
   *
   * @return a count that only grows
   */
  public long delivered() {
    return delivered.get();
  }

  /**
   * Takes no more events, hands on what waits, and ends the dispatcher and all subscriptions. Waits
   * a few seconds for slow subscribers, then leaves them behind.
   */
  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      open = false;
      thread = dispatcher;
    }
    if (thread != null && !thread.equals(Thread.currentThread())) {
      LockSupport.unpark(thread);
      joinQuietly(thread);
    }
    for (Subscription subscription : subscriptions) {
      subscription.close();
    }
  }

  private synchronized Subscription add(Subscription subscription) {
    if (!open) {
      throw new IllegalStateException("closed");
    }
    // Its thread first: one that cannot be started leaves no line behind that nobody serves.
    subscription.begin();
    subscriptions.add(subscription);
    return subscription;
  }

  void remove(Subscription subscription) {
    subscriptions.remove(subscription);
  }

  private boolean wanted() {
    return open && (dispatcher == null || !subscriptions.isEmpty());
  }

  private boolean detailWanted() {
    if (open && dispatcher != null) {
      for (Subscription subscription : subscriptions) {
        if (subscription.wantsDetail()) {
          return true;
        }
      }
    }
    return false;
  }

  private int drainQueue(EventListener consumer, int max) {
    int count = 0;
    while (count < max) {
      Offered next = queue.relaxedPoll();
      if (next == null) {
        break;
      }
      count++;
      delivered.lazySet(delivered.get() + 1);
      consumer.accept(next.source.stamp(next.event));
    }
    return count;
  }

  private void dispatch() {
    long idleNanos = IDLE_NANOS_MIN;
    while (true) {
      try {
        boolean wasOpen = open;
        if (drainQueue(this::fanOut, Integer.MAX_VALUE) > 0) {
          idleNanos = IDLE_NANOS_MIN;
          continue;
        }
        if (!wasOpen) {
          return;
        }
      } catch (Throwable e) {
        // No memory for one event, say: it is lost, and those after it come.
        lost.incrementAndGet();
      }
      // A flag that code of others left set would make parking return at once, for ever.
      Thread.interrupted();
      LockSupport.parkNanos(this, idleNanos);
      idleNanos = Math.min(idleNanos * 2, IDLE_NANOS_MAX);
    }
  }

  private void fanOut(StampedEvent event) {
    boolean detail = event.event().isDetail();
    for (Subscription subscription : subscriptions) {
      if (!detail || subscription.wantsDetail()) {
        subscription.offer(event);
      }
    }
  }

  /** Waits a few seconds; an interrupt, which may be an old one, ends that no sooner and is kept. */
  static void joinQuietly(Thread thread) {
    long end = System.nanoTime() + CLOSE_WAIT_MILLIS * 1_000_000L;
    boolean interrupted = false;
    // One that could not be started is nobody to wait for.
    boolean runs = thread.isAlive();
    for (long left = end - System.nanoTime(); runs && left > 0; left = end - System.nanoTime()) {
      try {
        runs = !thread.join(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private record Offered(Source source, VizEvent event) {}

  /** One sender's entrance and its counters. */
  private final class Source implements EventSink {
    private final Label code;
    private final AtomicLong dropped = new AtomicLong();
    // Touched by the consumer only.
    private long accepted;

    Source(Label code) {
      this.code = code;
    }

    @Override
    public boolean enabled() {
      return wanted();
    }

    @Override
    public boolean wantsDetail() {
      return detailWanted();
    }

    @Override
    public void emit(VizEvent event) {
      if (wanted() && !queue.offer(new Offered(this, event))) {
        dropped.incrementAndGet();
      }
    }

    @Override
    public long dropped() {
      return dropped.get();
    }

    // Numbered on the way out, where there is one thread: a number drawn on the way in could be
    // overtaken before its event enters the queue. Losses known by then widen the step.
    StampedEvent stamp(VizEvent event) {
      accepted++;
      return new StampedEvent(code, accepted + dropped.get(), event);
    }
  }
}
