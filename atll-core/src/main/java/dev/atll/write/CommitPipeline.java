package dev.atll.write;

import dev.atll.api.AtllException;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.tree.Health;
import dev.atll.base.ValueKind;
import dev.atll.env.Clock;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.Workers;
import dev.atll.memtable.Memtable;
import dev.atll.observe.EventSink;
import dev.atll.observe.Histogram;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.FlushReason;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TreeInstaller;
import dev.atll.record.BatchEntries;
import dev.atll.version.VersionEdit;
import dev.atll.wal.CommitGroup;
import dev.atll.wal.WalWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way of every write: revision, log, memtable, visibility, in one order.
 *
 * <p>Callers that arrive while a commit is under way queue up; the next leader takes all of them as
 * one group: one append, at most one sync. Whoever holds the commit lock is the leader, so log
 * order, revision order and the order of becoming visible are one (invariant I1). A leader wakes
 * those it served, and one of those that came meanwhile, to lead next.
 */
public final class CommitPipeline {
  private static final int QUEUE_CAPACITY = 1024;
  private static final int LATENCY_SAMPLE_PERIOD = 64;
  // One append of a mebibyte already runs at the speed of memory; larger groups only add latency.
  private static final long GROUP_BYTES_MAX = 1 << 20;

  private final Options options;
  private final StateHolder states;
  private final TreeInstaller installer;
  private final WalWriter wal;
  private final WriteThrottle throttle;
  private final SpaceGuard space;
  private final Health health;
  private final Workers workers;
  private final EventSink events;
  private final LongUnaryOperator memtableSeeds;
  private final Runnable onSealed;
  private final Clock clock;
  private final Histogram latency;

  private final ReentrantLock lock = new ReentrantLock();
  private final MpscVarHandleArrayQueue<CommitRequest> queue =
      new MpscVarHandleArrayQueue<>(QUEUE_CAPACITY);
  private final ThreadLocal<CommitRequest> requests = ThreadLocal.withInitial(CommitRequest::new);

  // Guarded by lock.
  private final CommitGroup group = new CommitGroup();
  private final List<CommitRequest> members = new ArrayList<>();
  private final BatchEntries entries = new BatchEntries();
  private long lastRevision;
  private long reservedRevision;
  private long memtableSequence;
  private long activeSinceNanos;
  private boolean closed;

  private volatile long visibleRevision;
  private volatile boolean timedSyncWanted;
  private final LongAdder puts = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder userBytes = new LongAdder();

  /**
   * Creates it.
   *
   * @param lastRevision revisions continue above this
   * @param reservedRevision revisions up to this are reserved in the manifest
   * @param memtableSeeds gives the seed of the memtable with a number
   * @param onSealed called when a memtable was sealed
   * @param latency takes the time of one commit in 64, waiting for memory included
   */
  public CommitPipeline(
      Options options,
      StateHolder states,
      TreeInstaller installer,
      WalWriter wal,
      WriteThrottle throttle,
      Storage storage,
      Health health,
      Workers workers,
      Clock clock,
      EventSink events,
      long lastRevision,
      long reservedRevision,
      LongUnaryOperator memtableSeeds,
      Runnable onSealed,
      Histogram latency) {
    this.options = options;
    this.states = states;
    this.installer = installer;
    this.wal = wal;
    this.throttle = throttle;
    this.space = new SpaceGuard(storage, options.spaceReserveBytes());
    this.health = health;
    this.workers = workers;
    this.clock = clock;
    this.events = events;
    this.memtableSeeds = memtableSeeds;
    this.onSealed = onSealed;
    this.latency = latency;
    this.lastRevision = lastRevision;
    this.reservedRevision = reservedRevision;
    this.visibleRevision = lastRevision;
    this.memtableSequence = states.peek().active().id();
    this.activeSinceNanos = clock.nanoTime();
  }

  /** The newest revision that reads see. */
  public long visibleRevision() {
    return visibleRevision;
  }

  /** Whether a write asked for {@link Durability#INTERVAL} since the store was opened. */
  public boolean isTimedSyncWanted() {
    return timedSyncWanted;
  }

  /** Values written. */
  public long puts() {
    return puts.sum();
  }

  /** Deletions written. */
  public long deletes() {
    return deletes.sum();
  }

  /** Key and value bytes written. */
  public long userBytes() {
    return userBytes.sum();
  }

