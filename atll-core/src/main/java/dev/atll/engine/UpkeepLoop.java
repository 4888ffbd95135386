package dev.atll.engine;

import dev.atll.api.Options;
import dev.atll.base.Times;
import dev.atll.env.Clock;
import dev.atll.env.Workers;
import dev.atll.manifest.OwnedStorage;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.PressureZone;
import dev.atll.policy.PolicySettings;
import dev.atll.read.ReadMeter;
import dev.atll.tree.Health;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Version;
import dev.atll.wal.WalWriter;
import dev.atll.write.CommitPipeline;
import dev.atll.write.WriteThrottle;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What goes by the clock: looks whether the directory is still ours, seals old memtables, collects the
 * log, looks at the pressure. Ten times a second; once a second in a store at rest, where nothing was
 * written, read or merged for a second and nothing holds writers back. What can raise the pressure, a
 * sealed memtable or a new version, wakes it.
 */
final class UpkeepLoop implements Workers.WorkUnit {
  private static final long PRESSURE_NANOS = 100_000_000L;
  private static final long REST_NANOS = 1_000_000_000L;
  private static final int QUIET_RUNS = (int) (REST_NANOS / PRESSURE_NANOS);
  private static final long READS_BETWEEN_LOOKS = 1024;
  // Writes that are not forced are not checked one by one: so long may a lost directory go unnoticed.
  private static final long OWNER_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS_MIN = 1_000_000L;
  private static final long LOOK_MILLIS_MAX = 3_600_000L;

  private enum Task {
    FORGOTTEN,
    OWNER,
    SEAL,
    COLLECT,
    WAKE,
    PRESSURE,
    HOLDS,
    LOOK
  }

  private static final Task[] TASKS = Task.values();

  private final OwnedStorage storage;
  private final CommitPipeline commits;
  private final WalWriter wal;
  private final StateHolder states;
  private final WriteThrottle throttle;
  private final Health health;
  private final TreeInstaller installer;
  private final Clock clock;
  private final long collectNanos;
  private final long lookNanos;
  private final ReadMeter reads;
  private final OpenHolds holds;
  private final Runnable onLook;
  private final boolean mayRest;
  private @Nullable Version versionSeen;
  private long revisionSeen;
  private long allReadsSeen;
  private int quietRuns;
  private long readsSeen;
  private long collectAtNanos;
  private long lookAtNanos;
  private long sealAtNanos;
  private long ownerAtNanos;

  /**
   * Creates it.
   *
   * @param onLook asks the compactions to look at the tree again
   */
  UpkeepLoop(
      Options options,
      StoreContext context,
      TreeAccess tree,
      CommitPipeline commits,
      WalWriter wal,
      ReadMeter reads,
      OpenHolds holds,
      Runnable onLook) {
    // A simulation counts every run of a loop among its decisions: there this one keeps its pace.
    this.mayRest = !context.workers().deterministic();
    this.holds = holds;
    this.storage = tree.storage();
    this.commits = commits;
    this.wal = wal;
    this.states = tree.states();
    this.throttle = commits.throttle();
    this.health = context.health();
    this.installer = tree.installer();
    this.clock = context.clock();
    this.collectNanos = Times.nanos(options.walCollectInterval());
    this.reads = reads;
    this.onLook = onLook;
    long deleteDeadlineMillis = options.compaction().deleteDeadlineMillis();
    this.collectAtNanos = clock.nanoTime() + collectNanos;
    long lookMillis =
        deleteDeadlineMillis == PolicySettings.OFF
            ? LOOK_MILLIS_MAX
            : Math.min(LOOK_MILLIS_MAX, deleteDeadlineMillis / PolicySettings.LOOKS_PER_DEADLINE);
    this.lookNanos = Math.max(LOOK_NANOS_MIN, 1_000_000 * lookMillis);
    this.lookAtNanos = clock.nanoTime() + lookNanos;
    this.sealAtNanos = clock.nanoTime();
    this.ownerAtNanos = clock.nanoTime() + OWNER_NANOS;
  }

  @Override
  public long runOnce() throws Exception {
    if (health.isPoisoned()) {
      return Long.MAX_VALUE;
    }
    long now = clock.nanoTime();
    Throwable first = null;
    for (Task task : TASKS) {
      try {
        run(task, now);
      } catch (Throwable e) {
        // One task that fails, each time perhaps, must not keep the others from their turn.
        first = first == null ? e : first;
      }
    }
    switch (first) {
      case Exception e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
    long next = Math.min(lookAtNanos, Math.min(sealAtNanos, collectAtNanos));
    return Math.max(1_000_000L, Math.min(isAtRest() ? REST_NANOS : PRESSURE_NANOS, next - now));
  }

  /** Whether nothing has happened for so many runs that the next one may come later. */
  @SuppressWarnings("ReferenceEquality") // versions are told apart by identity
  private boolean isAtRest() {
    Version version = states.peek().version();
    long revision = commits.visibleRevision();
    long allReads = reads.gets() + reads.seeks();
    boolean quiet =
        mayRest
            && version == versionSeen
            && revision == revisionSeen
            && allReads == allReadsSeen
            && throttle.zone() == PressureZone.GREEN;
    quietRuns = quiet ? Math.min(QUIET_RUNS, quietRuns + 1) : 0;
    versionSeen = version;
    revisionSeen = revision;
    allReadsSeen = allReads;
    return quietRuns == QUIET_RUNS;
  }

  private void run(Task task, long now) {
    switch (task) {
      case FORGOTTEN -> commits.serveForgotten();
      case OWNER -> {
        if (now - ownerAtNanos >= 0) {
          ownerAtNanos = now + OWNER_NANOS;
          verify();
        }
      }
      case SEAL -> {
        if (now - sealAtNanos >= 0) {
          sealAtNanos = now + commits.sealIfOld();
        }
      }
      case COLLECT -> {
        if (now - collectAtNanos >= 0) {
          collectAtNanos = now + collectNanos;
          collect();
        }
      }
      case WAKE -> installer.wakeAgain();
      case PRESSURE -> throttle.update();
      case HOLDS -> holds.look(now);
      case LOOK -> look(now);
    }
  }

  private void verify() {
    try {
      storage.verify();
    } catch (IOException e) {
      // A lost directory has ended writing already; what cannot be told is asked again.
    }
  }

  private void collect() {
    try {
      wal.collect(states.peek().version().flushedRevision() + 1);
    } catch (IOException e) {
      // A log that failed says so to the next write; a file that could not go is tried again.
      health.jobFailed(JobKind.LOG_COLLECTION, e);
    }
  }

  private void look(long now) {
    long readsNow = reads.gets() + reads.seeks();
    if (readsNow - readsSeen >= READS_BETWEEN_LOOKS || now - lookAtNanos >= 0) {
      // Reads alone can make a merge worth while, and so can time, without any change of the tree:
      // burdens grow, deletions come near their deadline.
      readsSeen = readsNow;
      lookAtNanos = now + lookNanos;
      onLook.run();
    }
  }
}
