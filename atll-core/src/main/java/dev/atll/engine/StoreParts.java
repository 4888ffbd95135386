package dev.atll.engine;

import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.DirectoryInUseException;
import dev.atll.api.NotAStoreException;
import dev.atll.api.Options;
import dev.atll.api.StorageIoException;
import dev.atll.base.Reports;
import dev.atll.base.Times;
import dev.atll.env.Clock;
import dev.atll.env.DirectoryLockedException;
import dev.atll.env.Env;
import dev.atll.env.LastingWorkers;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.SteadyClock;
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
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.JobKind;
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
import dev.atll.schedule.MeasuredPrices;
import dev.atll.schedule.Strategies;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.Health;
import dev.atll.tree.ProbeTimes;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TableCache;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.VersionEdit;
import dev.atll.wal.WalWriter;
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
import org.jspecify.annotations.Nullable;

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
  final @Nullable StripedMeter striped;
  final OwnedStorage storage;
  final DiskSpace disk;
  final AutoCloseable lock;
  final HealthNews news;
  final Health health;
  final VersionSet versions;
  final TableCache tables;
  final RunViews views;
  final StateHolder states;
  final SlotCaches caches;
  private final HotBlocks hot;
  private final StoreContext context;
  private final TreeAccess tree;
  final TreeInstaller installer;
  final WalWriter wal;
  final SnapshotRegistry snapshots;
  final ReadMeter meter = new ReadMeter();
  final OpenHolds holds;
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
  private final boolean readOnly;
  private final Signals signals = new Signals();
  private final List<Workers.Worker> loops = new ArrayList<>();

  /**
   * Opens a store.
   *
   * @param readOnly for a directory that is only read: the log is not continued, nothing runs in the
   *     background, and closing writes nothing
   */
  StoreParts(
      Path directory,
      Options asked,
      Env env,
      boolean ownsEnv,
      boolean readOnly,
      Observer observer) {
    this.readOnly = readOnly;
    this.env = env;
    this.ownsEnv = ownsEnv;
    // Code of others from here on may throw whenever it is called: neither may end what calls it.
    this.workers = new LastingWorkers(env.workers(), this::loopFailed);
    this.clock = SteadyClock.of(env.clock(), workers.deterministic(), this::clockFailed);
    this.log = new StoreLog(clock, workers.deterministic());
    log.store(directory);
    Announcer announcer = new Announcer(observer.events(), log);
    this.events = Reports.of(announcer);
    this.metrics = events.guarded(observer.meter());
    this.striped = observer.meter() instanceof StripedMeter meter ? meter : null;
    announcer.feed(metrics);
    this.news = new HealthNews(log, events, clock);
    this.health = new Health(news);
    this.openedAtNanos = clock.nanoTime();
    // All that may be refused comes before the directory is touched.
    UnitCosts costs = UnitCosts.parse(asked.unitCosts());
    Strategies strategies =
        new Strategies(
            Policies.byName(asked.policy(), asked.decisionSeed()),
            Pickers.byName(asked.scheduler(), asked.decisionSeed()),
            Learners.byName(asked.learner(), asked.decisionSeed()));
    try {
      this.storage =
          new OwnedStorage(
              env.files().open(directory, asked.createIfMissing()), health::poison);
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
      Recovery.refuseOthers(storage, asked);
      this.lock = storage.lock();
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
    } catch (Throwable e) {
      storage.close();
      throw e;
    }
    try {
      LongUnaryOperator seeds = memtableSeeds(env);
      this.tables = new TableCache(storage, asked, env.memoryBytes());
      tables.onReadWrong(health::damaged);
      // Nothing has been read yet: without heat, filters of a long log are planned for even reads.
      FilterPlanner unread = new FilterPlanner(asked, () -> 0, tables);
      RecoveredStore found =
          Recovery.run(
              storage,
              asked,
              tables,
              unread::forFlush,
              env.random("store"),
              seeds,
              clock,
              events);
      this.versions = found.versions();
      this.lastFound = found.lastFound();
      this.firstVisible = found.lastRevision();
      this.options = inForce(asked, versions.current().levelCount());
      this.views = new RunViews(tables, versions::nextNumber);
      long firstId = found.memtablesMade() + 1;
      tables.fit(versions.current());
      List<Memtable> memtables = new ArrayList<>();
      memtables.add(new Memtable(firstId, seeds.applyAsLong(firstId)));
      memtables.addAll(found.memtables());
      this.states =
          new StateHolder(
              new ReadState(
                  memtables.toArray(new Memtable[0]),
                  versions.current(),
                  ReadTree.of(versions.current(), null, tables)));
      this.caches = new SlotCaches(tables, states, clock);
      this.hot =
          new HotBlocks(
              storage, tables, states, versions.storeId(), health, log, events, clock);
      this.installer =
          new TreeInstaller(
              versions, tables, states, health, signals::published);
      this.wal =
          new WalWriter(
              storage,
              clock,
              new LogEvents(events, clock),
              versions.storeId(),
              options.walSegmentBytes(),
              found.log(),
              versions.current().flushedRevision());
      if (!readOnly) {
        startLog();
      }
      // The visible revision is the committer's; snapshots exist only once the store is open.
      AtomicLong startRevision = new AtomicLong(found.lastRevision());
      CommitPipeline[] late = new CommitPipeline[1];
      this.snapshots =
          new SnapshotRegistry(
              () -> late[0] == null ? startRevision.get() : late[0].visibleRevision(),
              options.retainedRevisions(),
              versions.current().retainedFloor(),
              found.gaps());
      this.holds = new OpenHolds(snapshots, states, clock, events);
      LongSupplier operations =
          () -> late[0] == null ? 0 : meter.gets() + meter.seeks() + late[0].puts();
      this.disk = new DiskSpace(storage, options.spaceReserveBytes(), events, clock);
      this.context = new StoreContext(clock, workers, events, health);
      this.tree =
          new TreeAccess(
              storage, disk, states, installer, tables, views, snapshots, versions::nextNumber);
      ProbeTimes probeTimes = new ProbeTimes(clock);
      FilterPlanner filters = new FilterPlanner(options, operations, tables);
      this.scheduler =
          new CompactionScheduler(
              options,
              strategies,
              new MeasuredPrices(
                  costs, options.memtableBytes(), probeTimes, options.readSamplePeriod()),
              context,
              tree,
              filters,
              operations,
              () -> StatsReport.readNanos(meter, costs));
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
              context,
              tree,
              wal,
              throttle,
              new CommitPipeline.Start(
                  found.lastFound(), found.lastRevision(), versions.current().reservedRevision()),
              new CommitPipeline.Calls(seeds, signals::sealed, latency(OpKind.PUT)));
      late[0] = commits;
      this.readers =
          new Readers(
              states,
              commits::visibleRevision,
              meter,
              options.readSamplePeriod(),
              clock,
              latency(OpKind.GET),
              probeTimes,
              health::damaged);
      this.flushes = new FlushLoop(context, tree, wal, filters);
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
      if (!readOnly) {
        startLoops();
      }
    } catch (Throwable e) {
      if (e instanceof CorruptionException damage) {
        health.damaged(damage);
      }
      abandon(e);
      throw e;
    }
  }

  /** What is fixed in the store holds, whatever was asked for; that it differs is told. */
  private Options inForce(Options asked, int levelCount) {
    if (asked.levelCount() == levelCount) {
      return asked;
    }
    log.levelCountDiffers(asked.levelCount(), levelCount);
    return asked.toBuilder().levelCount(levelCount).build();
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
    return metrics.histogram(Metrics.OP_LATENCY, OpStatsSampler.label(kind));
  }

  long durableRevision() {
    long durable =
        Math.max(wal.durableRevision(), states.peek().version().flushedRevision());
    // No write has the numbers that an unclean stop left out: once what came before them is durable,
    // nothing up to the first write of this process can be lost.
    return durable < lastFound ? durable : Math.max(durable, firstVisible);
  }

  private static LongUnaryOperator memtableSeeds(Env env) {
    long base = env.random("memtable").nextLong();
    return id -> base ^ (id * 0x9E3779B97F4A7C15L);
  }

  private void startLoops() {
    Workers.Worker flush = start("flush", flushes);
    Workers.Worker admit = start("admit", admissions);
    Workers.Worker upkeep =
        start(
            "upkeep",
            new UpkeepLoop(
                options, context, tree, commits, wal, meter, holds, scheduler::signal));
    start("log-sync", new SyncLoop(wal, commits, health, Times.nanos(options.syncInterval())));
    scheduler.start(workers);
    if (!tables.isMapped()) {
      start("warm", hot.loop());
    }
    if (events.enabled()) {
      start("telemetry", new Telemetry(this));
    }
    // Closed last of all: what the others replace in their last run is still deleted.
    Workers.Worker reclaim =
        start("reclaim", new ReclaimLoop(storage, states, tables, health, clock, events));
    signals.onSealed = List.of(flush);
    signals.onPublish = List.of(admit, reclaim);
    boolean mayRest = !workers.deterministic();
    signals.onBoth = mayRest ? List.of(upkeep) : List.of();
    flush.signal();
    admit.signal();
  }

  private Workers.Worker start(String name, Workers.WorkUnit unit) {
    Workers.Worker loop = workers.start(name, unit);
    // At once, so that a failure to start the next loop leaves none running.
    loops.add(loop);
    return loop;
  }

  @SuppressWarnings("NullAway") // not made yet while this store is being made
  private void loopFailed(String loop, Throwable e) {
    if (health != null) {
      health.jobFailed(HealthNews.jobOf(loop), e);
    }
  }

  @SuppressWarnings("NullAway") // as above
  private void clockFailed(Throwable e) {
    if (health != null) {
      health.jobFailed(JobKind.CLOCK, e);
    }
  }

  /** Whether the next open would find nothing to replay if the store closed now. */
  boolean isClean() {
    ReadState state = states.peek();
    return !health.isPoisoned() && state.memtables().length == 1 && state.active().isEmpty();
  }

  /** What is given back, in the order that keeps each part's needs alive. */
  private enum Step {
    COMMITS,
    SCHEDULER,
    JOBS,
    LOOPS,
    LOG,
    RESERVE,
    HOT_BLOCKS,
    READERS,
    TABLES,
    MANIFEST,
    LOG_FILES,
    LOCK,
    STORAGE,
    WORKERS
  }

  private static final Step[] STEPS = Step.values();

  /**
   * Closes everything. Each step is taken whatever became of those before, without memory of its own
   * as far as possible: the lock has to be given back when there is none left, too.
   *
   * @return the first failure, or null
   */
  @Nullable Throwable close() {
    return release(Step.COMMITS, null);
  }

  /** On the way out of a failed open, when parts may be missing: nothing more is written. */
  private void abandon(Throwable why) {
    release(Step.SCHEDULER, why);
  }

  private @Nullable Throwable release(Step from, @Nullable Throwable openFailure) {
    Throwable first = openFailure;
    for (Step step : STEPS) {
      boolean writes = step == Step.LOG || step == Step.RESERVE || step == Step.HOT_BLOCKS;
      if (step.compareTo(from) < 0 || (writes && (readOnly || openFailure != null))) {
        continue;
      }
      try {
        release(step);
      } catch (Throwable e) {
        first = first == null ? e : withSuppressed(first, e);
      }
    }
    return first;
  }

  @SuppressWarnings("ReferenceEquality") // an error object may be shared, and suppresses not itself
  private static Throwable withSuppressed(Throwable first, Throwable later) {
    try {
      if (first != later) {
        first.addSuppressed(later);
      }
    } catch (Throwable noMemory) {
      // The first failure is the one to tell.
      return first;
    }
    return first;
  }

  @SuppressWarnings("NullAway") // parts may be missing after a failed open
  private void release(Step step) throws Exception {
    switch (step) {
      case COMMITS -> commits.close();
      case SCHEDULER -> {
        if (scheduler != null) {
          scheduler.stop();
        }
      }
      case JOBS -> {
        // A compaction that a caller asked for ends at its next slice; its files go before the lock.
        if (scheduler != null) {
          workers.awaitUntil(() -> !scheduler.isRunning(), Long.MAX_VALUE);
        }
      }
      case LOOPS -> closeLoops();
      case LOG -> wal.close();
      case RESERVE -> giveBackReserve();
      case HOT_BLOCKS -> hot.close();
      case READERS -> {
        if (readers != null) {
          awaitReaders();
        }
      }
      case TABLES -> {
        if (tables != null) {
          tables.closeAll();
        }
      }
      case MANIFEST -> {
        if (versions != null) {
          versions.close();
        }
      }
      case LOG_FILES -> {
        if (wal != null) {
          wal.abandon();
        }
      }
      case LOCK -> lock.close();
      case STORAGE -> storage.close();
      case WORKERS -> {
        if (ownsEnv) {
          workers.close();
        }
      }
    }
  }

  private void closeLoops() throws Exception {
    Throwable first = null;
    for (int i = 0; i < loops.size(); i++) {
      try {
        loops.get(i).close();
      } catch (Throwable e) {
        first = e;
      }
    }
    switch (first) {
      case Error e -> throw e;
      case Exception e -> throw e;
      case null, default -> {}
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
}
