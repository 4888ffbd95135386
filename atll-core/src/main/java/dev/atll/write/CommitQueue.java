package dev.atll.write;

import dev.atll.api.Durability;
import dev.atll.write.CommitRequest.Fate;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Turns many callers into one committer at a time. Callers that arrive while a group is being served
 * queue up; the next leader takes all of them as one group. Whoever holds the lock is the leader.
 *
 * <p>Nobody waits for ever, by three rules:
 *
 * <ul>
 *   <li>A waiter tries the lock each time it wakes, and leads if it gets it.
 *   <li>Whoever gives the lock back looks at the queue, and wakes the first in it. Who joined before
 *       the unlock is seen by that look; who joined later found, or finds, the lock free.
 *   <li>Every request taken from the queue gets a fate and is woken, whatever is thrown.
 * </ul>
 *
 * <p>For the last rule nothing here allocates, and what must not be left half done makes no call: a
 * stack without room may end any. So queue and group are chains through the requests themselves, and
 * the lock is a flag, given back by an assignment: {@code ReentrantLock.unlock()} may throw.
 *
 * <p>It knows neither log nor memtable, so that it can be model-checked.
 */
class CommitQueue {
  // One append of a mebibyte already runs at the speed of memory; larger groups only add latency.
  static final long GROUP_BYTES_MAX = 1 << 20;

  /** What a wake-up costs that got lost to a stack without room. */
  private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

