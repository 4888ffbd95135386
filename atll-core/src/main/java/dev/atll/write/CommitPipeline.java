package dev.atll.write;

import dev.atll.api.AtllException;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteRefusedException;
import dev.atll.tree.DeadRanges;
import dev.atll.tree.Health;
import dev.atll.base.Keys;
import dev.atll.base.Times;
import dev.atll.base.ValueKind;
import dev.atll.env.Clock;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Workers;
import dev.atll.memtable.Memtable;
import dev.atll.observe.EventSink;
import dev.atll.observe.Histogram;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.FlushReason;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.record.BatchEntries;
import dev.atll.version.RevisionGaps;
import dev.atll.version.VersionEdit;
import dev.atll.wal.CommitGroup;
import dev.atll.wal.WalWriter;
import dev.atll.write.CommitRequest.Fate;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongUnaryOperator;

/**
 * The way of every write: revision, log, memtable, visibility, in one order.
 *
 * <p>Callers that arrive while a commit is under way are gathered by a {@link CommitQueue} and
 * committed as one group: one append, at most one sync. One group at a time is served, so log order,
 * revision order and the order of becoming visible are one (invariant I1).
 *
 * <p>What goes wrong before the append fails the group and nothing else. What goes wrong from there
 * until the group is visible ends writing, since log and memtable may differ. What goes wrong after
 * that is not the write's failure: it is tried again by the next write, or ends writing behind it.
 */
public final class CommitPipeline {
  private static final SafeLog LOG = SafeLog.of("dev.atll.store");
  private static final int LATENCY_SAMPLE_PERIOD = 64;
  // A memtable that could not be replaced grows; at so many times its size waiting has not helped.
  private static final int OVERGROWN_TIMES = 4;

  private final Options options;
  private final StateHolder states;
  private final TreeInstaller installer;
  private final WalWriter wal;
  final WriteThrottle throttle;
  private final SpaceGuard space;
  private final Health health;
  private final Workers workers;
  private final EventSink events;
  private final LongUnaryOperator memtableSeeds;
  private final Runnable onSealed;
  private final Clock clock;
  private final Histogram latency;

  final CommitQueue queue = new CommitQueue(this::serve);
  private final ThreadLocal<CommitRequest> requests = ThreadLocal.withInitial(CommitRequest::new);

  // Guarded by the queue's lock.
  private final CommitGroup batches = new CommitGroup();
  private final BatchEntries entries = new BatchEntries();
  private long lastRevision;
  private long reservedRevision;
  private long memtableSequence;
  // To be told to the manifest with the first reserve, before any number above is used.
  private RevisionGaps skipped;
  private long activeSinceNanos;
  private boolean closed;

  private volatile long visibleRevision;
  private volatile boolean timedSyncWanted;
  private final LongAdder puts = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder userBytes = new LongAdder();

  /**
   * Where revisions begin.
   *
   * @param lastFound the last revision that recovery found; those from there to {@code last} exist no
   *     more
   * @param last revisions continue above this
   * @param reserved revisions up to this are reserved in the manifest
   */
  public record Start(long lastFound, long last, long reserved) {}

  /**
   * What commits call.
   *
   * @param memtableSeeds gives the seed of the memtable with a number
   * @param onSealed called when a memtable was sealed
   * @param latency takes the time of one commit in 64, waiting for memory included
   */
  public record Calls(LongUnaryOperator memtableSeeds, Runnable onSealed, Histogram latency) {}

  /** Creates it; the first commit gets the revision above those of the start. */
  public CommitPipeline(
      Options options,
      StoreContext context,
      TreeAccess tree,
      WalWriter wal,
      WriteThrottle throttle,
      Start start,
      Calls calls) {
    this.options = options;
    this.states = tree.states();
    this.installer = tree.installer();
    this.wal = wal;
    this.throttle = throttle;
    this.space = new SpaceGuard(tree.disk(), options.spaceReserveBytes());
    this.health = context.health();
    this.workers = context.workers();
    this.clock = context.clock();
    this.events = context.events();
    this.memtableSeeds = calls.memtableSeeds();
    this.onSealed = calls.onSealed();
    this.latency = calls.latency();
    this.skipped = RevisionGaps.NONE.plus(start.lastFound(), start.last());
    this.lastRevision = start.last();
    this.reservedRevision = start.reserved();
    this.visibleRevision = start.last();
    this.memtableSequence = states.peek().active().id();
    this.activeSinceNanos = clock.nanoTime();
  }