  /**
   * Commits an encoded batch; returns its revision once it is as durable as asked for, and visible.
   *
   * @param onlyDeletes whether the batch holds nothing but deletions, which may use the space
   *     reserve
   */
  public long commit(
      byte[] batch, int length, int changes, Durability durability, boolean onlyDeletes) {
    CommitRequest request = requests.get();
    // A clock read costs 35 ns, a third of a small commit: one in 64 tells enough.
    boolean timed = (++request.uses & (LATENCY_SAMPLE_PERIOD - 1)) == 0;
    long began = timed ? clock.nanoTime() : 0;
    throttle.admit(length);
    request.prepare(batch, length, changes, durability, onlyDeletes);
    if (lock.tryLock()) {
      lead(request);
    } else if (queue.offer(request)) {
      await(request);
    } else {
      lock.lock();
      lead(request);
    }
    if (timed) {
      latency.record(clock.nanoTime() - began);
    }
    return outcome(request);
  }

  private static long outcome(CommitRequest request) {
    Throwable failure = request.failure;
    if (failure == null) {
      return request.revision;
    }
    // A fresh exception with this caller's stack; what happened is the cause.
    throw switch (failure) {
      case StoreClosedException e -> new StoreClosedException("store is closed", e);
      case StorageFullException e -> new StorageFullException(String.valueOf(e.getMessage()), e);
      case AtllException e -> new StoreFailedException(String.valueOf(e.getMessage()), e);
      default -> new StoreFailedException("the write failed: " + failure, failure);
    };
  }

