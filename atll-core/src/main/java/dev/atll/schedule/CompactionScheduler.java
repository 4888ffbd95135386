package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.api.StoreClosedException;
import dev.atll.api.StoreFailedException;
import dev.atll.compact.CompactionJob;
import dev.atll.compact.CompactionResult;
import dev.atll.compact.JobPlan;
import dev.atll.env.Clock;
import dev.atll.env.LastingWorkers;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.Work;
import dev.atll.env.Workers;
import dev.atll.mvcc.SnapshotRegistry;
import dev.atll.observe.event.Outcome;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.sstable.FrameCache;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TableCache;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs compactions: loops that ask the {@link Decider} for a job and carry it out slice by slice,
 * within the budget, letting flushes go first between slices.
 */
public final class CompactionScheduler {
  // A full disk frees itself only slowly (snapshots close, files die): look again every second.
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final Options options;
  private final StateHolder states;
  private final TreeInstaller installer;
  private final Storage storage;
  private final DiskSpace disk;
  private final TableCache tables;
  private final RunViews views;
  private final SnapshotRegistry snapshots;
  private final LongSupplier numbers;
  private final FilterPlanner filters;
  private final Clock clock;
  private final JobReports reports;
  private final Decider decider;
  private final CompactionBudget budget;
  private final MeasuredPrices measured;
  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder moves = new LongAdder();
  // Callers signal while the store closes.
  private final List<Workers.Worker> loops = new CopyOnWriteArrayList<>();
  private final List<Loop> bodies = new ArrayList<>();
  private volatile boolean paused;
  private volatile @Nullable RuntimeException lastFailure;

  /** Creates it; {@link #start} makes it run. */
  public CompactionScheduler(
      Options options,
      Strategies strategies,
      MeasuredPrices measured,
      StoreContext context,
      TreeAccess tree,
      FilterPlanner filters,
      LongSupplier operations,
      DoubleSupplier readNanos) {
    this.options = options;
    this.states = tree.states();
    this.installer = tree.installer();
    this.storage = tree.storage();
    this.disk = tree.disk();
    this.tables = tree.tables();
    this.views = tree.views();
    this.snapshots = tree.snapshots();
    this.numbers = tree.numbers();
    this.filters = filters;
    this.clock = context.clock();
    this.reports = new JobReports(context.events(), clock, states);
    this.budget = new CompactionBudget(options.compactionBytesPerSecond(), clock.nanoTime());
    this.measured = measured;
    BlockPrices prices = new BlockPrices();
    this.decider =
        new Decider(
            options,
            strategies,
            measured,
            prices,
            context,
            tree,
            () ->
                totals(
                    operations.getAsLong(),
                    readNanos.getAsDouble() + prices.billed(blocksMissed())),
            () -> budget.binds(clock.nanoTime()));
  }

  private long blocksMissed() {
    FrameCache frames = tables.frames();
    return frames == null ? 0 : frames.misses();
  }

  private ThetaTuner.Totals totals(long operations, double readNanos) {
    long bytesIn = 0;
    for (ReadSlot slot : states.peek().tree().levels()[0].slots()) {
      bytesIn += slot.heat().bytesIn();
    }
    double mergeNanos = measured.billed(reports.bytesRead(), reports.bytesWritten());
    return new ThetaTuner.Totals(
        operations, bytesIn, readNanos + measured.billedProbes(), mergeNanos);
  }

  /** Starts the loops. */
  public void start(Workers workers) {
    for (int i = 0; i < options.compactionJobs(); i++) {
      Loop loop = new Loop();
      bodies.add(loop);
      loops.add(workers.start("compact-" + i, loop));
    }
  }

  /** Tells the loops that the tree or its burdens changed. */
  public void signal() {
    decider.touch();
    for (Workers.Worker loop : loops) {
      loop.signal();
    }
  }

  /** Ends the loops; a job under way is given up, its outputs deleted. */
  public void stop() {
    paused = true;
    loops.forEach(Workers.Worker::close);
    loops.clear();
    // A loop between two slices ends without another run: its job's files are still open.
    bodies.forEach(Loop::giveUp);
    bodies.clear();
  }

  /** Whether a job is under way. */
  public boolean isRunning() {
    return running.get() != 0;
  }

  /** Whether there is nothing to do, now that the last look is younger than the last change. */
  public boolean isIdle() {
    return running.get() == 0 && decider.isIdle();
  }

  /** How often a policy, picker or learner failed. */
  public long adviserFailures() {
    return decider.adviserFailures();
  }