  /** What holds writers back. */
  public WriteThrottle throttle() {
    return throttle;
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
  public long commit(byte[] batch, int length, Durability durability, boolean onlyDeletes) {
    CommitRequest request = requests.get();
    // A clock read costs 35 ns, a third of a small commit: one in 64 tells enough.
    boolean timed = (++request.uses & (LATENCY_SAMPLE_PERIOD - 1)) == 0;
    long began = timed ? clock.nanoTime() : 0;
    throttle.admit(length);
    request.prepare(batch, length, durability, onlyDeletes);
    queue.submit(request);
    if (timed) {
      recordLatency(began);
    }
    long revision = outcome(request);
    request.release();
    return revision;
  }

  private void recordLatency(long began) {
    try {
      latency.record(clock.nanoTime() - began);
    } catch (Throwable e) {
      // A meter of others: what it throws is not the failure of a write that is done.
      note("the latency of a write could not be recorded", e);
    }
  }

  /** The revision of a request that succeeded; else a fresh exception with this caller's stack. */
  static long outcome(CommitRequest request) {
    if (request.fate == Fate.DONE) {
      return request.revision;
    }
    Throwable cause = request.failure;
    String what = cause instanceof AtllException ? cause.getMessage() : String.valueOf(cause);
    Fate fate = request.fate;
    request.release();
    throw switch (fate) {
      case CLOSED -> new StoreClosedException("store is closed", cause);
      case FULL -> new StorageFullException(String.valueOf(what), cause);
      case FAILED ->
          DirectoryLostException.explain(
              cause instanceof AtllException
                  ? String.valueOf(what)
                  : "the write failed, and the store takes no more: " + what,
              cause);
      default ->
          new WriteRefusedException(
              "the write was refused before anything of it was done (" + what + "); try it again",
              cause);
    };
  }

  /** Commits a group: the only place where revisions are given, and where writes become visible. */
  private void serve(CommitQueue.Group group) {
    boolean touched = false;
    boolean published = false;
    try {
      if (!prepare(group)) {
        return;
      }
      long first = lastRevision + 1;
      long last = lastRevision + batches.size();
      reserve(last);
      touched = true;
      wal.append(first, batches);
      if (group.isSyncWanted()) {
        wal.sync();
        // Another sync may have failed meanwhile: then this one's success is worth nothing.
        health.check();
      }
      insert(group, first);
      // No call from the fates, given last by the insertion, to here: all of this or nothing.
      lastRevision = last;
      visibleRevision = last;
      published = true;
    } catch (OutOfSpaceException e) {
      group.failAll(
          Fate.FULL, new StorageFullException(
              OutOfDescriptorsException.missing(e) + ": the write was refused", e));
    } catch (StorageFullException e) {
      // No room in the manifest to reserve revisions: nothing has been appended yet.
      group.failAll(Fate.FULL, e);
    } catch (Throwable e) {
      if (touched || installer.isInDoubt()) {
        // Whatever it was, log and memtable may differ now: end it here.
        group.failAll(Fate.FAILED, e);
        health.poison(e);
      } else {
        group.failAll(Fate.REFUSED, e);
      }
    } finally {
      // The callers' arrays are theirs again.
      batches.clear();
      entries.reset(Keys.EMPTY, 0, 0);
    }
    if (published) {
      rotateIfFull();
    }
  }

  /** Gathers the batches of a group; false if there is nothing to commit. */
  private boolean prepare(CommitQueue.Group group) {
    if (closed) {
      group.failAll(Fate.CLOSED, null);
      return false;
    }
    health.check();
    for (CommitRequest member = group.first(); member != null; member = member.next) {
      if (member.durability == Durability.INTERVAL) {
        timedSyncWanted = true;
      }
      if (member.onlyDeletes || space.hasRoomFor(member.length)) {
        batches.add(member.batch, 0, member.length);
      } else {
        member.fail(
            Fate.FULL,
            new StorageFullException(
                String.format(
                    Locale.ROOT,
                    "disk space is down to the reserve of %d bytes: this put was refused (free"
                        + " space, or delete data)",
                    options.spaceReserveBytes())));
      }
    }
    return batches.size() > 0;
  }

  /** Extends the reserve of revisions in the manifest before the first one beyond it is used. */
  private void reserve(long upTo) {
    if (upTo > reservedRevision) {
      long ceiling = upTo + options.revisionReserve();
      VersionEdit edit = new VersionEdit();
      edit.reservedRevision = ceiling;
      edit.gaps = skipped;
      installer.install(now -> edit);
      reservedRevision = ceiling;
      skipped = RevisionGaps.NONE;
    }
  }

  private void insert(CommitQueue.Group group, long firstRevision) {
    Memtable memtable = states.peek().active();
    DeadRanges deadRanges = states.deadRanges();
    boolean noting = deadRanges.isNoting(firstRevision);
    CommitRequest leader = group.first();
    long revision = firstRevision;
    long putCount = 0;
    long deleteCount = 0;
    long bytes = 0;
    for (CommitRequest member = leader; member != null; member = member.next) {
      if (member.fate != Fate.PENDING) {
        continue;
      }
      entries.reset(member.batch, 0, member.length);
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
          if (noting) {
            // Before the revision is visible: no scan may go around a value that it must show.
            deadRanges.put(revision, entries.array(), entries.keyOffset(), entries.keyLength());
          }
        }
        bytes += entries.keyLength() + entries.valueLength();
      }
      member.revision = revision++;
    }
    puts.add(putCount);
    deletes.add(deleteCount);
    userBytes.add(bytes);
    for (CommitRequest member = leader; member != null; member = member.next) {
      if (member.fate == Fate.PENDING) {
        member.fate = Fate.DONE;
      }
    }
  }

  /** What follows a commit. The group is visible by now: nothing here may be its failure. */
  private void rotateIfFull() {
    Memtable active = states.peek().active();
    try {
      if (active.bytes() >= options.memtableBytes() && canRotate()) {
        rotate(FlushReason.MEMTABLE_BYTES);
      }
    } catch (Throwable e) {
      // The next write tries again; but a memtable must not grow until memory ends.
      note("a full memtable could not be sealed", e);
      if (active.bytes() / OVERGROWN_TIMES >= options.memtableBytes()) {
        health.poison(e);
      }
    }
  }

  private void rotate(FlushReason reason) {
    Memtable sealed = states.peek().active();
    long id = ++memtableSequence;
    Memtable fresh = new Memtable(id, memtableSeeds.applyAsLong(id));
    try {
      installer.rotate(fresh);
      activeSinceNanos = clock.nanoTime();
      rollLog();
      throttle.lookAtMemory();
      report(sealed, reason);
    } finally {
      // Whatever was thrown: if the memtable is sealed, somebody waits for its flush.
      onSealed.run();
    }
  }

  /** One segment a memtable, so that a flush frees its log at once. */
  private void rollLog() {
    try {
      wal.roll();
    } catch (Throwable e) {
      if (wal.isFailed()) {
        health.poison(e);
      } else {
        // The old segment goes on, or the next append reports what stands in the way.
        note("no new segment of the log could be begun", e);
      }
    }
  }

  private void report(Memtable sealed, FlushReason reason) {
    try {
      if (events.enabled()) {
        events.emit(
            new FlushEvent.Triggered(
                clock.nanoTime(), sealed.id(), reason, sealed.bytes(), sealed.entries()));
      }
    } catch (Throwable e) {
      note("a receiver of events threw", e);
    }
  }

  private static void note(String what, Throwable e) {
    LOG.log(System.Logger.Level.WARNING, () -> what + ": " + e, null);
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
    queue.<Boolean, IOException>alone(
        () -> {
          wal.start();
          return true;
        });
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
        throw health.noRoom("the memtables cannot be flushed");
      }
    }
  }

  private boolean canRotate() {
    return states.peek().memtables().length < options.memtablesMax();
  }

  private boolean trySeal(FlushReason reason) {
    return queue.alone(
        () -> {
          health.checkOpen();
          if (states.peek().active().isEmpty()) {
            return true;
          }
          if (!canRotate()) {
            return false;
          }
          rotate(reason);
          return true;
        });
  }

  /**
   * Seals the active memtable if its first write is older than the option allows.
   *
   * @return nanoseconds until it is worth asking again
   */
  public long sealIfOld() {
    return queue.alone(this::sealIfOldAlone);
  }

  private long sealIfOldAlone() {
    long ageMax = Times.nanos(options.memtableAge());
    if (states.peek().active().isEmpty()) {
      activeSinceNanos = clock.nanoTime();
      return ageMax;
    }
    long left = activeSinceNanos + ageMax - clock.nanoTime();
    if (left > 0) {
      return left;
    }
    if (canRotate() && !health.isPoisoned()) {
      rotate(FlushReason.WAL_AGE);
    }
    return ageMax;
  }

  /**
   * Commits what waits though nobody leads: only a stack without room can have brought it to that.
   */
  public void serveForgotten() {
    queue.serveWaiting();
  }

  /** Waits for the commit under way and refuses all that come after. */
  public void close() {
    queue.alone(() -> closed = true);
    while (queue.serveWaiting()) {
      // Each round refuses a group of those who came before.
    }
  }
}
