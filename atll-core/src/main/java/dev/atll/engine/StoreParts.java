package dev.atll.engine;

import dev.atll.api.AtllException;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.NotAStoreException;
import dev.atll.api.Options;
import dev.atll.api.StorageIoException;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.DirectoryLockedException;
import dev.atll.env.Env;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Workers;
import dev.atll.manifest.OwnedStorage;
import dev.atll.manifest.VersionSet;
import dev.atll.memtable.Memtable;
import dev.atll.mvcc.SnapshotRegistry;
import dev.atll.observe.Histogram;
import dev.atll.observe.Meter;
import dev.atll.observe.Metrics;
import dev.atll.observe.Observer;
import dev.atll.observe.OpStatsSampler;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.OpKind;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.policy.UnitCosts;
import dev.atll.policy.learn.Learners;
import dev.atll.read.ReadMeter;
import dev.atll.recovery.RecoveredStore;
import dev.atll.recovery.Recovery;
import dev.atll.schedule.CompactionScheduler;
import dev.atll.schedule.FilterPlanner;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
import dev.atll.tree.TreeInstaller;
import dev.atll.wal.WalWriter;
import dev.atll.version.VersionEdit;
import dev.atll.write.CommitPipeline;
import dev.atll.write.WriteThrottle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** Makes the parts of a store, joins them, starts their loops, and takes them down in order. */
final class StoreParts {
  private static final long READERS_GRACE_NANOS = 2_000_000_000L;

  final Options options;
  final Env env;
  final Workers workers;
  final Clock clock;
  final Reports events;
  final StoreLog log;
  final Meter metrics;
  final OwnedStorage storage;
  final DiskSpace disk;
  final AutoCloseable lock;
  final Health health;
  final VersionSet versions;
  final TableCache tables;
  final RunViews views;
  final StateHolder states;
  final TreeInstaller installer;
  final WalWriter wal;
  final SnapshotRegistry snapshots;
  final ReadMeter meter = new ReadMeter();
  final Readers readers;
  final WriteThrottle throttle;
  final CommitPipeline commits;
  final CompactionScheduler scheduler;
  final FlushLoop flushes;
  final AdmissionLoop admissions;
  final long openedAtNanos;
  private final long lastFound;
  private final long firstVisible;
  private final boolean ownsEnv;
  private final Signals signals = new Signals();
  private final List<Workers.Worker> loops = new ArrayList<>();

  /** Loops to wake, filled in once they run; before that, nothing needs them. */
  private static final class Signals {
    volatile Workers.Worker[] onPublish = {};
    volatile Workers.Worker[] onSealed = {};

    static void all(Workers.Worker[] loops) {
      for (Workers.Worker loop : loops) {
        loop.signal();
      }
    }
  }