  /** Slots whose last job failed, so that they are left alone for a while. */
  public int quarantined() {
    return decider.quarantined();
  }

  /** Bytes that compactions are behind. */
  public long debtBytes() {
    return decider.debtBytes();
  }

  /** Input bytes a second that one job merges. */
  public double measuredBytesPerSecond() {
    return budget.measuredBytesPerSecond();
  }

  /** The policy in force. */
  public CompactionPolicy policy() {
    return decider.policy();
  }

  /** Changes the policy; jobs under way go on. */
  public void policy(CompactionPolicy next) {
    decider.policy(next);
    signal();
  }

  /** The tree as policies see it. */
  public TreeSnapshot snapshot() {
    return decider.snapshot();
  }

  /** K* of a slot, or NaN. */
  public double predictedRuns(TreeSnapshot snapshot, SlotFacts slot) {
    return decider.predictedRuns(snapshot, slot);
  }

  /** Compactions done. */
  public long compactions() {
    return reports.compactions();
  }

  /** Runs handed down, or slots cut, without a byte written. */
  public long moves() {
    return moves.sum();
  }

  /** Bytes read by compactions. */
  public long bytesRead() {
    return reports.bytesRead();
  }

  /** Bytes of tables written by compactions. */
  public long bytesWritten() {
    return reports.bytesWritten();
  }

  /** The failure of the last job that failed, or null. */
  public @Nullable RuntimeException lastFailure() {
    return lastFailure;
  }

  /** Rewrites all that overlaps a range, level by level, down to the deepest level that has data. */
  public void compactRange(byte[] low, byte @Nullable [] high, Workers workers) {
    new ManualCompaction(this, decider, states, workers).run(low, high);
  }

  /** Runs a job on the caller's thread and ends it, whatever happens. */
  CompactionResult runWhole(JobRun run) {
    // Counted before the look: whoever closes sets the flag first, and then waits for the count.
    running.incrementAndGet();
    try {
      requireRunning();
      begin(run);
      while (!step(run)) {
        requireRunning();
      }
      return install(run);
    } catch (Error e) {
      failed(run, e);
      throw e;
    } catch (Throwable e) {
      failed(run, e);
      throw JobRun.typed(e);
    } finally {
      try {
        end(run);
      } finally {
        running.decrementAndGet();
      }
      // Nothing is told if the job has told its end already.
      reports.finished(run.leased().plan(), Outcome.CANCELLED, null, run.bytesDone());
      signal();
    }
  }

  /** Ends a job that no loop will come back to. */
  static void end(JobRun run) {
    try {
      run.end();
    } catch (Throwable e) {
      // The stack was full, say, and is not any more: slots would stay leased for ever.
      run.end();
      throw e;
    }
  }

  /** A slice on the caller's thread, which waits for no budget. */
  private boolean step(JobRun run) throws IOException {
    CompactionJob job = run.job();
    long began = clock.nanoTime();
    long before = job.bytesDone();
    long writtenBefore = job.bytesWritten();
    boolean last = run.step(options.compactionSliceBytes());
    reports.slice(
        job.plan(),
        job.bytesDone(),
        job.bytesDone() - before,
        job.bytesWritten() - writtenBefore,
        clock.nanoTime() - began,
        0);
    return last;
  }

  void requireRunning() {
    if (paused) {
      throw new StoreClosedException("store was closed during the compaction");
    }
  }

  private void begin(JobRun run) {
    JobPlan plan = run.leased().plan();
    reports.began(plan);
    run.begin(
        () ->
            new CompactionJob(
                plan,
                storage,
                tables,
                views,
                snapshots.sample(),
                numbers,
                filters.forJob(states.peek(), plan),
                Math.max(1, options.slotBytes() / 4)));
  }

  /** Tells of a failure and puts the job's span aside; nothing that is installed has failed. */
  private void failed(JobRun run, Throwable e) {
    if (e instanceof IOException io) {
      installer.failed(io);
      if (io instanceof OutOfSpaceException && !OutOfDescriptorsException.isAmong(io)) {
        disk.foundFull();
      }
    }
    if (run.state() == JobRun.State.INSTALLED) {
      return;
    }
    tellFailed(e);
    JobPlan plan = run.leased().plan();
    boolean cancelled = e instanceof StoreClosedException;
    reports.finished(
        plan, cancelled ? Outcome.CANCELLED : Outcome.FAILED, null, run.bytesDone());
    if (!installer.isInDoubt()) {
      decider.failed(run.leased(), e, run.outputs());
    }
  }

