package dev.atll.engine;

import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.Stats;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreHealth;
import dev.atll.api.WriteBatch;
import dev.atll.base.Times;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.memtable.Memtable;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FlushReason;
import dev.atll.observe.event.Label;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Policies;
import dev.atll.tree.Health;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.version.TableFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The store: hands each call to the part that does it. Thread-safe, as {@link AtllDb} says. */
final class Engine extends StoreView implements AtllDb {
  private static final long SETTLE_LOOK_NANOS = 5_000_000L;
  private static final int SCRATCH_BYTES_MAX = 64 << 10;

  final StoreParts parts;
  private final Options options;
  private final ThreadLocal<WriteBatch> batches = ThreadLocal.withInitial(WriteBatch::new);
  private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  Engine(StoreParts parts) {
    super(parts.readers);
    this.parts = parts;
    this.options = parts.options;
  }

  @Override
  long readRevision() {
    readers.checkOpen();
    return Long.MAX_VALUE;
  }

  @Override
  public long put(byte[] key, byte[] value) {
    WriteBatch batch = batches.get();
    batch.clear();
    try {
      batch.put(key, value);
      return commit(batch, options.durability(), false);
    } finally {
      giveBack(batch);
    }
  }

  @Override
  public long delete(byte[] key) {
    WriteBatch batch = batches.get();
    batch.clear();
    try {
      batch.delete(key);
      return commit(batch, options.durability(), true);
    } finally {
      giveBack(batch);
    }
  }

  /** A large batch is not kept: a thread may live long after its last write, and after the store. */
  private void giveBack(WriteBatch batch) {
    if (batch.encodedLength() > SCRATCH_BYTES_MAX) {
      batches.remove();
    }
  }

  @Override
  public long write(WriteBatch batch) {
    return write(batch, options.durability());
  }

  @Override
  public long write(WriteBatch batch, Durability durability) {
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(durability, "durability");
    readers.checkOpen();
    return batch.count() == 0
        ? visibleRevision()
        : commit(batch, durability, batch.onlyDeletes());
  }

  private long commit(WriteBatch batch, Durability durability, boolean onlyDeletes) {
    readers.checkOpen();
    // Checked before a byte goes anywhere: what is refused leaves no trace.
    if (batch.longestKey() > options.keyBytesMax()) {
      throw tooLong("key", batch.longestKey(), options.keyBytesMax(), "keyBytesMax");
    }
    if (batch.longestValue() > options.valueBytesMax()) {
      throw tooLong("value", batch.longestValue(), options.valueBytesMax(), "valueBytesMax");
    }
    if (batch.encodedLength() > options.batchBytesMax()) {
      throw tooLong("batch", batch.encodedLength(), options.batchBytesMax(), "batchBytesMax");
    }
    long revision =
        parts.commits.commit(
            batch.encoded(), batch.encodedLength(), durability, onlyDeletes);
    parts.workers.yieldPoint();
    return revision;
  }

  private static InvalidInputException tooLong(String what, long length, long max, String option) {
    return new InvalidInputException(
        String.format(
            Locale.ROOT,
            "%s of %d bytes is longer than Options.%s = %d; nothing was written",
            what, length, option, max));
  }

  @Override
  public Snapshot snapshot() {
    readers.checkOpen();
    return new SnapshotHandle(
        readers, parts.snapshots, parts.holds, parts.snapshots.holdVisible());
  }

  @Override
  public Snapshot snapshotAt(long revision) {
    readers.checkOpen();
    parts.snapshots.hold(revision);
    return new SnapshotHandle(readers, parts.snapshots, parts.holds, revision);
  }

  @Override
  public long visibleRevision() {
    return parts.commits.visibleRevision();
  }

  @Override
  public long durableRevision() {
    return parts.durableRevision();
  }

  @Override
  public long oldestReadableRevision() {
    return parts.snapshots.floor();
  }

  @Override
  public void sync() {
    readers.checkOpen();
    parts.health.check();
    try {
      parts.commits.startLog();
      parts.wal.sync();
    } catch (OutOfSpaceException e) {
      throw new StorageFullException(
          OutOfDescriptorsException.missing(e) + ": the log cannot be synced", e);
    } catch (IOException e) {
      if (parts.health.isClosed()) {
        throw new StoreClosedException("store was closed before the sync", e);
      }
      parts.health.poison(e);
      parts.health.check();
    }
  }

  @Override
  public void flush() {
    readers.checkOpen();
    parts.commits.seal(FlushReason.MANUAL);
    awaitFlushed();
  }

  /** Waits for the memtables that are sealed now, and for none that writers seal meanwhile. */
  private void awaitFlushed() {
    long active = parts.states.peek().active().id();
    long failures = parts.health.spaceFailures();
    parts.workers.awaitUntil(
        () ->
            isFlushedUpTo(active)
                || parts.health.isOver()
                || parts.health.spaceFailures() > failures + 1,
        Long.MAX_VALUE);
    parts.health.checkOpen();
    if (!isFlushedUpTo(active)) {
      throw parts.health.noRoom("the memtables cannot be flushed");
    }
  }

  private boolean isFlushedUpTo(long memtable) {
    Memtable[] memtables = parts.states.peek().memtables();
    return memtables[memtables.length - 1].id() >= memtable;
  }

  @Override
  public void compact(KeyRange range) {
    Objects.requireNonNull(range, "range");
    flush();
    long failures = parts.health.spaceFailures();
    parts.workers.awaitUntil(
        () ->
            parts.states.peek().version().levelZero().isEmpty()
                || parts.health.isOver()
                || parts.health.spaceFailures() > failures + 1,
        Duration.ofMinutes(10).toNanos());
    parts.health.checkOpen();
    parts.scheduler.compactRange(range.low(), range.high(), parts.workers);
  }

