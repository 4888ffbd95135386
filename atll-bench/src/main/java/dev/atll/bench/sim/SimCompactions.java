package dev.atll.bench.sim;

import dev.atll.kernel.Action;
import dev.atll.kernel.Plan;
import dev.atll.policy.AdaptivityGain;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.learn.Learners;
import dev.atll.schedule.CompactionBudget;
import dev.atll.schedule.DecisionTerms;
import dev.atll.schedule.RewardBook;
import dev.atll.schedule.ThetaTuner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler: asks the policy, takes the best candidate that is free to go, and keeps the jobs
 * under way. As in the engine one look serves for one action: what a policy offers hangs together (it
 * hands down as many slots as bring a level back to its bytes, and their shares change with each), so
 * that the rest of an old look is not what the policy would do next.
 */
final class SimCompactions {
  // As much of its input as a job merges before it looks at the budget.
  private static final double SLICE_BYTES = 1 << 20;

  private final SimTree tree;
  private final KeyModel keys;
  private final SimSettings settings;
  private final SimLook look;
  private final CompactionPolicy policy;
  private final Picker picker;
  private final ThetaTuner tuner;
  private final Supplier<ThetaTuner.Totals> spent;
  private final DecisionTerms terms;
  private final RewardBook<SimSlot> rewards;
  private final CompactionBudget budget;
  private final List<SimJob> running = new ArrayList<>();
  // When each worker may begin its next job: after its own, and after what the budget makes it wait.
  private final double[] freeAtNanos;
  // Looks at least so often, and when the next of these is due: deletions age while nothing changes.
  private final double lookNanos;
  private double lookAtNanos;
  private boolean changed = true;
  private long decisions;

  /**
   * Prepares it.
   *
   * @param spent what the run has cost since its beginning
   */
  SimCompactions(
      SimTree tree, KeyModel keys, SimSettings settings, Supplier<ThetaTuner.Totals> spent) {
    this.spent = spent;
    this.tree = tree;
    this.keys = keys;
    this.settings = settings;
    this.look = new SimLook(tree, settings);
    this.policy = Policies.byName(settings.policy(), settings.seed());
    this.picker = Pickers.byName(settings.scheduler(), settings.seed());
    this.tuner =
        new ThetaTuner(
            Learners.byName(settings.learner(), settings.seed()),
            settings.theta(),
            settings.heatHalfLifeOps());
    this.terms = new DecisionTerms(settings.staticFallback(), settings.sample());
    this.rewards = new RewardBook<>(slot -> (long) slot.readsEver, settings.heatHalfLifeOps());
    this.budget = new CompactionBudget((long) settings.device().budgetBytesPerSecond(), 0);
    this.freeAtNanos = new double[settings.compactionJobs()];
    this.lookNanos =
        settings.forPolicies().hasDeadline()
            ? settings.deleteDeadlineMillis() * 1e6 / PolicySettings.LOOKS_PER_DEADLINE
            : Double.POSITIVE_INFINITY;
    this.lookAtNanos = lookNanos;
  }

  /** The tree or what reads paid changed from outside. */
  void touch() {
    changed = true;
  }

  /** What treating ranges apart could save, as the engine publishes it: a share of the cost. */
  double predictedGain(double nowNanos) {
    return AdaptivityGain.of(look(nowNanos), settings.sample()).gain();
  }

  /** Bytes that compactions are behind. */
  double debtBytes() {
    return terms.debtBytes();
  }

  /** The terms of the last look. */
  DecisionTerms terms() {
    return terms;
  }

  boolean isBusy() {
    return !running.isEmpty();
  }

  /** When the next look is due though nothing happens; infinity without a deadline for deletions. */
  double nextLookNanos() {
    return lookAtNanos;
  }

  /** When the next job ends or the next worker is free; infinity if nothing is under way. */
  double nextEventNanos(double nowNanos) {
    double next = Double.POSITIVE_INFINITY;
    for (SimJob job : running) {
      next = Math.min(next, job.endsAtNanos);
    }
    for (double free : freeAtNanos) {
      next = free > nowNanos ? Math.min(next, free) : next;
    }
    return next;
  }

  /** Ends what is due, and starts what can be started then. */
  void at(double nowNanos, SimTotals totals) {
    if (nowNanos >= lookAtNanos) {
      lookAtNanos = nowNanos + lookNanos;
      changed = true;
    }
    SimJob due = dueJob(nowNanos);
    while (due != null) {
      finish(due, totals);
      due = dueJob(nowNanos);
    }
    start(nowNanos, totals);
  }

  private @Nullable SimJob dueJob(double nowNanos) {
    SimJob first = null;
    for (SimJob job : running) {
      if (job.endsAtNanos <= nowNanos && (first == null || job.endsAtNanos < first.endsAtNanos)) {
        first = job;
      }
    }
    return first;
  }

