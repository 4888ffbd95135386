package dev.atll.wal;

import dev.atll.env.Clock;
import dev.atll.env.FileOut;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.SyncFailureException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Appends commit groups to the log and makes them durable.
 *
 * <p>Threads: {@link #start}, {@link #append}, {@link #roll} and {@link #close} belong to one thread
 * at a time (whoever leads the commit). {@link #sync} and {@link #collect} may run on any thread
 * meanwhile, and exclude each other. The rest is for all.
 *
 * <p>Failures: when an append finds the device full, its segment is given up where it was whole,
 * and the next append begins a new one whose header says so; nothing of the failed group counts. A
 * failed force, and any other failed write, ends the log: nobody knows what is on disk, so each
 * later call throws, nothing is forced again and no file is deleted.
 */
public final class WalWriter implements AutoCloseable {
  // A rolled segment keeps its descriptor until it is synced, which nobody may ever ask for: small
  // segments under large memtables would else take thousands.
  private static final int UNSYNCED_OPEN_MAX = 8;

  private final Storage storage;
  private final Clock clock;
  private final WalListener listener;
  private final long storeId;
  private final long segmentBytesMax;
  private final RecoveredLog recovered;

  /** Held by sync and collect while they work; taken before {@link #lock}. */
  private final Object syncLock = new Object();

  /** Guards what follows, volatile fields against writers only; held for moments. */
  private final Object lock = new Object();

  private final ArrayList<LiveSegment> live = new ArrayList<>();
  private final ArrayList<LiveSegment> unsyncedRolled = new ArrayList<>();
  private @Nullable LiveSegment active;
  private volatile long lastRevision;
  private volatile long durableRevision;
  private long flushedRevision;
  private long durableNameNumber;
  private long bytesWritten;
  private long bytesSynced;
  private long batchesWritten;
  private long batchesSynced;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private volatile boolean started;

  // Of the appending thread.
  private final List<String> obsolete = new ArrayList<>();
  private WalSegment tailBeforeLive = CarryOver.NOTHING;
  private long nextNumber;
  private boolean carried;

  /**
   * Prepares to continue a log; {@link #start} does the work.
   *
   * @param storeId any number; a log of another store is refused by recovery
   * @param segmentBytesMax a segment that would exceed this is followed by a new one; one group may
   *     exceed it alone
   * @param recovered what {@link WalRecovery} found, or {@link RecoveredLog#EMPTY}
   * @param flushedRevision all revisions up to this are durably in tables
   */
  public WalWriter(
      Storage storage,
      Clock clock,
      WalListener listener,
      long storeId,
      long segmentBytesMax,
      RecoveredLog recovered,
      long flushedRevision) {
    this.storage = storage;
    this.clock = clock;
    this.listener = new QuietListener(listener);
    this.storeId = storeId;
    this.segmentBytesMax = segmentBytesMax;
    this.recovered = recovered;
    this.flushedRevision = flushedRevision;
    this.nextNumber = recovered.highestNumber() + 1;
    this.lastRevision = Math.max(recovered.lastRevision(), flushedRevision);
    this.durableRevision = Math.max(recovered.durableRevision(), flushedRevision);
    for (WalSegment segment : recovered.segments()) {
      live.add(new LiveSegment(segment));
    }
  }

  /**
   * Begins a segment and makes the recovered log durable: what recovery read may exist in the page
   * cache only, and forcing it there would prove nothing after a failed force of an earlier process;
   * so the part that the log does not prove to be on disk is written again. Called by the first
   * append when nobody did. May be called again after it threw {@link OutOfSpaceException}.
   */
  public void start() throws IOException {
    requireUsable();
    if (started) {
      return;
    }
    // The first sync may start the log too, on another thread.
    synchronized (syncLock) {
      if (!started) {
        startLocked();
      }
    }
  }

  private void startLocked() throws IOException {
    if (!carried) {
      carryOver();
      carried = true;
    }
    begin();
    syncNames();
    for (String name : obsolete) {
      deleteQuietly(name);
    }
    started = true;
  }

  /** Whether {@link #start} has done its work, so that what recovery read is on disk. */
  public boolean isStarted() {
    return started;
  }

  private void carryOver() throws IOException {
    long proven;
    synchronized (lock) {
      proven = Math.max(recovered.durableRevision(), flushedRevision);
    }
    List<WalSegment> old = segments();
    CarryOver plan = CarryOver.plan(storage, storeId, old, proven);
    List<WalSegment> next = new ArrayList<>(plan.kept());
    if (plan.isNeeded()) {
      long number = nextNumber++;
      try {
        next.add(plan.write(number));
      } catch (Throwable e) {
        if (!(e instanceof OutOfSpaceException)) {
          fail(e);
        }
        deleteQuietly(WalFiles.temporaryName(number));
        throw e;
      }
    }
    synchronized (lock) {
      tailBeforeLive = plan.tail();
      live.clear();
      next.forEach(segment -> live.add(new LiveSegment(segment)));
      if (plan.isNeeded()) {
        bytesWritten += next.getLast().length();
        bytesSynced += next.getLast().length();
      }
    }
    if (plan.isNeeded()) {
      syncNames();
    }
    synchronized (lock) {
      durableRevision = lastRevision;
    }
    obsolete.addAll(recovered.obsoleteFiles());
    for (WalSegment segment : old) {
      if (next.stream().noneMatch(kept -> kept.number() == segment.number())) {
        obsolete.add(segment.fileName());
      }
    }
  }

  /**
   * Appends a group: batch i gets revision {@code firstRevision + i}. When this returns, the group
   * survives the end of the process; {@link #sync} makes it survive a power cut.
   *
   * @param firstRevision above every revision appended before
   * @throws OutOfSpaceException if the device is full: nothing of the group counts, the revisions
   *     are free again, and a later append may succeed
   * @throws IOException if the log has failed, now or before: it takes no more
   */
  public void append(long firstRevision, CommitGroup group) throws IOException {
    if (firstRevision <= lastRevision || group.size() == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d batches at revision %d after %d",
              group.size(), firstRevision, lastRevision));
    }
    start();
    LiveSegment segment = active;
    if (segment == null) {
      segment = begin();
    } else if (segment.firstRevision != 0 && segment.length + group.bytes() > segmentBytesMax) {
      try {
        segment = rollFrom(segment);
      } catch (OutOfDescriptorsException e) {
        // The old segment grows beyond its size, rather than that a write is refused.
        segment = active == segment ? segment : begin();
      }
    }
    long begun = segment.length;
    segment.prepareGroup(firstRevision, durableRevision(), group);
    try {
      segment.writer().end();
    } catch (OutOfSpaceException e) {
      giveUp(segment);
      throw e;
    } catch (Throwable e) {
      fail(e);
      throw e;
    }
    synchronized (lock) {
      segment.appended(firstRevision, firstRevision + group.size() - 1);
      lastRevision = segment.lastRevision;
      bytesWritten += segment.length - begun;
      batchesWritten += group.size();
    }
  }

  /**
   * Begins a new segment. The old one is not forced by this, but by the next {@link #sync}, before
   * anything newer is.
   */
  public void roll() throws IOException {
    start();
    LiveSegment segment = active;
    if (segment == null) {
      begin();
    } else {
      rollFrom(segment);
    }
  }

  private LiveSegment rollFrom(LiveSegment old) throws IOException {
    LiveSegment segment = begin();
    boolean manyOpen;
    synchronized (lock) {
      manyOpen = unsyncedRolled.size() > UNSYNCED_OPEN_MAX;
    }
    if (manyOpen) {
      sync();
    }
    listener.segmentRolled(old.number, old.length, lastRevision(), segmentCount());
    return segment;
  }

  /** Creates the next segment and makes it the active one; the old one joins the unsynced. */
  private LiveSegment begin() throws IOException {
    WalSegment before;
    synchronized (lock) {
      before = live.isEmpty() ? tailBeforeLive : live.getLast().facts();
      // Room for what comes once the file exists: from then on nothing may be appended to the old
      // segment, so that taking the new one into the books must not fail for want of memory.
      live.ensureCapacity(live.size() + 1);
      unsyncedRolled.ensureCapacity(unsyncedRolled.size() + 1);
    }
    long number = nextNumber++;
    SegmentHeader header =
        new SegmentHeader(
            storeId,
            number,
            before.number(),
            before.length(),
            before.lastRevision(),
            durableRevision());
    // Should this fail, nothing is lost: the old segment may go on.
    FileOut out = storage.create(WalFiles.name(number));
    LiveSegment segment;
    try {
      segment = LiveSegment.begin(out, header);
    } catch (Throwable e) {
      // A header that says how much of the old segment counts may now be on disk: no more into it.
      LiveSegment old = active;
      if (old != null) {
        giveUp(old);
      }
      if (!(e instanceof OutOfSpaceException)) {
        fail(e);
      }
      deleteQuietly(WalFiles.name(number));
      throw e;
    }
    synchronized (lock) {
      if (active != null) {
        unsyncedRolled.add(active);
      }
      live.add(segment);
      active = segment;
      bytesWritten += segment.length;
    }
    return segment;
  }

  private void giveUp(LiveSegment segment) {
    synchronized (lock) {
      assert active == segment;
      unsyncedRolled.add(segment);
      active = null;
    }
  }

  /**
   * Makes all that was appended before this call durable: older segments first, then the names, then
   * the newest segment. Blocks while another thread syncs or collects. Starts the log when nobody
   * did and recovery read something that is not proven to be on disk.
   *
   * @return the highest durable revision now
   * @throws OutOfSpaceException if the log could not be started for want of space: try again later
   * @throws IOException if that failed, now or before: the log takes no more
   */
  public long sync() throws IOException {
    synchronized (syncLock) {
      if (!started && lastRevision > durableRevision) {
        start();
      }
      List<LiveSegment> rolled;
      LiveSegment newest;
      long target;
      long bytes;
      long batches;
      boolean namesDirty;
      synchronized (lock) {
        requireUsable();
        if (!started) {
          return durableRevision;
        }
        rolled = unsyncedRolled.isEmpty() ? List.of() : List.copyOf(unsyncedRolled);
        newest = active;
        target = lastRevision;
        bytes = bytesWritten;
        batches = batchesWritten;
        namesDirty = newestNumber() > durableNameNumber;
        if (bytes == bytesSynced && rolled.isEmpty() && !namesDirty) {
          return durableRevision;
        }
      }
      long begun = clock.nanoTime();
      try {
        for (LiveSegment segment : rolled) {
          SyncFailureException.sync(segment.out());
        }
        if (namesDirty) {
          syncNames();
        }
        if (newest != null) {
          SyncFailureException.sync(newest.out());
        }
      } catch (Throwable e) {
        // A full disk too: that can be waited for elsewhere, but what was forced is unknown now.
        fail(e);
        throw e;
      }
      long newBytes;
      long newBatches;
      long reached;
      synchronized (lock) {
        unsyncedRolled.removeAll(rolled);
        newBytes = bytes - bytesSynced;
        newBatches = batches - batchesSynced;
        bytesSynced = bytes;
        batchesSynced = batches;
        durableRevision = Math.max(durableRevision, target);
        reached = durableRevision;
      }
      // After the books: what was forced stays forced, whatever closing says.
      rolled.forEach(LiveSegment::closeQuietly);
      listener.synced(
          newest == null ? 0 : newest.number, newBytes, newBatches, clock.nanoTime() - begun);
      return reached;
    }
  }

  private void syncNames() throws IOException {
    long newest;
    synchronized (lock) {
      newest = newestNumber();
    }
    try {
      SyncFailureException.syncDirectory(storage);
    } catch (Throwable e) {
      fail(e);
      throw e;
    }
    synchronized (lock) {
      durableNameNumber = Math.max(durableNameNumber, newest);
    }
  }

  private long newestNumber() {
    return live.isEmpty() ? 0 : live.getLast().number;
  }

  /**
   * Deletes the segments whose every revision is in tables, never the newest one. The caller has
   * made the tables and the manifest that says so durable.
   *
   * @param oldestUnflushedRevision all revisions below this are in tables
   * @return how many segments went
   * @throws IOException if a file could not be deleted; it may be tried again
   */
  public int collect(long oldestUnflushedRevision) throws IOException {
    synchronized (syncLock) {
      List<LiveSegment> dead = new ArrayList<>();
      boolean namesDirty;
      synchronized (lock) {
        requireUsable();
        flushedRevision = Math.max(flushedRevision, oldestUnflushedRevision - 1);
        for (LiveSegment segment : live) {
          // The newest stays even when it was given up: one must always exist.
          if (segment == live.getLast() || segment.lastRevision >= oldestUnflushedRevision) {
            break;
          }
          dead.add(segment);
        }
        namesDirty = newestNumber() > durableNameNumber;
      }
      if (dead.isEmpty()) {
        return 0;
      }
      long begun = clock.nanoTime();
      if (namesDirty) {
        // Else a crash could leave no segment at all, as if the log had been lost.
        syncNames();
      }
      long bytes = 0;
      for (LiveSegment segment : dead) {
        segment.closeQuietly();
        String name = WalFiles.name(segment.number);
        if (storage.exists(name)) {
          storage.delete(name);
        }
        bytes += segment.length;
        synchronized (lock) {
          live.remove(segment);
          unsyncedRolled.remove(segment);
        }
      }
      listener.collected(
          dead.size(), bytes, segmentCount(), oldestUnflushedRevision, clock.nanoTime() - begun);
      return dead.size();
    }
  }

  /**
   * The number to record in the manifest: segments below it are not needed, and one at or above it
   * is on disk, now and as long as this number is the recorded one.
   *
   * @param oldestUnflushedRevision all revisions below this are in tables
   */
  public long firstNeededSegment(long oldestUnflushedRevision) {
    synchronized (lock) {
      long needed = 0;
      for (LiveSegment segment : live) {
        if (segment.number <= durableNameNumber) {
          needed = segment.number;
        }
        if (segment.lastRevision >= oldestUnflushedRevision) {
          break;
        }
      }
      return needed;
    }
  }

  /** The last revision appended, or recovered. */
  public long lastRevision() {
    return lastRevision;
  }

  /** The highest revision known to be on disk. */
  public long durableRevision() {
    return durableRevision;
  }

  /** Bytes appended by this writer, headers and what was written again at the start included. */
  public long bytesWritten() {
    synchronized (lock) {
      return bytesWritten;
    }
  }

  /** Bytes appended and not yet forced. */
  public long bytesUnsynced() {
    synchronized (lock) {
      return bytesWritten - bytesSynced;
    }
  }

  /** The segments on disk, oldest first, the active one last; each ends at a whole record. */
  public List<WalSegment> segments() {
    synchronized (lock) {
      List<WalSegment> facts = new ArrayList<>(live.size());
      for (LiveSegment segment : live) {
        facts.add(segment.facts());
      }
      return facts;
    }
  }

  private int segmentCount() {
    synchronized (lock) {
      return live.size();
    }
  }

  /** Whether the log has failed for good. */
  public boolean isFailed() {
    return failure != null;
  }

  private void requireUsable() throws IOException {
    Throwable cause = failure;
    if (cause != null) {
      throw new IOException("the log failed earlier and takes no more", cause);
    }
    if (closed) {
      throw new IOException("the log is closed");
    }
  }

  private void fail(Throwable cause) {
    synchronized (lock) {
      if (failure == null) {
        failure = cause;
      }
    }
  }

  private void deleteQuietly(String name) {
    try {
      if (storage.exists(name)) {
        storage.delete(name);
      }
    } catch (Throwable e) {
      // It counts for nothing; the next recovery lists it as obsolete again.
    }
  }

  /**
   * Forces the log, seals it, so that damage to its last records cannot pass for a torn tail, and
   * closes its files. After a failure it only closes them. Calling it again does nothing.
   *
   * @throws IOException if forcing failed: revisions above {@link #durableRevision} may be lost
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      if (!isFailed() && started) {
        sync();
        seal();
      }
    } finally {
      abandon();
    }
  }

  /** Closes the files and writes nothing. Calling it again does nothing. */
  public void abandon() {
    synchronized (syncLock) {
      synchronized (lock) {
        closed = true;
        for (LiveSegment segment : live) {
          segment.closeQuietly();
        }
      }
    }
  }

  private void seal() throws IOException {
    LiveSegment segment = active;
    if (segment == null) {
      return;
    }
    segment.prepareSeal(lastRevision());
    try {
      segment.writer().end();
    } catch (OutOfSpaceException e) {
      return; // a full disk must not keep a store from closing; the seal only proves more
    }
    synchronized (lock) {
      bytesWritten += segment.sealed();
    }
    segment.out().sync();
  }
}
