package dev.atll.schedule;

import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.api.StorageIoException;
import dev.atll.env.Clock;
import dev.atll.env.Work;
import dev.atll.kernel.Action;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.FailureCause;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TableCache;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Version;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Picks one thing at a time: looks at the tree, asks the policy, and takes the best candidate that
 * {@link Planning} can carry out. A merge is handed out as a leased job; a move or a split, which writes no
 * data, is installed before {@link #decide} returns, after the lock was given back. Every choice leaves by
 * {@link DecisionReports} with all its candidates. Thread-safe: one lock.
 */
final class Decider implements JobRun.Owner {
  /** What a decision came to. */
  sealed interface Outcome {
    /**
     * The tree is as the policy wants it, or all that could be done is under way or put aside.
     *
     * @param againNanos when to ask again though nobody signals; {@link Long#MAX_VALUE} for never
     */
    record Nothing(long againNanos) implements Outcome {}

    /** The tree was changed without writing data; ask again. */
    record Done(ActionKind kind) implements Outcome {}

    /** A job to run; its slots are leased until it ends. */
    record Run(JobRun job) implements Outcome {}
  }

  private static final Outcome NOTHING = new Outcome.Nothing(Long.MAX_VALUE);
  private static final Outcome LOOK_AGAIN = new Outcome.Nothing(0);
  // A policy that failed is asked again after a second: it may have been short of memory.
  private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

  private final Object lock = new Object();
  private final StateHolder states;
  private final TreeInstaller installer;
  private final TableCache tables;
  private final LongSupplier droppableUpTo;
  private final Clock clock;
  private final Supplier<ThetaTuner.Totals> totals;
  private final BooleanSupplier budgetBinds;
  private final MeasuredPrices measured;
  private final DecisionEvents events;
  private final DecisionTerms terms;
  private final Advisers advisers;
  private final SnapshotBuilder snapshots;
  private final Planning planning;
  private final DecisionReports reports;
  private long lastDecision;
  private int indivisibleBefore;
  private volatile long debtBytes;
  // The version on which the last look found nothing to do, with no job running; else null.
  private volatile @Nullable Version idleVersion;

  @SuppressWarnings("this-escape") // planning gets to know whom jobs end with, and calls nobody yet
  Decider(
      Options options,
      Strategies strategies,
      MeasuredPrices measured,
      BlockPrices prices,
      StoreContext context,
      TreeAccess tree,
      Supplier<ThetaTuner.Totals> totals,
      BooleanSupplier budgetBinds) {
    this.states = tree.states();
    this.installer = tree.installer();
    this.tables = tree.tables();
    this.droppableUpTo = tree.snapshots()::droppableUpTo;
    this.clock = context.clock();
    this.totals = totals;
    this.budgetBinds = budgetBinds;
    this.measured = measured;
    this.events = new DecisionEvents(context.events(), clock);
    this.terms = new DecisionTerms(options.staticFallback(), options.readSamplePeriod());
    this.advisers = new Advisers(strategies, options, context.events(), clock);
    this.snapshots = new SnapshotBuilder(options, prices);
    this.planning = new Planning(tree, clock, events, this);
    this.reports =
        new DecisionReports(options, context.events(), clock, events, advisers, terms);
  }

  CompactionPolicy policy() {
    synchronized (lock) {
      return advisers.policy();
    }
  }

  void policy(CompactionPolicy next) {
    synchronized (lock) {
      advisers.policy(next);
      idleVersion = null;
    }
  }

  /** Bytes that the policy's candidates of the last look would write. */
  long debtBytes() {
    return debtBytes;
  }

  /** Whether the last look found nothing to do and nothing was running. */
  @SuppressWarnings("ReferenceEquality") // a look counts for the version it was taken on
  boolean isIdle() {
    Version seen = idleVersion;
    return seen != null && seen == states.peek().version();
  }

  /** Something changed: the next look may find work. */
  void touch() {
    idleVersion = null;
  }

  @Override
  public void release(JobPlanner.Leased leased) {
    synchronized (lock) {
      planning.giveBack(leased);
      idleVersion = null;
    }
  }

  /** How often a policy, picker or learner failed. */
  long adviserFailures() {
    return advisers.failures();
  }

  /** Slots whose last job failed. */
  int quarantined() {
    return planning.quarantine().count();
  }

  @Override
  public void succeeded(JobPlanner.Leased leased) {
    synchronized (lock) {
      planning.succeeded(leased);
    }
  }

  /**
   * A job failed: its span is put aside for a while, so that others have their turn.
   *
   * @param outputs numbers of the files that it wrote
   */
  void failed(JobPlanner.Leased leased, Throwable e, List<Long> outputs) {
    FailureCause cause = Failures.causeOf(e, outputs);
    if (cause != null) {
      synchronized (lock) {
        idleVersion = null;
        planning.putAside(Failures.slotsOf(leased, e), cause, e);
      }
    }
  }

  /** The tree as policies see it. */
  TreeSnapshot snapshot() {
    synchronized (lock) {
      return snapshots.peek(
          states.peek(),
          view(totals.get().operations(), measured.inForce()),
          planning::held,
          planning::isSplittable);
    }
  }

  double predictedRuns(TreeSnapshot snapshot, SlotFacts slot) {
    return policy().predictedRuns(snapshot, slot);
  }

  private SnapshotBuilder.View view(long operations, UnitCosts costs) {
    return new SnapshotBuilder.View(
        operations,
        costs,
        threshold(),
        terms.uniformRuns(),
        droppableUpTo.getAsLong(),
        clock.currentTimeMillis());
  }

  private double threshold() {
    return terms.threshold(advisers.tuner().theta());
  }

  /**
   * Decides and does or hands out one thing.
   *
   * @param owner takes a job over before this returns: whatever is thrown on the way, a lease has
   *     somebody who gives it back
   */
  Outcome decide(Consumer<JobRun> owner) {
    Planning.Edit edit = null;
    try {
      synchronized (lock) {
        // Planning reads tables: those of a state that is not held may be deleted meanwhile.
        int stripe = StateHolder.stripe();
        ReadState state = states.pin(stripe);
        try {
          planning.giveBackUnowned(); // of a look before, if that could not
          Planning.@Nullable Planned planned = look(state);
          advisers.lookEnded();
          switch (planned) {
            case null -> {
              return restOfLook(state.version());
            }
            case Planning.Job(JobRun run) -> {
              owner.accept(run);
              planning.owned();
              return new Outcome.Run(run);
            }
            case Planning.Edit ready -> {
              edit = ready;
              planning.owned();
            }
          }
        } catch (Advisers.Failed e) {
          // Told and counted; a safe policy may have taken over by now.
          idleVersion = null;
          return new Outcome.Nothing(ASK_AGAIN_NANOS);
        } finally {
          try {
            planning.giveBackUnowned();
          } finally {
            states.unpin(state, stripe);
          }
        }
      }
      return install(edit);
    } finally {
      if (edit != null) {
        edit.over = true; // nothing can throw before this
        synchronized (lock) {
          planning.giveBack(edit);
          idleVersion = null;
        }
      }
    }
  }

  /** Installs a move or a split, whose slots are leased; nobody waits meanwhile to decide. */
  private Outcome install(Planning.Edit edit) {
    clock.enters(Work.INSTALL);
    try {
      Version next = installer.install(edit.source());
      byte[] key = edit.key();
      if (next != null && key != null) {
        events.split(next, edit.action().level(), key);
      }
      return next == null ? LOOK_AGAIN : new Outcome.Done(edit.kind());
    } catch (CorruptionException | StorageIoException e) {
      synchronized (lock) {
        if (!planning.putAside(edit.slot(), e)) {
          throw e;
        }
      }
      return LOOK_AGAIN;
    }
  }

  /** Looks at the tree; null if there is nothing that can be carried out. */
  private Planning.@Nullable Planned look(ReadState state) {
    long began = clock.nanoTime();
    Version version = state.version();
    ThetaTuner.Totals spent = totals.get();
    planning.forgetIndivisible(version);
    TreeSnapshot seen =
        snapshots.look(
            state,
            view(spent.operations(), measured.costs(tables.isMapped())),
            planning::held,
            planning::isSplittable);
    reports.begin(snapshots.gone(), spent.operations(), began);
    TreeSnapshot now = advisers.tick(seen, spent) ? seen.withTheta(threshold()) : seen;
    terms.movePrice(budgetBinds.getAsBoolean(), advisers.tuner().theta());
    List<Candidate> candidates = advisers.candidates(now);
    terms.offered(candidates);
    debtBytes = terms.debtBytes();
    Chooser chooser = new Chooser(advisers.picker(), now, candidates);
    DecisionReports.Look look =
        new DecisionReports.Look(
            state, now, snapshots.decay(), candidates, chooser, spent.operations(), began);
    indivisibleBefore = planning.indivisible();
    for (int i = advisers.next(chooser); i >= 0; i = advisers.next(chooser)) {
      clock.enters(Work.PLAN);
      Action action = candidates.get(i).action();
      advisers.check(version, action);
      Planning.Planned planned = planning.plan(version, action, lastDecision + 1, snapshots);
      if (planned != null) {
        clock.enters(Work.REPORT);
        lastDecision++;
        reports.made(lastDecision, look, i);
        return planned;
      }
      clock.enters(Work.DECIDE);
      reports.refused(i);
    }
    reports.nothing(look);
    return null;
  }

  /** When to look again after a look that came to nothing. */
  private Outcome restOfLook(Version version) {
    if (planning.indivisible() > indivisibleBefore) {
      // What cannot be cut the policy would treat otherwise, and nothing else may wake this loop.
      idleVersion = null;
      return LOOK_AGAIN;
    }
    long againNanos = planning.quarantine().nanosUntilNext(clock.nanoTime());
    idleVersion = !planning.hasLeases() && againNanos == Long.MAX_VALUE ? version : null;
    return againNanos == Long.MAX_VALUE ? NOTHING : new Outcome.Nothing(againNanos);
  }

  /** As {@link Planning#leaseManually}. */
  @Nullable JobRun leaseManually(Version version, Action action) {
    synchronized (lock) {
      return planning.leaseManually(version, action);
    }
  }
}
