package dev.atll.recovery;

import dev.atll.api.StorageFullException;
import dev.atll.env.Clock;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.flush.FlushJob;
import dev.atll.manifest.VersionSet;
import dev.atll.memtable.Memtable;
import dev.atll.mvcc.Retention;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.FlushEvent;
import dev.atll.record.BatchEntries;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.RunViews;
import dev.atll.tree.TableCache;
import dev.atll.version.Version;
import dev.atll.wal.BatchConsumer;
import dev.atll.wal.RecoveredLog;
import dev.atll.wal.ReplayListener;
import dev.atll.wal.WalRecovery;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings the log into memtables, and into tables what memory should not hold. A log that fits is read
 * once. One that does not is read twice: first to its end, so that a damaged log is refused before
 * anything is written, then again with the oldest memtable flushed whenever the next batch would not
 * fit.
 *
 * <p>A flush here is one edit, as in a running store: the table is synced, then the manifest says that
 * all revisions up to its last are in tables. So a crash at any moment leaves each batch in the log, in
 * a table or in both, and the next replay skips those the manifest claims. No log segment goes here:
 * they go as usual, once the store runs.
 */
final class LogReplay {
  private final Storage storage;
  private final VersionSet versions;
  private final TableCache tables;
  private final RunViews views;
  private final FlushFilters filters;
  private final LongUnaryOperator memtableSeeds;
  private final Function<RecoveredLog, Retention> retention;
  private final ReplayBudget budget;
  private final Clock clock;
  private final EventSink events;

  private final BatchEntries entries = new BatchEntries();
  private final Deque<Memtable> memtables = new ArrayDeque<>();
  private long memtablesMade;
  private long sealedBytes;
  private long lastTaken;
  private boolean tooLong;
  private boolean diskFull;
  private @Nullable ReadTree tree;
  private int flushes;
  private long entriesInserted;

  /**
   * How the log is read into memory.
   *
   * @param memtableSeeds gives the seed of the memtable with a number
   * @param retention what flushes must keep, given the log as it was found
   * @param budget the memory there is
   */
  record Rules(
      LongUnaryOperator memtableSeeds,
      Function<RecoveredLog, Retention> retention,
      ReplayBudget budget) {}

  /**
   * Prepares it.
   *
   * @param tables where flushed tables are opened; they stay open for the store
   * @param filters which filters flushed tables get
   */
  LogReplay(
      Storage storage,
      VersionSet versions,
      TableCache tables,
      FlushFilters filters,
      Rules rules,
      Clock clock,
      EventSink events) {
    this.storage = storage;
    this.versions = versions;
    this.tables = tables;
    this.views = new RunViews(tables, versions::nextNumber);
    this.filters = filters;
    this.memtableSeeds = rules.memtableSeeds();
    this.retention = rules.retention();
    this.budget = rules.budget();
    this.clock = clock;
    this.events = events;
  }

  /**
   * Reads the log.
   *
   * @throws dev.atll.api.CorruptionException as {@link WalRecovery}: then nothing was written
   * @throws StorageFullException if the log is longer than memory can hold and the disk has no room
   *     for tables
   * @throws IOException if a file cannot be read or written
   */
  RecoveredLog run() throws IOException {
    Version version = versions.current();
    RecoveredLog log = read(version, this::keep, new ReplayNews(clock, events));
    if (tooLong) {
      Retention kept = retention.apply(log);
      long taken = lastTaken;
      read(
          version,
          (revision, bytes, offset, length) -> {
            if (revision > taken) {
              makeRoomFor(length, kept);
              insert(revision, bytes, offset, length);
            }
          },
          ReplayListener.NONE);
    }
    return log;
  }

  private RecoveredLog read(Version version, BatchConsumer consumer, ReplayListener listener)
      throws IOException {
    return WalRecovery.replay(
        storage,
        versions.storeId(),
        version.firstLogSegment(),
        version.flushedRevision(),
        consumer,
        listener);
  }

