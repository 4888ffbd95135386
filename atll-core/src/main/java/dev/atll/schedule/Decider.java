package dev.atll.schedule;

import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.api.StorageIoException;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.Work;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.FailureCause;
import dev.atll.policy.Action;
import dev.atll.policy.AdaptivityGain;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.tree.DiskSpace;
import dev.atll.tree.ReadState;
import dev.atll.tree.SlotHeat;
import dev.atll.tree.StateHolder;
import dev.atll.tree.StoreContext;
import dev.atll.tree.TableCache;
import dev.atll.tree.TreeAccess;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Guards;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One decision at a time: look at the tree, ask the policy, take the best candidate that is free to
 * go. What writes no data (a move, a split) is carried out here and now; a merge is handed out as a
 * leased plan. Every choice leaves as an event with all its candidates. Thread-safe: one lock.
 */
final class Decider {
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
  private final Clock clock;
  private final Reports reports;
  private final DecisionEvents events;
  private final Supplier<ThetaTuner.Totals> totals;
  private final BooleanSupplier budgetBinds;
  private final long seed;
  private final DiskSpace disk;
  private final LongSupplier droppableUpTo;
  private final Leases leases = new Leases();
  private final MeasuredPrices measured;
  private final TableCache tables;
  private final SnapshotBuilder snapshots;
  private final JobPlanner planner;
  private final GuardChooser guardChooser;
  private final DecisionLog log;
  // Slots whose data could not be divided, by identity, until they change.
  private final IdentityHashMap<Slot, Leases.SlotKey> indivisible = new IdentityHashMap<>();
  private final RewardBook<SlotHeat> rewards;
  private final DecisionTerms terms;
  private final Advisers advisers;
  private final Quarantine quarantine = new Quarantine();
  // A job that the present look has leased, until its owner has it; slots of a move or a split.
  private @Nullable JobRun unowned;
  private @Nullable List<Leases.SlotKey> moving;
  private long lastDecision;
  private long lastJob;
  private volatile long debtBytes;
  // The version on which the last look found nothing to do, with no job running; else null.
  private volatile @Nullable Version idleVersion;

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
    this.clock = context.clock();
    this.reports = context.events();
    this.events = new DecisionEvents(reports, clock);
    this.totals = totals;
    this.budgetBinds = budgetBinds;
    this.seed = options.decisionSeed();
    this.terms = new DecisionTerms(options.staticFallback(), options.readSamplePeriod());
    this.advisers =
        new Advisers(
            strategies.policy(),
            strategies.picker(),
            strategies.learner(),
            options.burdenThreshold(),
            options.heatHalfLifeOps(),
            options.decisionSeed(),
            reports,
            clock);
    this.rewards = new RewardBook<>(heat -> heat.gets() + heat.seeks(), options.heatHalfLifeOps());
    this.disk = tree.disk();
    this.droppableUpTo = tree.snapshots()::droppableUpTo;
    this.measured = measured;
    this.tables = tree.tables();
    this.snapshots = new SnapshotBuilder(options, prices);
    this.planner = new JobPlanner(tree.views());
    this.guardChooser = new GuardChooser(tables, tree.views());
    this.log = DecisionLog.of(reports, clock, options, strategies.picker().name());
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

  void release(JobPlanner.Leased leased) {
    synchronized (lock) {
      leased.giveBack(leases);
      idleVersion = null;
    }
  }

  /** How often a policy, picker or learner failed. */
  long adviserFailures() {
    return advisers.failures();
  }

  /** Slots whose last job failed. */
  int quarantined() {
    return quarantine.count();
  }

  /** A job went through: its slots are like any others again. */
  void succeeded(JobPlanner.Leased leased) {
    synchronized (lock) {
      if (quarantine.isEmpty()) {
        return;
      }
      for (Leases.SlotKey slot : leased.slots()) {
        Quarantine.Line line = quarantine.release(slot);
        if (line != null) {
          events.released(slot, line, states.peek().version());
        }
      }
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
      putAside(Failures.slotsOf(leased, e), cause, e);
    }
  }

