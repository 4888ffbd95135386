package dev.atll.engine;

import dev.atll.api.CorruptionException;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.LastingWorkers;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.SyncFailureException;
import dev.atll.env.Workers;
import dev.atll.flush.FlushJob;
import dev.atll.memtable.Memtable;
import dev.atll.mvcc.Retention;
import dev.atll.mvcc.SnapshotRegistry;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.CorruptionCause;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.FileKind;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.schedule.FilterPlanner;
import dev.atll.sstable.TableNames;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TableCache;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.wal.WalWriter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Flushes sealed memtables, oldest first, so that tables enter the tree in the order of their
 * revisions (invariant I3), and lets go of the log behind them.
 */
final class FlushLoop implements Workers.WorkUnit {
  private static final SafeLog LOG = SafeLog.of("dev.atll.store");
  private static final long RETRY_NANOS = 200_000_000L;
  // A disk that fails flushes for so many tries in a row is not coming back by itself.
  private static final int TRIES_MAX = 5;

  private final Storage storage;
  private final DiskSpace disk;
  private final StateHolder states;
  private final TreeInstaller installer;
  private final TableCache tables;
  private final RunViews views;
  private final SnapshotRegistry snapshots;
  private final WalWriter wal;
  private final LongSupplier numbers;
  private final FilterPlanner filters;
  private final Health health;
  private final Clock clock;
  private final Reports events;
  private final LongAdder flushes = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private int failures;

  FlushLoop(StoreContext context, TreeAccess tree, WalWriter wal, FilterPlanner filters) {
    this.storage = tree.storage();
    this.disk = tree.disk();
    this.states = tree.states();
    this.installer = tree.installer();
    this.tables = tree.tables();
    this.views = tree.views();
    this.snapshots = tree.snapshots();
    this.wal = wal;
    this.numbers = tree.numbers();
    this.filters = filters;
    this.health = context.health();
    this.clock = context.clock();
    this.events = context.events();
  }

  long flushes() {
    return flushes.sum();
  }

  long bytesWritten() {
    return bytesWritten.sum();
  }

  @Override
  public long runOnce() {
    if (health.isPoisoned()) {
      return Long.MAX_VALUE;
    }
    int stripe = StateHolder.stripe();
    ReadState state = states.pin(stripe);
    try {
      int count = state.memtables().length;
      if (count == 1) {
        return Long.MAX_VALUE;
      }
      flush(state, state.memtables()[count - 1]);
      failures = 0;
      health.spaceFound();
      return 0;
    } catch (SyncFailureException e) {
      // Not tried again: the next sync might say it succeeded, of this file or of another.
      health.poison(e);
      return Long.MAX_VALUE;
    } catch (OutOfSpaceException | dev.atll.api.StorageFullException e) {
      if (!OutOfDescriptorsException.isAmong(e)) {
        disk.foundFull();
      }
      health.spaceExhausted(e);
      return RETRY_NANOS;
    } catch (CorruptionException e) {
      // The table is not what was meant to be written. The memtable is, and its log: once more.
      events.run(() -> mismatch(e));
      if (++failures >= TRIES_MAX || installer.isInDoubt()) {
        health.poison(e);
        return Long.MAX_VALUE;
      }
      return RETRY_NANOS;
    } catch (Throwable e) {
      // No memory, say: the memtable and its log are as they were, so that it can be tried again.
      if (++failures >= TRIES_MAX || installer.isInDoubt() || !LastingWorkers.mayPass(e)) {
        health.poison(e);
        return Long.MAX_VALUE;
      }
      health.jobFailed(JobKind.FLUSH, e);
      return RETRY_NANOS;
    } finally {
      states.unpin(state, stripe);
    }
  }

  private void flush(ReadState state, Memtable memtable) throws IOException {
    long began = clock.nanoTime();
    events.run(() -> started(memtable, began));
    // Merges that have yet to begin give way to it.
    try (DiskSpace.Reservation _ = disk.promise(memtable.bytes())) {
      write(state, memtable, began);
    }
  }

  private void write(ReadState state, Memtable memtable, long began) throws IOException {
    Retention retention = snapshots.sample();
    FlushJob.Result result =
        FlushJob.run(
            memtable,
            state.tree(),
            state.version().level(1).guards(),
            retention,
            storage,
            tables,
            views,
            numbers,
            clock.currentTimeMillis(),
            filters.forFlush(state, memtable.entries()));
    long unflushed = result.edit().flushedRevision + 1;
    result.edit().firstLogSegment = wal.firstNeededSegment(unflushed);
    boolean installed = false;
    try {
      installer.install(now -> result.edit(), memtable);
      installed = true;
    } finally {
      if (!installed) {
        forget(result.fileNumber());
      }
    }
    // From here on the memtable is flushed: what fails below is no failure of the flush.
    events.run(() -> completed(memtable, result, clock.nanoTime() - began));
    try {
      wal.collect(unflushed);
    } catch (Throwable e) {
      // The segments stay until the next collection; what they hold is in tables already. A log that
      // has failed says so to the next write.
      health.jobFailed(JobKind.LOG_COLLECTION, e);
    }
  }

  /** A flush that was refused is tried again with a new table: on a full disk each would stay. */
  private void forget(long number) {
    if (number == 0 || !installer.mayDelete(List.of(number))) {
      return;
    }
    tables.forget(number);
    try {
      storage.delete(TableNames.fileName(number));
    } catch (IOException e) {
      // An orphan: the next opening sweeps it.
      health.jobFailed(JobKind.FILE_DELETION, e);
    }
  }

  private void mismatch(CorruptionException e) {
    LOG.log(Level.WARNING, () -> "a flush is tried again: " + e.getMessage(), e);
    events.emit(
        new CorruptionEvent.Detected(
            clock.nanoTime(),
            FileKind.TABLE,
            TableNames.fileNumber(e.file()),
            e.offset(),
            CorruptionCause.COUNT));
  }

  private void started(Memtable memtable, long nowNanos) {
    if (events.enabled()) {
      events.emit(new FlushEvent.Started(nowNanos, memtable.id(), memtable.bytes()));
    }
  }

  private void completed(Memtable memtable, FlushJob.Result result, long nanos) {
    flushes.increment();
    bytesWritten.add(result.bytesWritten());
    disk.wrote(result.bytesWritten());
    if (events.enabled()) {
      events.emit(
          new FlushEvent.Completed(
              clock.nanoTime(),
              memtable.id(),
              result.fileNumber(),
              result.entriesIn(),
              result.entriesOut(),
              memtable.bytes(),
              result.bytesWritten(),
              result.fileNumber() == 0 ? 0 : 1,
              nanos));
    }
  }
}