  private static final long TURN_LOOK_NANOS = 1_000_000L;
  private static final VarHandle HELD;
  private static final VarHandle TURN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HELD = lookup.findVarHandle(CommitQueue.class, "held", boolean.class);
      TURN = lookup.findVarHandle(CommitQueue.class, "turn", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Commits groups. */
  interface Server {
    /**
     * Gives each member of a group its fate, in order. One group at a time, under the lock of the
     * queue. Members without a fate when it returns or throws count as refused.
     */
    void serve(Group group);
  }

  /** Work that keeps commits away. */
  interface Work<T, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  /** Requests that are committed together, in the order of their revisions. */
  static final class Group {
    private @Nullable CommitRequest first;
    private @Nullable CommitRequest last;
    private long bytes;
    private boolean syncWanted;

    private Group() {}

    /** The first member; the others follow by {@link CommitRequest#next}. */
    @Nullable CommitRequest first() {
      return first;
    }

    /** Whether any member, the leader or not, asked to be synced before it returns. */
    boolean isSyncWanted() {
      return syncWanted;
    }

    /** Ends every member that has no fate yet. */
    void failAll(Fate how, @Nullable Throwable why) {
      for (CommitRequest member = first; member != null; member = member.next) {
        member.fail(how, why);
      }
    }

    private void add(CommitRequest member) {
      member.next = null;
      if (last == null) {
        first = member;
      } else {
        last.next = member;
      }
      last = member;
      bytes += member.length;
      syncWanted |= member.durability == Durability.SYNC;
    }
  }

  private final Server server;
  private final long lookAgainNanos;

  /** Whether somebody leads, or works alone. */
  private volatile boolean held;

  /** Who wants to work alone: writers let it go first, since they would pass it for ever. */
  private volatile @Nullable Thread turn;

  /** Who arrived since a leader looked, the last one first. */
  private final AtomicReference<@Nullable CommitRequest> arrivals = new AtomicReference<>();

  // Guarded by held. A look without it may be stale; then whoever wrote meanwhile hands over.
  private @Nullable CommitRequest waiting;
  private @Nullable CommitRequest lastWaiting;
  private final Group group = new Group();

  CommitQueue(Server server) {
    this(server, LOOK_AGAIN_NANOS);
  }

  CommitQueue(Server server, long lookAgainNanos) {
    this.server = server;
    this.lookAgainNanos = lookAgainNanos;
  }

  /** Has a request committed, by this thread or another; returns when it has its fate. */
  void submit(CommitRequest request) {
    if (!tryLead(request)) {
      enqueue(request);
      await(request);
    }
  }

  /** Puts a request in the queue, for whoever leads next. */
  void enqueue(CommitRequest request) {
    CommitRequest newest;
    do {
      newest = arrivals.get();
      request.next = newest;
    } while (!arrivals.compareAndSet(newest, request));
  }

  /** Serves one group of those in the queue, if there are any and the lock is free. */
  boolean serveWaiting() {
    return (waiting != null || arrivals.get() != null) && tryLead(null);
  }

  /** Does something while no commit is under way; an interrupt does not end the wait for that. */
  <T, E extends Exception> T alone(Work<T, E> work) throws E {
    boolean interrupted = false;
    while (!TURN.compareAndSet(this, null, Thread.currentThread())) {
      LockSupport.parkNanos(this, TURN_LOOK_NANOS);
      interrupted |= Thread.interrupted();
    }
    boolean mine = false;
    try {
      mine = tryHold();
      while (!mine) {
        pause();
        interrupted |= Thread.interrupted();
        mine = tryHold();
      }
      return work.run();
    } finally {
      turn = null;
      if (mine) {
        held = false;
      }
      handOver();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits to be woken. May return sooner; a model checker that knows no time has its own. */
  void pause() {
    LockSupport.parkNanos(this, lookAgainNanos);
  }

  /** Ends the pause of a thread, or its next one. */
  void wake(Thread thread) {
    LockSupport.unpark(thread);
  }

  private boolean tryHold() {
    return !held && HELD.compareAndSet(this, false, true);
  }

  private void await(CommitRequest request) {
    boolean interrupted = false;
    while (!request.done) {
      try {
        if (!tryLead(null)) {
          pause();
          interrupted |= Thread.interrupted();
        }
      } catch (Throwable e) {
        // No room on the stack, say. The leader reads this request's batch: it must not go before.
        Thread.onSpinWait();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Serves one group, the caller's own request first, if the lock is free. Between taking the lock
   * and waking the members no call may throw uncaught; so what could be a method is written out.
   */
  private boolean tryLead(@Nullable CommitRequest own) {
    if (turn != null || !tryHold()) {
      return false;
    }
    CommitRequest served;
    Throwable thrown = null;
    try {
      if (own != null) {
        group.add(own);
      }
      collect();
      if (group.first != null) {
        server.serve(group);
      }
    } catch (Throwable e) {
      thrown = e;
    } finally {
      if (own != null && own.fate == Fate.PENDING) {
        own.failure = thrown;
        own.fate = Fate.REFUSED;
      }
      for (CommitRequest member = group.first; member != null; member = member.next) {
        if (member.fate == Fate.PENDING) {
          member.failure = thrown;
          member.fate = Fate.REFUSED;
        }
      }
      served = group.first;
      group.first = null;
      group.last = null;
      group.bytes = 0;
      group.syncWanted = false;
      held = false;
    }
    while (served != null) {
      CommitRequest member = served;
      Thread owner = member.owner;
      served = member.next;
      member.next = null;
      // From here on the member is its owner's again.
      member.done = true;
      if (member != own) {
        try {
          wake(owner);
        } catch (Throwable e) {
          // No room on the stack: it looks again by itself, and the others must not wait for that.
        }
      }
    }
    try {
      handOver();
    } catch (Throwable e) {
      // As above; whatever is thrown here, the caller's write is done.
    }
    return true;
  }

  private void collect() {
    takeArrivals();
    while (waiting != null && group.bytes < GROUP_BYTES_MAX) {
      CommitRequest member = waiting;
      CommitRequest rest = member.next;
      // In the group before it leaves the queue: a call that fails must not lose it.
      group.add(member);
      waiting = rest;
      if (rest == null) {
        lastWaiting = null;
      }
    }
  }

  /** Moves all arrivals behind those that wait, first come first. */
  private void takeArrivals() {
    if (arrivals.get() == null) {
      return;
    }
    CommitRequest newest = arrivals.getAndSet(null);
    CommitRequest oldest = null;
    for (CommitRequest at = newest; at != null; ) {
      CommitRequest earlier = at.next;
      at.next = oldest;
      oldest = at;
      at = earlier;
    }
    if (lastWaiting == null) {
      waiting = oldest;
    } else {
      lastWaiting.next = oldest;
    }
    lastWaiting = newest;
  }

  /** Wakes who wants to work alone, or else the first of those who came while the lock was held. */
  private void handOver() {
    while (true) {
      Thread next = turn;
      if (next == null) {
        if (waiting == null && arrivals.get() == null || !tryHold()) {
          return;
        }
        try {
          takeArrivals();
          CommitRequest first = waiting;
          next = first == null ? null : first.owner;
        } finally {
          held = false;
        }
        // Who wants to work alone may have found the lock held by this look.
        Thread alone = turn;
        next = alone == null ? next : alone;
      }
      if (next != null) {
        wake(next);
        return;
      }
    }
  }
}