  private void finish(SimJob first, SimTotals totals) {
    running.remove(first);
    first.install(settings.slotBytesTarget() / 4.0 / settings.entry().table());
    totals.jobs++;
    totals.entriesRead += first.bytesIn / settings.entry().table();
    totals.entriesWritten += first.entriesOut;
    totals.entriesWrittenBy.merge(first.candidate.reason(), first.entriesOut, Double::sum);
    changed = true;
  }

  /** Starts what can be started; a job that takes no time ends at once. */
  void start(double nowNanos, SimTotals totals) {
    for (int worker = freeWorker(nowNanos); worker >= 0; worker = freeWorker(nowNanos)) {
      if (!changed || !startOne(nowNanos, worker, totals)) {
        return;
      }
      for (SimJob due = dueJob(nowNanos); due != null; due = dueJob(nowNanos)) {
        finish(due, totals);
      }
    }
  }

  private int freeWorker(double nowNanos) {
    for (int i = 0; i < freeAtNanos.length; i++) {
      if (freeAtNanos[i] <= nowNanos) {
        return i;
      }
    }
    return -1;
  }

  /** Looks at the tree and begins the first of the candidates that is free to go, if there is one. */
  private boolean startOne(double nowNanos, int worker, SimTotals totals) {
    totals.looks++;
    changed = false;
    ThetaTuner.Totals soFar = spent.get();
    TreeSnapshot now = look(nowNanos);
    rewards.due(soFar.operations(), (long) nowNanos).forEach(this::tell);
    if (tuner.tick(now, soFar)) {
      now = now.withTheta(terms.threshold(tuner.theta()));
    }
    terms.movePrice(budget.binds((long) nowNanos), tuner.theta());
    List<Candidate> candidates = Chooser.inOrder(policy.candidates(now));
    terms.offered(candidates);
    Chooser chooser = new Chooser(picker, now, candidates);
    for (int i = chooser.next(); i >= 0; i = chooser.next()) {
      Candidate chosen = candidates.get(i);
      SimSlot slot = tree.slots(chosen.action().level()).get(chosen.action().slot());
      if (attempt(chosen, slot, nowNanos, worker, totals)) {
        made(chosen, slot, now, soFar.operations(), nowNanos);
        totals.decisions.merge(chosen.reason(), 1L, Long::sum);
        changed = true;
        return true;
      }
    }
    return false;
  }

  private TreeSnapshot look(double nowNanos) {
    return look.take(
        terms.threshold(tuner.theta()), terms.uniformRuns(), (long) (nowNanos / 1e6));
  }

  /** Notes what a decision should bring, as the engine does. */
  private void made(
      Candidate chosen, SimSlot slot, TreeSnapshot now, long operations, double nowNanos) {
    decisions++;
    if (chosen.costNanos() > 0) {
      Action action = chosen.action();
      SlotFacts facts = now.level(action.level()).slots().get(action.slot());
      rewards
          .open(
              decisions, policy.name(), tuner.arm(), facts, slot, chosen, operations,
              (long) nowNanos)
          .forEach(this::tell);
    }
    terms.decided(decisions, now, false);
  }

  private void tell(RewardBook.Reward reward) {
    picker.reward(reward.slotId(), reward.savedNanos(), reward.costNanos());
  }

  private boolean attempt(
      Candidate candidate, SimSlot slot, double nowNanos, int worker, SimTotals totals) {
    Plan<SimRun> plan = candidate.action().plan(tree);
    if (plan == null) {
      return false;
    }
    return switch (plan.way()) {
      case VIEW -> {
        if (plan.leased().stream().anyMatch(place -> tree.slot(place).leased)) {
          yield false;
        }
        tree.view(plan);
        totals.moves++;
        yield true;
      }
      case CUT -> {
        if (slot.leased || slot.indivisible) {
          yield false;
        }
        int at = tree.splitPoint(slot);
        if (at < 0 || !tree.split(slot, at)) {
          slot.indivisible = true;
          slot.forget();
          yield false;
        }
        totals.splits++;
        yield true;
      }
      case WRITE -> {
        SimJob job = SimJob.of(tree, candidate, plan);
        if (job == null) {
          yield false;
        }
        job.merge(keys);
        occupy(worker, job, nowNanos);
        running.add(job);
        yield true;
      }
    };
  }

  /** How long a job takes, and what the budget adds to it. */
  private void occupy(int worker, SimJob job, double nowNanos) {
    SimSettings.Device device = settings.device();
    double at = nowNanos + device.jobNanos();
    double work = job.bytesIn / device.jobBytesPerSecond() * 1e9;
    double moved = job.bytesIn + job.entriesOut * settings.entry().table();
    int slices = (int) Math.max(1, Math.ceil(job.bytesIn / SLICE_BYTES));
    for (int i = 0; i < slices; i++) {
      at += work / slices;
      job.endsAtNanos = at;
      at += budget.charge((long) (moved / slices), (long) at);
    }
    freeAtNanos[worker] = at;
  }
}