  private void putAside(Collection<Leases.SlotKey> slots, FailureCause cause, Throwable e) {
    synchronized (lock) {
      idleVersion = null;
      for (Leases.SlotKey slot : slots) {
        Quarantine.Line line = quarantine.add(slot, cause, clock.nanoTime());
        events.quarantined(slot, line, states.peek().version(), e);
      }
    }
  }

  /** The tree as policies see it. */
  TreeSnapshot snapshot() {
    synchronized (lock) {
      ReadState state = states.peek();
      return snapshots.peek(
          state,
          view(totals.get().operations(), measured.inForce()),
          this::held,
          this::isSplittable);
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

  private boolean isSplittable(Slot slot) {
    return indivisible.isEmpty() || !indivisible.containsKey(slot);
  }

  /** The ranks of a level's slots that jobs hold, or that are put aside. */
  private BitSet held(int level, Guards guards) {
    BitSet ranks = leases.held(level, guards);
    quarantine.mark(level, guards, ranks, clock.nanoTime());
    return ranks;
  }

  @SuppressWarnings("ReferenceEquality") // a slot that changed is another object
  private void forgetIndivisible(Version version) {
    indivisible.entrySet().removeIf(entry -> entry.getValue().slotIn(version) != entry.getKey());
  }

  /**
   * Decides and does or hands out one thing.
   *
   * @param owner takes a job over before this returns: whatever is thrown on the way, a lease has
   *     somebody who gives it back
   */
  Outcome decide(Consumer<JobRun> owner) {
    synchronized (lock) {
      // Planning reads tables: those of a state that is not held may be deleted meanwhile.
      int stripe = StateHolder.stripe();
      ReadState state = states.pin(stripe);
      try {
        giveBackUnowned(); // of a look before, if that could not
        Outcome outcome = look(state);
        advisers.lookEnded();
        JobRun job = unowned;
        if (job != null) {
          owner.accept(job);
          unowned = null;
        }
        return outcome;
      } catch (Advisers.Failed e) {
        // Told and counted; a safe policy may have taken over by now.
        idleVersion = null;
        return new Outcome.Nothing(ASK_AGAIN_NANOS);
      } finally {
        try {
          giveBackUnowned();
        } finally {
          states.unpin(state, stripe);
        }
      }
    }
  }

  /** Ends what a look has leased and nobody has taken over; again does nothing. */
  private void giveBackUnowned() {
    JobRun job = unowned;
    if (job != null) {
      job.end();
      unowned = null;
    }
    List<Leases.SlotKey> slots = moving;
    if (slots != null) {
      leases.giveBack(slots);
      moving = null;
    }
  }

  private Outcome look(ReadState state) {
    long began = clock.nanoTime();
    Version version = state.version();
    ThetaTuner.Totals spent = totals.get();
    forgetIndivisible(version);
    TreeSnapshot seen =
        snapshots.look(
            state,
            view(spent.operations(), measured.costs(tables.isMapped())),
            this::held,
            this::isSplittable);
    rewards.forget(snapshots.gone());
    reports.run(() -> log.begin(advisers.policy(), advisers.picker()));
    for (RewardBook.Reward reward : rewards.due(spent.operations(), began)) {
      tell(reward);
    }
    TreeSnapshot now = advisers.tick(seen, spent) ? seen.withTheta(threshold()) : seen;
    terms.movePrice(budgetBinds.getAsBoolean(), advisers.tuner().theta());
    List<Candidate> candidates = advisers.candidates(now);
    terms.offered(candidates);
    debtBytes = terms.debtBytes();
    Chooser chooser = new Chooser(advisers.picker(), now, candidates);
    int indivisibleBefore = indivisible.size();
    for (int i = advisers.next(chooser); i >= 0; i = advisers.next(chooser)) {
      long decisionId = lastDecision + 1;
      int chosen = i;
      clock.enters(Work.PLAN);
      Outcome outcome = attempt(version, candidates.get(i), decisionId);
      if (!(outcome instanceof Outcome.Nothing)) {
        clock.enters(Work.REPORT);
        lastDecision = decisionId;
        // Done, or leased: whatever fails from here on may not keep the outcome from its owner.
        reports.run(
            () -> made(decisionId, state, now, candidates, chosen, chooser, spent, began));
        return outcome;
      }
      clock.enters(Work.DECIDE);
      log.refused(i);
    }
    reports.run(() -> log.looked(0, version, now, snapshots.decay(), candidates.size(), -1));
    if (indivisible.size() > indivisibleBefore) {
      // What cannot be cut the policy would treat otherwise, and nothing else may wake this loop.
      idleVersion = null;
      return LOOK_AGAIN;
    }
    long againNanos = quarantine.nanosUntilNext(clock.nanoTime());
    idleVersion = leases.isEmpty() && againNanos == Long.MAX_VALUE ? version : null;
    return againNanos == Long.MAX_VALUE ? NOTHING : new Outcome.Nothing(againNanos);
  }

  /** Tells of a decision, and notes what it should bring. */
  private void made(
      long decisionId,
      ReadState state,
      TreeSnapshot now,
      List<Candidate> candidates,
      int chosen,
      Chooser chooser,
      ThetaTuner.Totals spent,
      long began) {
    Version version = state.version();
    log.looked(decisionId, version, now, snapshots.decay(), candidates.size(), chosen);
    events.made(
        decisionId,
        version,
        advisers.policy().name(),
        now,
        candidates,
        chosen,
        now.theta(),
        terms.price(),
        advisers.tuner(),
        chooser,
        seed,
        began);
    if (candidates.get(chosen).costNanos() > 0) {
      expectReward(decisionId, state, now, candidates.get(chosen), spent.operations());
    }
    boolean before = terms.isAdaptive();
    AdaptivityGain gain = terms.decided(decisionId, now, reports.enabled());
    if (gain != null) {
      events.gain(gain);
      if (terms.isAdaptive() != before) {
        events.adaptivity(terms.isAdaptive(), gain.gainLow());
      }
    }
  }

  private double threshold() {
    return terms.threshold(advisers.tuner().theta());
  }

  private void expectReward(
      long decisionId, ReadState state, TreeSnapshot now, Candidate chosen, long operations) {
    Action action = chosen.action();
    SlotFacts slot = now.level(action.level()).slots().get(action.slot());
    SlotHeat heat = state.tree().levels()[action.level() - 1].slots()[action.slot()].heat();
    for (RewardBook.Reward reward :
        rewards.open(
            decisionId, advisers.policy().name(), advisers.tuner().arm(), slot, heat, chosen, operations,
            clock.nanoTime())) {
      tell(reward);
    }
  }

  private void tell(RewardBook.Reward reward) {
    if (!advisers.reward(reward)) {
      return;
    }
    log.told(reward.slotId(), reward.savedNanos(), reward.costNanos());
    events.rewarded(reward);
  }

  /** Tries a candidate; damage met while planning is the slot's, and others have their turn. */
  private Outcome attempt(Version version, Candidate candidate, long decisionId) {
    Action action = candidate.action();
    advisers.check(version, action);
    try {
      return carryOut(version, action, decisionId);
    } catch (CorruptionException | StorageIoException e) {
      FailureCause cause = Failures.causeOf(e, List.of());
      if (installer.isInDoubt() || cause == null) {
        throw e;
      }
      putAside(List.of(Leases.SlotKey.of(version, action.level(), action.slot())), cause, e);
      return NOTHING;
    }
  }

  private Outcome carryOut(Version version, Action action, long decisionId) {
    return switch (action) {
      case Action.Merge merge -> lease(planner.merge(version, merge, lastJob + 1, decisionId));
      case Action.Promote promote ->
          lease(planner.promote(version, promote, lastJob + 1, decisionId));
      case Action.Join join -> lease(planner.join(version, join, lastJob + 1, decisionId));
      case Action.Move move -> move(version, move);
      case Action.Split split -> split(version, split);
    };
  }

  private Outcome lease(JobPlanner.@Nullable Leased leased) {
    if (leased == null || quarantine.holdsAny(leased.slots(), clock.nanoTime())) {
      return NOTHING;
    }
    JobRun job = take(leased);
    return job == null ? NOTHING : new Outcome.Run(job);
  }

  /** Takes the lease and the space of a job, which is left in {@link #unowned}; null if it may not. */
  private @Nullable JobRun take(JobPlanner.Leased leased) {
    // Invariant I10: a job starts only if its whole output fits beside what is kept in reserve, and
    // beside what other jobs have yet to write; from then on its bytes are promised to it.
    DiskSpace.Reservation promise = disk.tryPromise(leased.plan().bytesPlanned());
    if (promise == null) {
      return null;
    }
    JobRun job = null;
    try {
      // Made before the lease is taken, so that no lease is without an owner, memory or not.
      job = new JobRun(this, installer, disk, promise, leased);
    } finally {
      if (job == null) {
        promise.close();
      }
    }
    unowned = job;
    if (leased.take(leases)) {
      lastJob++;
      return job;
    }
    job.end();
    unowned = null;
    return null;
  }

  private Outcome move(Version version, Action.Move move) {
    if (!takeForNow(JobPlanner.moveLeases(version, move))) {
      return NOTHING;
    }
    // Other edits may have come in between; while the slot is leased its runs can only have
    // grown at the newest end, so the runs moved are found again by counting from the oldest.
    int fromOldest =
        version.level(move.level()).slots().get(move.slot()).runs().size() - move.first();
    byte[] low = version.level(move.level()).guards().low(move.slot());
    clock.enters(Work.INSTALL);
    Version next =
        installer.install(
            now -> {
              int rank = now.level(move.level()).guards().slotOf(low);
              int runs = now.level(move.level()).slots().get(rank).runs().size();
              return planner.move(now, new Action.Move(move.level(), rank, runs - fromOldest));
            });
    giveBackUnowned();
    return next == null ? NOTHING : new Outcome.Done(ActionKind.MOVE_DOWN);
  }

  /** Takes slots until the next {@link #giveBackUnowned}, which the end of a look is at the latest. */
  private boolean takeForNow(List<Leases.SlotKey> slots) {
    boolean taken = leases.tryTake(slots);
    moving = taken ? slots : null;
    return taken;
  }

  private Outcome split(Version version, Action.Split split) {
    Slot slot = version.level(split.level()).slots().get(split.slot());
    byte[] key = guardChooser.choose(version, split.level(), split.slot());
    if (key == null || slot.bytes() < GuardChooser.SLOT_BYTES_PER_KEY_BYTE * key.length) {
      Leases.SlotKey whole = Leases.SlotKey.of(version, split.level(), split.slot());
      indivisible.put(slot, whole);
      snapshots.touch(whole);
      return NOTHING;
    }
    if (!takeForNow(GuardChooser.divided(version, split.level(), key))) {
      return NOTHING;
    }
    clock.enters(Work.INSTALL);
    Version next =
        installer.install(
            now -> {
              VersionEdit edit = guardChooser.cut(now, split.level(), key);
              return edit.addedGuards.isEmpty() ? null : edit;
            });
    giveBackUnowned();
    if (next == null) {
      return NOTHING;
    }
    events.split(next, split.level(), key);
    return new Outcome.Done(ActionKind.GUARD_ADD);
  }

  /**
   * Leases a merge outside the policy, for a manual compaction; null if another job is in the way.
   *
   * @throws StorageFullException if its output would not fit on the disk (invariant I10)
   */
  @Nullable JobRun leaseMerge(Version version, Action.Merge merge) {
    synchronized (lock) {
      return leaseManually(planner.merge(version, merge, lastJob + 1, 0));
    }
  }

  /** As {@link #leaseMerge}, for a promotion. */
  @Nullable JobRun leasePromote(Version version, Action.Promote promote) {
    synchronized (lock) {
      return leaseManually(planner.promote(version, promote, lastJob + 1, 0));
    }
  }

  private @Nullable JobRun leaseManually(JobPlanner.@Nullable Leased planned) {
    if (planned == null) {
      return null;
    }
    if (!disk.fits(planned.plan().bytesPlanned())) {
      throw new StorageFullException(
          String.format(
              Locale.ROOT,
              "compacting %d bytes needs as many free on the disk, beside the reserve",
              planned.plan().bytesPlanned()));
    }
    try {
      // Also where a slot is put aside: whoever asks by hand wants to know.
      JobRun job = take(planned);
      unowned = null;
      return job;
    } catch (Throwable e) {
      giveBackUnowned();
      throw e;
    }
  }
}