  @Override
  public boolean settle(Duration atMost) {
    Objects.requireNonNull(atMost, "atMost");
    readers.checkOpen();
    long nanos = Times.nanos(atMost);
    long end = parts.clock.nanoTime() + nanos;
    // Each look takes its time, whatever a clock of the caller's says, which may stand still.
    long looks = nanos / SETTLE_LOOK_NANOS;
    do {
      readers.checkOpen();
      parts.scheduler.signal();
      parts.workers.awaitUntil(this::isSettled, SETTLE_LOOK_NANOS);
      if (isSettled()) {
        return true;
      }
    } while (looks-- > 0 && parts.clock.nanoTime() - end < 0);
    return false;
  }

  private boolean isSettled() {
    ReadState state = parts.states.peek();
    return state.memtables().length == 1
        && state.version().levelZero().isEmpty()
        && parts.scheduler.isIdle()
        && state == parts.states.peek();
  }

  @Override
  public void policy(String name) {
    Objects.requireNonNull(name, "name");
    readers.checkOpen();
    // All that may be refused comes first; then the switch; what is told of it can undo nothing.
    CompactionPolicy next = Policies.byName(name, options.decisionSeed());
    String before = policy();
    parts.scheduler.policy(next);
    parts.events.run(
        () ->
            parts.events.emit(
                new EngineEvent.PolicyChanged(
                    parts.clock.nanoTime(), Label.of(before), Label.of(next.name()))));
  }

  @Override
  public String policy() {
    return parts.scheduler.policy().name();
  }

  @Override
  public long approximateBytes(KeyRange range) {
    Objects.requireNonNull(range, "range");
    readers.checkOpen();
    byte[] high = range.high();
    if (high != null && java.util.Arrays.compareUnsigned(range.low(), high) >= 0) {
      return 0;
    }
    return withRuns(range, run -> parts.views.bytesWithin(run.run(), range.low(), high));
  }

  @Override
  public void verify() {
    readers.checkOpen();
    int stripe = StateHolder.stripe();
    ReadState state = parts.states.pin(stripe);
    long began = parts.clock.nanoTime();
    int files = 0;
    long bytes = 0;
    int faults = 0;
    try {
      for (TableFile file : state.version().files().values()) {
        readers.checkOpen();
        files++;
        bytes += file.bytes();
        parts.tables.get(file.number()).verify();
      }
    } catch (RuntimeException | InternalError e) {
      faults = readers.isClosed() ? 0 : 1;
      throw readers.explain(e);
    } finally {
      parts.states.unpin(state, stripe);
      parts.news.scrubbed(files, bytes, faults, began);
    }
  }

  private long withRuns(KeyRange range, java.util.function.ToLongFunction<ReadRun> each) {
    int stripe = StateHolder.stripe();
    ReadState state = parts.states.pin(stripe);
    try {
      java.util.List<ReadRun> runs = new java.util.ArrayList<>();
      state.tree().collectRuns(range.low(), range.high(), runs);
      return runs.stream().mapToLong(each).sum();
    } catch (RuntimeException | InternalError e) {
      throw readers.explain(e);
    } finally {
      parts.states.unpin(state, stripe);
    }
  }

  @Override
  public Stats stats() {
    return StatsReport.of(parts, parts.caches.look().stats());
  }

  @Override
  public StoreHealth health() {
    Health health = parts.health;
    return new StoreHealth(
        health.failure(),
        health.isSpaceExhausted(),
        health.jobsFailed(),
        health.jobFailure(),
        health.damages(),
        parts.holds.overdue(),
        Duration.ofNanos(parts.holds.oldestNanos()));
  }

  @Override
  public Options options() {
    return options;
  }

  @Override
  public void close() {
    Thread caller = Thread.currentThread();
    if (!closer.compareAndSet(null, caller)) {
      awaitClosed(caller);
      return;
    }
    Throwable failure;
    try {
      failure = closeOnce();
    } finally {
      closed.countDown();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure == null || (parts.health.isPoisoned() && isOfTheDisk(failure))) {
      // After a failure nothing more was written: what closing could not do is known from that.
      return;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    throw new StorageIoException("closing the store failed: " + failure, failure);
  }

  private static boolean isOfTheDisk(Throwable failure) {
    return failure instanceof IOException || failure instanceof AtllException;
  }

  /** Waits until the directory is given back, whatever interrupts come; those are kept. */
  private void awaitClosed(Thread caller) {
    if (caller.equals(closer.get())) {
      // From within the close, by a callback: it would wait for itself.
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      caller.interrupt();
    }
  }

  /** Closes, whatever fails on the way; returns the first failure. */
  private @Nullable Throwable closeOnce() {
    Throwable failure = null;
    boolean clean = false;
    try {
      if (options.flushOnClose() && !parts.health.isPoisoned()) {
        parts.commits.seal(FlushReason.CLOSE);
        awaitFlushed();
      }
      clean = parts.isClean();
    } catch (Throwable e) {
      // What could not be flushed is in the log, and without memory the lock and the files have to be
      // given back all the same: closing goes on.
      failure = e;
    }
    readers.close();
    parts.health.close();
    Throwable later = parts.close();
    try {
      parts.news.closed(
          clean && !parts.health.isPoisoned(),
          parts.commits.visibleRevision(),
          parts.openedAtNanos);
    } catch (Throwable e) {
      // No memory to tell it with; the store is closed.
      later = later == null ? e : later;
    }
    return failure == null ? later : failure;
  }
}