  StoreParts(Path directory, Options options, Env env, boolean ownsEnv, Observer observer) {
    this.options = options;
    this.env = env;
    this.ownsEnv = ownsEnv;
    this.workers = env.workers();
    this.clock = env.clock();
    this.log = new StoreLog(clock, workers.deterministic());
    log.store(directory);
    this.events = Reports.of(new Announcer(observer, log));
    this.health = new Health(this::poisoned);
    this.metrics = observer.meter();
    this.openedAtNanos = clock.nanoTime();
    try {
      this.storage =
          new OwnedStorage(
              env.files().open(directory, options.createIfMissing()), health::poison);
    } catch (NoSuchFileException e) {
      throw new NotAStoreException(
          directory + " does not exist, and Options.createIfMissing is off", e);
    } catch (NotDirectoryException | FileAlreadyExistsException e) {
      throw new NotAStoreException(directory + " is not a directory", e);
    } catch (IOException e) {
      throw new StorageIoException("cannot open directory " + directory + ": " + e, e);
    }
    try {
      // Before the lock, whose file would be a trace in a directory of others.
      Recovery.refuseOthers(storage, options);
      this.lock = storage.lock();
    } catch (NotAStoreException e) {
      storage.close();
      throw e;
    } catch (DirectoryLockedException e) {
      storage.close();
      throw new DirectoryInUseException(
          String.format(
              Locale.ROOT,
              "directory %s is in use by another store; close that one first",
              directory), e);
    } catch (IOException e) {
      storage.close();
      throw new StorageIoException("cannot lock directory " + directory, e);
    }
    try {
      LongUnaryOperator seeds = memtableSeeds(env);
      this.tables = new TableCache(storage, options);
      // Nothing has been read yet: without heat, filters of a long log are planned for even reads.
      FilterPlanner unread = new FilterPlanner(options, () -> 0);
      RecoveredStore found =
          Recovery.run(
              storage,
              options,
              tables,
              unread::forFlush,
              env.random("store"),
              seeds,
              clock,
              events);
      this.versions = found.versions();
      this.lastFound = found.lastFound();
      this.firstVisible = found.lastRevision();
      this.views = new RunViews(tables, versions::nextNumber);
      long firstId = found.memtablesMade() + 1;
      List<Memtable> memtables = new ArrayList<>();
      memtables.add(new Memtable(firstId, seeds.applyAsLong(firstId)));
      memtables.addAll(found.memtables());
      this.states =
          new StateHolder(
              new ReadState(
                  memtables.toArray(new Memtable[0]),
                  versions.current(),
                  ReadTree.of(versions.current(), null, tables)));
      this.installer =
          new TreeInstaller(
              versions, tables, states, health, () -> Signals.all(signals.onPublish));
      this.wal =
          new WalWriter(
              storage,
              clock,
              new LogEvents(events, clock),
              versions.storeId(),
              options.walSegmentBytes(),
              found.log(),
              versions.current().flushedRevision());
      startLog();
      // The visible revision is the committer's; snapshots exist only once the store is open.
      AtomicLong startRevision = new AtomicLong(found.lastRevision());
      CommitPipeline[] late = new CommitPipeline[1];
      this.snapshots =
          new SnapshotRegistry(
              () -> late[0] == null ? startRevision.get() : late[0].visibleRevision(),
              options.retainedRevisions(),
              versions.current().retainedFloor(),
              found.gaps());
      UnitCosts costs = UnitCosts.parse(options.unitCosts());
      LongSupplier operations =
          () -> late[0] == null ? 0 : meter.gets() + meter.seeks() + late[0].puts();
      this.disk = new DiskSpace(storage, options.spaceReserveBytes(), events, clock);
      FilterPlanner filters = new FilterPlanner(options, operations);
      this.scheduler =
          new CompactionScheduler(
              options,
              Policies.byName(options.policy(), options.decisionSeed()),
              Pickers.byName(options.scheduler(), options.decisionSeed()),
              Learners.byName(options.learner(), options.decisionSeed()),
              costs,
              states,
              installer,
              storage,
              disk,
              tables,
              views,
              snapshots,
              versions::nextNumber,
              filters,
              operations,
              () -> readNanos(meter, costs),
              clock,
              events);
      this.throttle =
          new WriteThrottle(
              options,
              states,
              workers,
              clock,
              events,
              health,
              scheduler::debtBytes,
              scheduler::measuredBytesPerSecond);
      this.commits =
          new CommitPipeline(
              options,
              states,
              installer,
              wal,
              throttle,
              disk,
              health,
              workers,
              clock,
              events,
              found.lastFound(),
              found.lastRevision(),
              versions.current().reservedRevision(),
              seeds,
              () -> Signals.all(signals.onSealed),
              latency(OpKind.PUT));
      late[0] = commits;
      this.readers =
          new Readers(
              states,
              commits::visibleRevision,
              meter,
              options.readSamplePeriod(),
              clock,
              latency(OpKind.GET));
      this.flushes =
          new FlushLoop(
              storage,
              disk,
              states,
              installer,
              tables,
              views,
              snapshots,
              wal,
              versions::nextNumber,
              filters,
              health,
              clock,
              events);
      this.admissions =
          new AdmissionLoop(
              states,
              installer,
              views,
              options.runsCap(),
              health,
              clock,
              events,
              scheduler::signal);
      startLoops();
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  private void poisoned(Throwable cause) {
    log.poisoned(cause);
    events.run(() -> events.emit(PoisonNews.of(cause, clock.nanoTime())));
  }

  /** Makes durable what recovery read: a store shows nothing that a power cut could take back. */
  private void startLog() {
    try {
      wal.start();
    } catch (OutOfSpaceException e) {
      // A full disk must not keep a store from being read: the first write, or sync, tries again.
    } catch (IOException e) {
      throw new StorageIoException("the log cannot be continued", e);
    }
  }

  private Histogram latency(OpKind kind) {
    return events.guarded(metrics.histogram(Metrics.OP_LATENCY, OpStatsSampler.label(kind)));
  }

  long durableRevision() {
    long durable =
        Math.max(wal.durableRevision(), states.peek().version().flushedRevision());
    // No write has the numbers that an unclean stop left out: once what came before them is durable,
    // nothing up to the first write of this process can be lost.
    return durable < lastFound ? durable : Math.max(durable, firstVisible);
  }

  /** The price of all reads so far, at unit costs. */
  private static double readNanos(ReadMeter meter, UnitCosts costs) {
    return meter.gets()
            * (meter.probesPerGet() * costs.probeNanos()
                + meter.blocksPerGet() * costs.blockReadNanos())
        + meter.seeks() * meter.runsPerSeek() * costs.seekNanos();
  }

  private static LongUnaryOperator memtableSeeds(Env env) {
    long base = env.random("memtable").nextLong();
    return id -> base ^ (id * 0x9E3779B97F4A7C15L);
  }

  private void startLoops() {
    Workers.Worker flush = start("flush", flushes);
    Workers.Worker admit = start("admit", admissions);
    Workers.Worker reclaim =
        start(
            "reclaim", new ReclaimLoop(storage, states, tables, health, clock, events));
    Workers.Worker upkeep =
        start(
            "upkeep",
            new UpkeepLoop(
                storage,
                commits,
                wal,
                states,
                throttle,
                health,
                installer,
                clock,
                options.walCollectInterval().toNanos(),
                options.deleteDeadline().toMillis(),
                meter,
                scheduler::signal));
    Workers.Worker sync =
        start(
            "log-sync", new SyncLoop(wal, commits, health, options.syncInterval().toNanos()));
    loops.addAll(List.of(flush, admit, upkeep, sync));
    scheduler.start(workers);
    if (events.enabled()) {
      loops.add(workers.start("telemetry", new Telemetry(this)));
    }
    loops.add(reclaim);
    signals.onSealed = new Workers.Worker[] {flush};
    signals.onPublish = new Workers.Worker[] {admit, reclaim};
    flush.signal();
    admit.signal();
  }

  /**
   * Starts a loop that ends writing when something unforeseen ends it: else those who wait for its
   * work would wait for ever.
   */
  private Workers.Worker start(String name, Workers.WorkUnit unit) {
    return workers.start(
        name,
        () -> {
          try {
            return unit.runOnce();
          } catch (VirtualMachineError e) {
            health.poison(e);
            return Long.MAX_VALUE;
          } catch (RuntimeException | Error e) {
            health.poison(e);
            throw e;
          }
        });
  }

  /** Whether the next open would find nothing to replay if the store closed now. */
  boolean isClean() {
    ReadState state = states.peek();
    return !health.isPoisoned() && state.memtables().length == 1 && state.active().isEmpty();
  }

  /** Tells that the store is closed, whatever closing came to. */
  void tellClosed(boolean clean) {
    events.run(
        () -> {
          long now = clock.nanoTime();
          events.emit(
              new EngineEvent.Closed(
                  now,
                  clean && !health.isPoisoned(),
                  commits.visibleRevision(),
                  now - openedAtNanos));
        });
  }

  /** Closes everything, in the order that keeps each part's needs alive. */
  void close() throws IOException {
    commits.close();
    scheduler.stop();
    // A compaction that a caller asked for ends at its next slice; its files must go before the lock.
    workers.awaitUntil(() -> !scheduler.isRunning(), Long.MAX_VALUE);
    loops.forEach(Workers.Worker::close);
    IOException failure = null;
    try {
      wal.close();
      giveBackReserve();
    } catch (IOException e) {
      failure = e;
    } finally {
      // Whatever happened: files and the lock are given back.
      awaitReaders();
      abandon();
    }
    if (failure != null && !health.isPoisoned()) {
      throw failure;
    }
  }

  /** Lets numbering go on without a gap (I14): nothing above the visible revision was handed out. */
  private void giveBackReserve() {
    long visible = commits.visibleRevision();
    if (health.isPoisoned() || visible == 0 || versions.current().reservedRevision() <= visible) {
      return;
    }
    VersionEdit edit = new VersionEdit();
    edit.reservedRevision = visible;
    try {
      versions.install(edit);
    } catch (AtllException e) {
      // A gap in the numbers is no harm: the data is in the log, and that is closed.
    }
  }

  /** Gives reads in flight time to end; cursors left open find the store closed. */
  private void awaitReaders() {
    workers.awaitUntil(
        () -> states.drain(new ArrayList<>()).isEmpty() && states.retiredCount() == 0,
        workers.deterministic() ? 0 : READERS_GRACE_NANOS / 40);
  }

  @SuppressWarnings("NullAway") // called on the way out of a failed open, when parts may be missing
  private void abandon() {
    for (Workers.Worker loop : loops) {
      loop.close();
    }
    if (tables != null) {
      tables.closeAll();
    }
    if (versions != null) {
      versions.close();
    }
    try {
      lock.close();
    } catch (Exception e) {
      // The process still holds it until it ends; nothing here can change that.
    }
    storage.close();
    if (ownsEnv) {
      workers.close();
    }
  }
}