  private void await(CommitRequest request) {
    boolean interrupted = false;
    while (!request.done) {
      if (lock.tryLock()) {
        lead(null);
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Serves one group, holding the lock that the caller took; unlocks. */
  private void lead(@Nullable CommitRequest own) {
    CommitRequest[] served;
    try {
      collect(own);
      if (!members.isEmpty()) {
        commitGroup();
      }
      served = members.toArray(new CommitRequest[0]);
    } finally {
      members.clear();
      group.clear();
      lock.unlock();
    }
    for (CommitRequest request : served) {
      Thread owner = request.owner;
      request.done = true;
      if (request != own) {
        LockSupport.unpark(owner);
      }
    }
    handOver();
  }

  /**
   * Wakes one of those who came while the lock was held. Who offered before the unlock is seen here;
   * who offers later finds the lock free.
   */
  private void handOver() {
    while (!queue.isEmpty() && lock.tryLock()) {
      CommitRequest next;
      try {
        next = queue.peek();
      } finally {
        lock.unlock();
      }
      if (next != null) {
        LockSupport.unpark(next.owner);
        return;
      }
    }
  }

  private void collect(@Nullable CommitRequest own) {
    if (own != null) {
      join(own);
    }
    while (group.bytes() < GROUP_BYTES_MAX) {
      CommitRequest next = queue.poll();
      if (next == null) {
        return;
      }
      join(next);
    }
  }

  private void join(CommitRequest request) {
    members.add(request);
    if (request.durability == Durability.INTERVAL) {
      timedSyncWanted = true;
    }
    if (!request.onlyDeletes && !space.hasRoomFor(request.length)) {
      request.failure =
          new StorageFullException(
              String.format(
                  Locale.ROOT,
                  "disk space is down to the reserve of %d bytes: this put was refused (free space, or",
                  options.spaceReserveBytes())
                  + " delete data)");
      return;
    }
    group.add(request.batch, 0, request.length);
  }

  private void commitGroup() {
    if (group.size() == 0) {
      return;
    }
    if (closed) {
      failAll(new StoreClosedException("store is closed"));
      return;
    }
    try {
      health.check();
      long first = lastRevision + 1;
      long last = lastRevision + group.size();
      reserve(last);
      wal.append(first, group);
      if (wantsSync()) {
        wal.sync();
        // Another sync may have failed meanwhile: then this one's success is worth nothing.
        health.check();
      }
      lastRevision = last;
      insert(first);
      visibleRevision = last;
      rotateIfFull();
    } catch (OutOfSpaceException e) {
      failAll(new StorageFullException("the disk is full: the write was refused", e));
    } catch (StorageFullException e) {
      // No room in the manifest to reserve revisions: nothing has been appended yet.
      failAll(e);
    } catch (IOException e) {
      health.poison(e);
      failAll(new StoreFailedException("writing the log failed; the store takes no more", e));
    } catch (RuntimeException | Error e) {
      // Whatever it was, log and memtable may differ now: end it here.
      health.poison(e);
      failAll(e);
    }
  }

  private boolean wantsSync() {
    for (CommitRequest request : members) {
      if (request.durability == Durability.SYNC && request.failure == null) {
        return true;
      }
    }
    return false;
  }

  /** Extends the reserve of revisions in the manifest before the first one beyond it is used. */
  private void reserve(long upTo) {
    if (upTo > reservedRevision) {
      long ceiling = upTo + options.revisionReserve();
      VersionEdit edit = new VersionEdit();
      edit.reservedRevision = ceiling;
      installer.install(now -> edit);
      reservedRevision = ceiling;
    }
  }

  private void insert(long firstRevision) {
    Memtable memtable = states.peek().active();
    long revision = firstRevision;
    long putCount = 0;
    long deleteCount = 0;
    long bytes = 0;
    for (CommitRequest request : members) {
      if (request.failure != null) {
        continue;
      }
      entries.reset(request.batch, 0, request.length);
      while (entries.next()) {
        memtable.put(
            revision,
            entries.kind(),
            entries.array(),
            entries.keyOffset(),
            entries.keyLength(),
            entries.array(),
            entries.valueOffset(),
            entries.valueLength());
        if (entries.kind() == ValueKind.DELETE) {
          deleteCount++;
        } else {
          putCount++;
        }
        bytes += entries.keyLength() + entries.valueLength();
      }
      request.revision = revision++;
    }
    puts.add(putCount);
    deletes.add(deleteCount);
    userBytes.add(bytes);
  }

  private void failAll(Throwable failure) {
    for (CommitRequest request : members) {
      if (request.failure == null) {
        request.failure = failure;
      }
    }
  }

  private void rotateIfFull() {
    if (states.peek().active().bytes() >= options.memtableBytes()
        && states.peek().memtables().length < options.memtablesMax()) {
      rotate(FlushReason.MEMTABLE_BYTES);
    }
  }

  private void rotate(FlushReason reason) {
    Memtable sealed = states.peek().active();
    long id = ++memtableSequence;
    installer.rotate(new Memtable(id, memtableSeeds.applyAsLong(id)));
    activeSinceNanos = clock.nanoTime();
    try {
      // One segment a memtable, so that a flush frees its log at once.
      wal.roll();
    } catch (IOException | RuntimeException | Error e) {
      // The old segment goes on, or the next append reports what stands in the way; unless the log
      // has ended.
      if (wal.isFailed()) {
        health.poison(e);
      }
      if (e instanceof Error error) {
        onSealed.run();
        throw error;
      }
    }
    if (events.enabled()) {
      events.emit(
          new FlushEvent.Triggered(
              clock.nanoTime(), sealed.id(), reason, sealed.bytes(), sealed.entries()));
    }
    onSealed.run();
  }

  /**
   * Makes sure that what recovery read from the log is durable, which opening could not do if the
   * disk was full.
   *
   * @throws IOException if it still cannot
   */
  public void startLog() throws IOException {
    if (wal.isStarted()) {
      return;
    }
    lock.lock();
    try {
      wal.start();
    } finally {
      lock.unlock();
    }
    handOver();
  }

  /**
   * Seals the active memtable if it holds anything; for flush, close and checkpoints.
   *
   * @throws StorageFullException if there is no room for one more, since the disk has none to flush
   */
  public void seal(FlushReason reason) {
    long failures = health.spaceFailures();
    while (!trySeal(reason)) {
      workers.awaitUntil(
          () -> canRotate() || health.isOver() || health.spaceFailures() > failures + 1,
          Long.MAX_VALUE);
      if (!canRotate() && health.spaceFailures() > failures + 1) {
        throw new StorageFullException("the disk has no room to flush the memtables");
      }
    }
  }

  private boolean canRotate() {
    return states.peek().memtables().length < options.memtablesMax();
  }

  private boolean trySeal(FlushReason reason) {
    lock.lock();
    try {
      health.checkOpen();
      if (states.peek().active().isEmpty()) {
        return true;
      }
      if (!canRotate()) {
        return false;
      }
      rotate(reason);
      return true;
    } finally {
      lock.unlock();
      handOver();
    }
  }

  /**
   * Seals the active memtable if its first write is older than the option allows.
   *
   * @return nanoseconds until it is worth asking again
   */
  public long sealIfOld() {
    long ageMax = options.memtableAge().toNanos();
    lock.lock();
    try {
      if (states.peek().active().isEmpty()) {
        activeSinceNanos = clock.nanoTime();
        return ageMax;
      }
      long left = activeSinceNanos + ageMax - clock.nanoTime();
      if (left > 0) {
        return left;
      }
      if (states.peek().memtables().length < options.memtablesMax() && !health.isPoisoned()) {
        rotate(FlushReason.WAL_AGE);
      }
      return ageMax;
    } finally {
      lock.unlock();
      handOver();
    }
  }

  /** Waits for the commit under way and refuses all that come after. */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    handOver();
  }
}