  /** What was not flushed, newest first. */
  List<Memtable> memtables() {
    return List.copyOf(memtables);
  }

  /** The highest number given to a memtable. */
  long memtablesMade() {
    return memtablesMade;
  }

  /** Puts and deletions brought into memtables, or through them into tables. */
  long entriesInserted() {
    return entriesInserted;
  }

  /** Tables written. */
  int flushes() {
    return flushes;
  }

  private void keep(long revision, byte[] bytes, int offset, int length) {
    tooLong |= heldBytes() + length > budget.totalBytes() && !memtables.isEmpty();
    if (!tooLong) {
      insert(revision, bytes, offset, length);
      lastTaken = revision;
    }
  }

  private long heldBytes() {
    Memtable newest = memtables.peekFirst();
    return sealedBytes + (newest == null ? 0 : newest.bytes());
  }

  private void insert(long revision, byte[] bytes, int offset, int length) {
    Memtable memtable = memtables.peekFirst();
    if (memtable == null || memtable.bytes() >= budget.memtableBytes()) {
      sealedBytes = heldBytes();
      long id = ++memtablesMade;
      memtable = new Memtable(id, memtableSeeds.applyAsLong(id));
      memtables.addFirst(memtable);
    }
    entries.reset(bytes, offset, length);
    while (entries.next()) {
      entriesInserted++;
      memtable.put(
          revision,
          entries.kind(),
          entries.array(),
          entries.keyOffset(),
          entries.keyLength(),
          entries.array(),
          entries.valueOffset(),
          entries.valueLength());
    }
  }

  /** A batch larger than all memory allowed comes alone: with nothing else held. */
  private void makeRoomFor(int length, Retention kept) throws IOException {
    while (!memtables.isEmpty() && heldBytes() + length > budget.totalBytes()) {
      boolean last = heldBytes() + length > budget.emergencyBytes();
      if (diskFull && !last) {
        return;
      }
      try {
        flushOldest(kept);
        diskFull = false;
      } catch (OutOfSpaceException | StorageFullException e) {
        // A full disk must not keep a store from being read, as long as memory can hold the rest.
        diskFull = true;
        if (last) {
          throw new StorageFullException(
              String.format(
                  Locale.ROOT,
                  "the log of %s holds more than fits in memory (%d bytes), and the disk has no room to write it to tables; free space, or open with a larger heap",
                  storage.path(), heldBytes()),
              e);
        }
      }
    }
  }

  private void flushOldest(Retention kept) throws IOException {
    Memtable oldest = memtables.getLast();
    long began = clock.nanoTime();
    if (events.enabled()) {
      events.emit(new FlushEvent.Started(began, oldest.id(), oldest.bytes()));
    }
    Version version = versions.current();
    ReadTree under = ReadTree.of(version, tree, tables);
    tree = under;
    FlushJob.Result result =
        FlushJob.run(
            oldest,
            under,
            version.level(1).guards(),
            kept,
            storage,
            tables,
            views,
            versions::nextNumber,
            clock.currentTimeMillis(),
            filters.of(
                new ReadState(memtables.toArray(new Memtable[0]), version, under),
                oldest.entries()));
    try {
      versions.install(result.edit());
    } catch (StorageFullException e) {
      // Not installed for certain. The file goes with the other orphans when the replay is over.
      tables.forget(result.fileNumber());
      throw e;
    }
    memtables.removeLast();
    sealedBytes = memtables.isEmpty() ? 0 : sealedBytes - oldest.bytes();
    flushes++;
    if (events.enabled()) {
      events.emit(
          new FlushEvent.Completed(
              clock.nanoTime(),
              oldest.id(),
              result.fileNumber(),
              result.entriesIn(),
              result.entriesOut(),
              oldest.bytes(),
              result.bytesWritten(),
              result.fileNumber() == 0 ? 0 : 1,
              clock.nanoTime() - began));
    }
  }
}