  /** That writing has ended, or the store closes, is told elsewhere. */
  private void tellFailed(Throwable e) {
    if (!(e instanceof StoreFailedException) && !(e instanceof StoreClosedException)) {
      installer.jobFailed(e);
    }
  }

  private CompactionResult install(JobRun run) throws IOException {
    JobPlan plan = run.leased().plan();
    JobRun.Installed done = run.install(snapshots, clock);
    clock.enters(Work.REPORT);
    Version next = done.version();
    // From here on nothing can fail: a report that does is counted and forgotten.
    if (next == null) {
      reports.finished(plan, Outcome.CANCELLED, done.result(), done.result().bytesRead());
    } else {
      reports.installed(plan, done.result(), next);
    }
    return done.result();
  }

  /** One background loop: at most one job at a time. */
  private final class Loop implements Workers.WorkUnit {
    private @Nullable JobRun run;
    private long resumeAtNanos;
    private boolean waits;

    @Override
    public long runOnce() throws IOException {
      if (paused) {
        giveUp();
        return Long.MAX_VALUE;
      }
      if (waits) {
        // Signals wake a loop early, its own at the end of a job among them; the budget still holds.
        long left = resumeAtNanos - clock.nanoTime();
        if (left > 0) {
          return left;
        }
        waits = false;
      }
      try {
        JobRun current = run;
        return current == null ? look() : slice(current);
      } catch (StoreClosedException | StoreFailedException e) {
        fail(e);
        return Long.MAX_VALUE;
      } catch (Throwable e) {
        // Inputs stay, and the span is put aside: at once there may be something else to do. No memory,
        // or a class that cannot be loaded any more, must not end all merging either.
        boolean hadJob = fail(e);
        if (!LastingWorkers.mayPass(e)) {
          throw e;
        }
        return hadJob && !(e instanceof Error) ? 0 : RETRY_NANOS;
      }
    }

    private long look() {
      installer.requireWriting();
      clock.enters(Work.DECIDE);
      try {
        return decided();
      } finally {
        clock.enters(Work.OTHER);
      }
    }

    private long decided() {
      return switch (decider.decide(this::own)) {
        case Decider.Outcome.Nothing(long againNanos) -> againNanos;
        case Decider.Outcome.Done _ -> {
          moves.increment();
          yield 0;
        }
        case Decider.Outcome.Run(JobRun next) -> {
          clock.enters(Work.PLAN);
          begin(next);
          yield 0;
        }
      };
    }

    private void own(JobRun next) {
      running.incrementAndGet();
      run = next;
    }

    private long slice(JobRun run) throws IOException {
      CompactionJob job = run.job();
      clock.enters(Work.MERGE);
      long began = clock.nanoTime();
      long before = job.bytesDone();
      long writtenBefore = job.bytesWritten();
      boolean last = run.step(options.compactionSliceBytes());
      long done = job.bytesDone() - before;
      long read = job.bytesDone();
      long written = job.bytesWritten() - writtenBefore;
      if (last) {
        reports.slice(job.plan(), read, done, written, clock.nanoTime() - began, 0);
        install(run);
        giveUp();
      }
      long now = clock.nanoTime();
      budget.learn(done, now - began);
      measured.learn(done, now - began);
      long pause = budget.charge(done + job.bytesWritten() - writtenBefore, now);
      if (!last) {
        reports.slice(job.plan(), read, done, written, now - began, pause);
      }
      clock.enters(Work.OTHER);
      waits = pause > 0;
      resumeAtNanos = now + pause;
      if (last) {
        signal();
      }
      return pause;
    }

    /** Ends the job under way as failed; returns whether there was one. */
    private boolean fail(Throwable e) {
      JobRun current = run;
      try {
        lastFailure = JobRun.typed(e);
        if (current != null) {
          failed(current, e);
        } else {
          tellFailed(e);
          if (e instanceof IOException io) {
            installer.failed(io);
          }
        }
      } finally {
        giveUp();
      }
      return current != null;
    }

    /** Ends the job, if there is one: its slots would stay leased for ever. */
    private void giveUp() {
      JobRun current = run;
      if (current != null) {
        // Counted until its files are gone: whoever closes waits for that. If this throws, the job is
        // still the loop's, which cannot go on with it and comes here again.
        current.end();
        run = null;
        running.decrementAndGet();
        // Nothing is told if the job has told its end already.
        reports.finished(
            current.leased().plan(), Outcome.CANCELLED, null, current.bytesDone());
      }
    }
  }
}
