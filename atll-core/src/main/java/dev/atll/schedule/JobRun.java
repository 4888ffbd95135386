package dev.atll.schedule;

import dev.atll.api.AtllException;
import dev.atll.api.StorageIoException;
import dev.atll.compact.CompactionJob;
import dev.atll.compact.CompactionResult;
import dev.atll.env.Clock;
import dev.atll.env.DirectoryLostException;
import dev.atll.env.LastingWorkers;
import dev.atll.env.Work;
import dev.atll.mvcc.SnapshotRegistry;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Version;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One job from its lease to its report: the only owner of its lease and its output files. Files are
 * deleted only before they are installed, and the lease is given back once, on every path:
 *
 * <pre>
 * PLANNED ──begin──▶ RUNNING ──install──▶ INSTALLED ──end──▶ REPORTED
 *    └──────────────────┴──abandon──▶ ABANDONED
 * </pre>
 *
 * <p>Used by one thread at a time.
 */
final class JobRun {
  /** How far a job has come. */
  enum State {
    PLANNED,
    RUNNING,
    INSTALLED,
    REPORTED,
    ABANDONED
  }

  /** Whom a job's end is told. */
  interface Owner {
    /** The lease is given back; a second time does nothing. */
    void release(JobPlanner.Leased leased);

    /** The job went through: its slots are like any others again. */
    void succeeded(JobPlanner.Leased leased);
  }

  private final Owner owner;
  private final TreeInstaller installer;
  private final DiskSpace disk;
  private final JobPlanner.Leased leased;
  private final DiskSpace.Reservation promise;
  private State state = State.PLANNED;
  private @Nullable CompactionJob job;
  private boolean inPart;

  JobRun(
      Owner owner,
      TreeInstaller installer,
      DiskSpace disk,
      DiskSpace.Reservation promise,
      JobPlanner.Leased leased) {
    this.disk = disk;
    this.promise = promise;
    this.owner = owner;
    this.installer = installer;
    this.leased = leased;
  }

  State state() {
    return state;
  }

  JobPlanner.Leased leased() {
    return leased;
  }

  /** The job under way; only between {@link #begin} and the end. */
  CompactionJob job() {
    CompactionJob running = job;
    if (running == null) {
      throw new IllegalStateException("job " + leased.plan().jobId() + " is " + state);
    }
    return running;
  }

  /** Input bytes merged so far. */
  long bytesDone() {
    CompactionJob running = job;
    return running == null ? 0 : running.bytesDone();
  }

  /** Opens the inputs. */
  void begin(Supplier<CompactionJob> opening) {
    expect(State.PLANNED);
    job = opening.get();
    state = State.RUNNING;
  }

  /** Merges a slice; returns whether {@link #install} is next. */
  boolean step(long bytes) throws IOException {
    beginPart();
    boolean done = job().step(bytes);
    promise.written(job().bytesWritten());
    inPart = false;
    return done;
  }

  /** What threw in the middle of a slice has lost its place: such a job can only be given up. */
  private void beginPart() {
    expect(State.RUNNING);
    if (inPart) {
      throw new IllegalStateException("job " + leased.plan().jobId() + " was broken off");
    }
    inPart = true;
  }

  /** Numbers of the files that the job has made. */
  List<Long> outputs() {
    CompactionJob running = job;
    return running == null ? List.of() : running.createdNumbers();
  }

  /**
   * Finishes the outputs and installs them.
   *
   * @return what came of it; its version is null if the tree has changed so that it no longer fits
   */
  Installed install(SnapshotRegistry snapshots, Clock clock) throws IOException {
    beginPart();
    installer.requireWriting();
    CompactionResult result = job().finish();
    clock.enters(Work.INSTALL);
    result.edit().retainedFloor = snapshots.floor();
    Version next =
        installer.install(
            now -> JobPlanner.joinStillFits(now, leased.plan()) ? result.edit() : null);
    if (next != null) {
      state = State.INSTALLED;
      disk.wrote(result.bytesWritten());
    }
    return new Installed(result, next);
  }

  /** What {@link #install} came to. */
  record Installed(CompactionResult result, @Nullable Version version) {}

  /**
   * Ends the job: gives up whatever is not installed, and gives the lease back. Again, if something was
   * thrown on the way, does what is left.
   */
  void end() {
    try {
      switch (state) {
        case PLANNED -> state = State.ABANDONED;
        case RUNNING -> {
          state = State.ABANDONED;
          abandonFiles();
        }
        case INSTALLED -> {
          state = State.REPORTED;
          owner.succeeded(leased);
        }
        case REPORTED, ABANDONED -> {}
      }
    } finally {
      giveBack();
    }
  }

  private void giveBack() {
    try {
      promise.close();
    } finally {
      owner.release(leased);
    }
  }

  private void abandonFiles() {
    CompactionJob running = job;
    if (running != null) {
      try {
        // Asked of the version itself: what is in force stays, whatever was thrown after that.
        running.abandon(!installer.mayDelete(running.createdNumbers()));
      } catch (Throwable e) {
        // Orphans: the next opening sweeps them. The lease matters more.
        if (!LastingWorkers.mayPass(e)) {
          throw e;
        }
      }
    }
  }

  private void expect(State expected) {
    if (state != expected) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "job %d is %s, not %s",
              leased.plan().jobId(), state, expected));
    }
  }

  /** A failure of a job as callers and stats see it. */
  static RuntimeException typed(Throwable e) {
    return switch (e) {
      case AtllException known -> known;
      case IOException io -> new StorageIoException("the compaction failed: " + io, io);
      default -> DirectoryLostException.explain("the compaction failed: " + e, e);
    };
  }
}
