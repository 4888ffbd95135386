package dev.atll.schedule;

import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.api.StoreClosedException;
import dev.atll.compact.CompactionJob;
import dev.atll.compact.CompactionResult;
import dev.atll.env.Clock;
import dev.atll.env.Storage;
import dev.atll.env.Workers;
import dev.atll.mvcc.SnapshotRegistry;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.UnitCosts;
import dev.atll.policy.learn.ThetaLearner;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadState;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
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
  private final TableCache tables;
  private final RunViews views;
  private final SnapshotRegistry snapshots;
  private final LongSupplier numbers;
  private final FilterPlanner filters;
  private final Clock clock;
  private final EventSink events;
  private final Decider decider;
  private final CompactionBudget budget;
  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder compactions = new LongAdder();
  private final LongAdder moves = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  // Callers signal while the store closes.
  private final List<Workers.Worker> loops = new CopyOnWriteArrayList<>();
  private final List<Loop> bodies = new ArrayList<>();
  private volatile boolean paused;
  private volatile @Nullable RuntimeException lastFailure;

  /** Creates it; {@link #start} makes it run. */
  public CompactionScheduler(
      Options options,
      CompactionPolicy policy,
      Picker picker,
      ThetaLearner learner,
      UnitCosts costs,
      StateHolder states,
      TreeInstaller installer,
      Storage storage,
      TableCache tables,
      RunViews views,
      SnapshotRegistry snapshots,
      LongSupplier numbers,
      FilterPlanner filters,
      LongSupplier operations,
      DoubleSupplier readNanos,
      Clock clock,
      EventSink events) {
    this.options = options;
    this.states = states;
    this.installer = installer;
    this.storage = storage;
    this.tables = tables;
    this.views = views;
    this.snapshots = snapshots;
    this.numbers = numbers;
    this.filters = filters;
    this.clock = clock;
    this.events = events;
    this.budget = new CompactionBudget(options.compactionBytesPerSecond(), clock.nanoTime());
    this.decider =
        new Decider(
            options, policy, picker, learner, costs, states, installer, tables, views, clock, events,
            () -> totals(costs, operations.getAsLong(), readNanos.getAsDouble()),
            () -> budget.binds(clock.nanoTime()), this::usableBytes, snapshots::droppableUpTo);
  }

  private ThetaTuner.Totals totals(UnitCosts costs, long operations, double readNanos) {
    long bytesIn = 0;
    for (ReadSlot slot : states.peek().tree().levels()[0].slots()) {
      bytesIn += slot.heat().bytesIn();
    }
    double mergeNanos =
        bytesRead.sum() * costs.readByteNanos() + bytesWritten.sum() * costs.writeByteNanos();
    return new ThetaTuner.Totals(operations, bytesIn, readNanos, mergeNanos);
  }

  private long usableBytes() {
    try {
      return storage.freeBytes() - options.spaceReserveBytes();
    } catch (IOException e) {
      return 0;
    }
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
    bodies.forEach(body -> body.giveUp(body.job));
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
    return compactions.sum();
  }

  /** Runs handed down, or slots cut, without a byte written. */
  public long moves() {
    return moves.sum();
  }

  /** Bytes read by compactions. */
  public long bytesRead() {
    return bytesRead.sum();
  }

  /** Bytes of tables written by compactions. */
  public long bytesWritten() {
    return bytesWritten.sum();
  }

  /** The failure of the last job that failed, or null. */
  public @Nullable RuntimeException lastFailure() {
    return lastFailure;
  }

  /** Rewrites all that overlaps a range, level by level, down to the deepest level that has data. */
  public void compactRange(byte[] low, byte @Nullable [] high, Workers workers) {
    new ManualCompaction(this, decider, states, workers).run(low, high);
  }

  CompactionResult runWhole(JobPlanner.Leased leased) {
    // Counted before the look: whoever closes sets the flag first, and then waits for the count.
    running.incrementAndGet();
    try {
      requireRunning();
      CompactionJob job = begin(leased);
      try {
        while (!job.step(options.compactionSliceBytes())) {
          requireRunning();
        }
        return end(job);
      } catch (IOException e) {
        installer.failed(e);
        job.abandon(installer.isInDoubt());
        throw new dev.atll.api.StorageIoException("compaction failed", e);
      } catch (AtllException | Error e) {
        job.abandon(installer.isInDoubt());
        throw e;
      } catch (RuntimeException e) {
        job.abandon(installer.isInDoubt());
        throw new dev.atll.api.StoreFailedException("the compaction failed: " + e, e);
      }
    } finally {
      decider.release(leased);
      running.decrementAndGet();
      signal();
    }
  }

  void requireRunning() {
    if (paused) {
      throw new StoreClosedException("store was closed during the compaction");
    }
  }

  private CompactionJob begin(JobPlanner.Leased leased) {
    if (events.enabled()) {
      var plan = leased.plan();
      // Decided and begun by one thread: the two events tie the job to its decision.
      events.emit(
          new CompactionEvent.Scheduled(
              clock.nanoTime(),
              plan.jobId(),
              plan.decisionId(),
              plan.kind(),
              plan.level(),
              plan.slot(),
              plan.targetLevel(),
              plan.inputs().size(),
              plan.bytesPlanned()));
      events.emit(
          new CompactionEvent.Started(
              clock.nanoTime(),
              plan.jobId(),
              plan.kind(),
              plan.level(),
              plan.slot(),
              plan.targetLevel(),
              plan.inputs().size(),
              plan.bytesPlanned()));
    }
    return new CompactionJob(
        leased.plan(),
        storage,
        tables,
        views,
        snapshots.sample(),
        numbers,
        filters.forJob(states.peek(), leased.plan()),
        Math.max(1, options.slotBytes() / 4));
  }

  private CompactionResult end(CompactionJob job) throws IOException {
    long began = clock.nanoTime();
    installer.requireWriting();
    CompactionResult result = job.finish();
    result.edit().retainedFloor = snapshots.floor();
    Version next =
        installer.install(now -> JobPlanner.joinStillFits(now, job.plan()) ? result.edit() : null);
    if (next == null) {
      job.abandon(installer.isInDoubt());
      report(job, Outcome.CANCELLED, result, clock.nanoTime() - began);
      return result;
    }
    compactions.increment();
    bytesRead.add(result.bytesRead());
    bytesWritten.add(result.bytesWritten());
    countHeat(job, next);
    reportJoin(job);
    report(job, Outcome.INSTALLED, result, clock.nanoTime() - began);
    return result;
  }

  private void reportJoin(CompactionJob job) {
    byte[] guard = job.plan().removedGuard();
    if (guard != null && events.enabled()) {
      events.emit(
          new GuardEvent.Merged(
              clock.nanoTime(),
              job.plan().level(),
              job.plan().slot(),
              KeyFractions.fraction(guard),
              job.plan().bytesPlanned()));
    }
  }

  /** Bytes that reached the slots below count as their write heat. */
  @SuppressWarnings("ReferenceEquality") // versions are told apart by identity
  private void countHeat(CompactionJob job, Version next) {
    var plan = job.plan();
    if (plan.targetLevel() == plan.level()) {
      return;
    }
    ReadState state = states.peek();
    if (state.version() != next) {
      return; // another edit came in between; this once the heat is not counted
    }
    long down = 0;
    for (var in : plan.inputs()) {
      if (in.level() == plan.level()) {
        down += in.run().bytes();
      }
    }
    long share = down / Math.max(1, plan.targets().size());
    for (var target : plan.targets()) {
      int rank = next.level(plan.targetLevel()).guards().slotOf(target.low());
      state.tree().levels()[plan.targetLevel() - 1].slots()[rank].heat().addBytesIn(share);
    }
  }

  private void report(
      CompactionJob job, Outcome outcome, @Nullable CompactionResult result, long nanos) {
    if (!events.enabled()) {
      return;
    }
    var plan = job.plan();
    events.emit(
        new CompactionEvent.Finished(
            clock.nanoTime(),
            plan.jobId(),
            outcome,
            plan.kind(),
            plan.level(),
            plan.slot(),
            plan.targetLevel(),
            result == null ? job.bytesDone() : result.bytesRead(),
            result == null ? 0 : result.bytesWritten(),
            result == null ? 0 : result.entriesIn(),
            result == null ? 0 : result.entriesOut(),
            result == null ? 0 : result.droppedShadowed(),
            result == null ? 0 : result.droppedDeletions(),
            0,
            0,
            nanos));
  }

  /** One background loop: at most one job at a time. */
  private final class Loop implements Workers.WorkUnit {
    private JobPlanner.@Nullable Leased leased;
    private @Nullable CompactionJob job;
    private long resumeAtNanos;
    private boolean waits;

    @Override
    public long runOnce() {
      CompactionJob current = job;
      if (paused) {
        giveUp(current);
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
        return current == null ? look() : slice(current);
      } catch (IOException e) {
        installer.failed(e);
        fail(new dev.atll.api.StorageIoException("compaction failed", e));
        return RETRY_NANOS;
      } catch (CorruptionException e) {
        // Inputs stay; other slots go on. The damaged slot fails again after the retry time, until
        // the file is repaired.
        fail(e);
        return RETRY_NANOS;
      } catch (AtllException e) {
        fail(e);
        return Long.MAX_VALUE;
      } catch (RuntimeException | VirtualMachineError e) {
        // No memory, or a table made to mislead: as for damage.
        fail(new dev.atll.api.StoreFailedException("a compaction failed: " + e, e));
        return RETRY_NANOS;
      } catch (Error e) {
        fail(new dev.atll.api.StoreFailedException("a compaction failed: " + e, e));
        throw e;
      }
    }

    private long look() {
      installer.requireWriting();
      return switch (decider.decide()) {
        case Decider.Outcome.Nothing _ -> Long.MAX_VALUE;
        case Decider.Outcome.Done _ -> {
          moves.increment();
          yield 0;
        }
        case Decider.Outcome.Run(JobPlanner.Leased plan) -> {
          running.incrementAndGet();
          leased = plan;
          job = begin(plan);
          yield 0;
        }
      };
    }

    private long slice(CompactionJob current) throws IOException {
      long began = clock.nanoTime();
      long before = current.bytesDone();
      long writtenBefore = current.bytesWritten();
      boolean last = current.step(options.compactionSliceBytes());
      long done = current.bytesDone() - before;
      if (last) {
        end(current);
        clear();
      } else if (events.enabled()) {
        events.emit(
            new CompactionEvent.Progress(
                clock.nanoTime(),
                current.plan().jobId(),
                current.bytesDone(),
                current.plan().bytesPlanned()));
      }
      long now = clock.nanoTime();
      budget.learn(done, now - began);
      long pause = budget.charge(done + current.bytesWritten() - writtenBefore, now);
      waits = pause > 0;
      resumeAtNanos = now + pause;
      if (last) {
        signal();
      }
      return pause;
    }

    private void fail(RuntimeException e) {
      lastFailure = e;
      CompactionJob current = job;
      if (current != null) {
        report(current, Outcome.FAILED, null, 0);
      }
      giveUp(current);
    }

    private void giveUp(@Nullable CompactionJob current) {
      if (current != null) {
        current.abandon(installer.isInDoubt());
      }
      // Also when a job could not even begin: its slots would stay leased for ever.
      clear();
    }

    private void clear() {
      JobPlanner.Leased held = leased;
      leased = null;
      job = null;
      if (held != null) {
        decider.release(held);
        running.decrementAndGet();
      }
    }
  }
}
