package dev.atll.tree;

import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.Storage;
import dev.atll.observe.event.EngineEvent;
import org.jspecify.annotations.Nullable;

/**
 * The one answer to "is there room?", for jobs and for writes, and the book of what jobs have been
 * promised (invariant I10).
 *
 * <p>What a file system tells is advice. No mount table, a negative number or {@link
 * Long#MAX_VALUE} mean that it does not know, and so does 0 from one that never told more: then
 * everybody goes on, and the disk itself says when it is full. A 0 after more than 0 is believed
 * until {@value #PROOF_BYTES} bytes have been written in spite of it. Thread-safe.
 */
public final class DiskSpace {
  // More than a file system squeezes into blocks that it has given out already.
  private static final long PROOF_BYTES = 1 << 20;

  /** Bytes promised to one job. */
  public final class Reservation implements AutoCloseable {
    private final long planned;
    private long left;

    private Reservation(long bytes) {
      planned = bytes;
      left = bytes;
    }

    /** So many bytes are written by now: the file system counts them, the book no longer does. */
    public void written(long bytes) {
      synchronized (DiskSpace.this) {
        if (left > 0) {
          long next = Math.max(0, planned - bytes);
          promised -= left - next;
          left = next;
        }
      }
    }

    /** Gives back what is left; again does nothing. */
    @Override
    public void close() {
      synchronized (DiskSpace.this) {
        promised -= left;
        left = 0;
      }
    }
  }

  private final Storage storage;
  private final long reserveBytes;
  private final Reports events;
  private final Clock clock;
  // All below are guarded by this.
  private long promised;
  private boolean known = true;
  private boolean believesZero;
  private long writtenAtZero;

  /**
   * Creates it.
   *
   * @param reserveBytes what jobs and puts leave free
   */
  public DiskSpace(Storage storage, long reserveBytes, Reports events, Clock clock) {
    this.storage = storage;
    this.reserveBytes = reserveBytes;
    this.events = events;
    this.clock = clock;
  }

  /** Whether the file system tells what is free; as of the last time somebody asked. */
  public synchronized boolean isKnown() {
    return known;
  }

  /** Bytes that jobs under way have yet to write. */
  public synchronized long promisedBytes() {
    return promised;
  }

  /** Whether so many bytes fit beside the reserve, whatever jobs were promised: for puts. */
  public synchronized boolean hasRoomFor(long bytes) {
    long free = free();
    return free < 0 || Math.max(0, free - reserveBytes) >= bytes;
  }

  /** Whether a job's bytes would fit beside the reserve and what others were promised. */
  public synchronized boolean fits(long bytes) {
    long free = free();
    return free < 0 || Math.max(0, free - reserveBytes) - promised >= bytes;
  }

  /** Promises a job its bytes if they fit; null if they do not. */
  public synchronized @Nullable Reservation tryPromise(long bytes) {
    return fits(bytes) ? promise(bytes) : null;
  }

  /** Promises bytes whether they fit or not: a flush has to be tried, and others give way to it. */
  public synchronized Reservation promise(long bytes) {
    Reservation made = new Reservation(bytes);
    promised += bytes;
    return made;
  }

  /** A job wrote a file of so many bytes. */
  public synchronized void wrote(long bytes) {
    if (believesZero && told() == 0) {
      writtenAtZero += bytes;
      if (writtenAtZero >= PROOF_BYTES) {
        believesZero = false;
      }
    } else {
      writtenAtZero = 0;
    }
  }

  /** The disk refused a write for want of space: whatever it tells, 0 is no lie. */
  public synchronized void foundFull() {
    believesZero = true;
    writtenAtZero = 0;
  }

  /** Free bytes, or -1 if nobody knows. */
  private long free() {
    long told = told();
    boolean knows = told > 0 || (told == 0 && believesZero);
    if (told > 0) {
      believesZero = true;
      writtenAtZero = 0;
    }
    if (knows != known) {
      known = knows;
      events.emit(new EngineEvent.FreeSpaceKnown(clock.nanoTime(), knows));
    }
    return knows ? told : -1;
  }

  /** What the file system tells, or -1 if that means nothing. */
  private long told() {
    try {
      long told = storage.freeBytes();
      return told == Long.MAX_VALUE ? -1 : told;
    } catch (Exception | VirtualMachineError | LinkageError e) {
      // No table of mounts, say, as in a chroot; a file system of others may throw anything.
      return -1;
    }
  }
}
