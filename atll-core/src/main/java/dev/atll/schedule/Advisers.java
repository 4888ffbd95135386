package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.kernel.Action;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.AdviserRole;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.Label;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.CompactionPolicy;
import dev.atll.policy.Picker;
import dev.atll.policy.Pickers;
import dev.atll.policy.Policies;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.learn.Learners;
import dev.atll.version.Version;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Whom the decider asks: a policy, a picker and a learner, which may be code of others. What they
 * throw, or answer beyond all sense, is counted, told and logged, and costs one decision. After
 * {@value #FAILURES_MAX} failures in a row one of the engine's own takes over, until another is set:
 * a store whose policy is broken still has to merge. Guarded by the decider's lock.
 */
final class Advisers {
  /** Failures in a row after which an adviser is replaced. */
  static final int FAILURES_MAX = 3;

  /** An adviser failed: this look comes to nothing. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(AdviserRole role, Throwable cause) {
      super("the " + role + " failed: " + cause, cause);
    }
  }

  private static final SafeLog LOG = SafeLog.of("dev.atll.schedule");

  private final Reports events;
  private final Clock clock;
  private final long seed;
  private final double base;
  private final long halfLifeOps;
  private final Map<AdviserRole, Integer> inARow = new EnumMap<>(AdviserRole.class);
  private CompactionPolicy policy;
  private Picker picker;
  private ThetaTuner tuner;
  private volatile long failures;

  Advisers(Strategies strategies, Options options, Reports events, Clock clock) {
    this.policy = strategies.policy();
    this.picker = strategies.picker();
    this.base = options.burdenThreshold();
    this.halfLifeOps = options.heatHalfLifeOps();
    this.tuner = new ThetaTuner(strategies.learner(), base, halfLifeOps);
    this.seed = options.decisionSeed();
    this.events = events;
    this.clock = clock;
  }

  CompactionPolicy policy() {
    return policy;
  }

  void policy(CompactionPolicy next) {
    policy = next;
    inARow.put(AdviserRole.POLICY, 0);
  }

  Picker picker() {
    return picker;
  }

  ThetaTuner tuner() {
    return tuner;
  }

  /** How often one of them failed; may be asked by any thread. */
  long failures() {
    return failures;
  }

  /**
   * What the policy would do, first things first.
   *
   * @throws Failed if it threw
   */
  List<Candidate> candidates(TreeSnapshot now) {
    try {
      List<Candidate> candidates = Chooser.inOrder(policy.candidates(now));
      candidates.forEach(c -> Objects.requireNonNull(c.action()));
      return candidates;
    } catch (Throwable e) {
      throw failed(AdviserRole.POLICY, e);
    }
  }

  /**
   * The position to try next, or -1.
   *
   * @throws Failed if the picker threw
   */
  int next(Chooser chooser) {
    try {
      int position = chooser.next();
      succeeded(AdviserRole.PICKER);
      return position;
    } catch (Throwable e) {
      throw failed(AdviserRole.PICKER, e);
    }
  }

  /** Lets the learner set theta; returns whether it may have changed. */
  boolean tick(TreeSnapshot now, ThetaTuner.Totals spent) {
    try {
      boolean changed = tuner.tick(now, spent);
      succeeded(AdviserRole.LEARNER);
      return changed;
    } catch (Throwable e) {
      failed(AdviserRole.LEARNER, e);
      return false;
    }
  }

  /** Tells the picker what a choice brought; returns whether it took it. */
  boolean reward(RewardBook.Reward reward) {
    try {
      picker.reward(reward.slotId(), reward.savedNanos(), reward.costNanos());
      return true;
    } catch (Throwable e) {
      failed(AdviserRole.PICKER, e);
      return false;
    }
  }

  /**
   * Passes if an action names a slot and runs that the version has.
   *
   * @throws Failed if not
   */
  void check(Version version, Action action) {
    if (action.level() < 1 || action.level() > version.levelCount()) {
      throw nonsense(action);
    }
    var slots = version.level(action.level()).slots();
    if (action.slot() < 0 || action.slot() >= slots.size()) {
      throw nonsense(action);
    }
    int runs = slots.get(action.slot()).runs().size();
    if (!action.fits(runs)) {
      throw nonsense(action);
    }
  }

  /** A look went well from end to end. */
  void lookEnded() {
    succeeded(AdviserRole.POLICY);
  }

  private Failed nonsense(Action action) {
    return failed(
        AdviserRole.POLICY, new IllegalArgumentException("the tree has nothing for " + action));
  }

  private void succeeded(AdviserRole role) {
    inARow.put(role, 0);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the decider's lock only
  private Failed failed(AdviserRole role, Throwable e) {
    failures++;
    // No memory is nobody's mistake: it is told, but replaces no one.
    int count = e instanceof OutOfMemoryError ? 0 : inARow.merge(role, 1, Integer::sum);
    boolean replaced = count >= FAILURES_MAX;
    String name = nameOf(role);
    LOG.log(Level.DEBUG, () -> name + " failed", e);
    events.run(
        () ->
            events.emit(
                new DecisionEvent.AdviserFailed(
                    clock.nanoTime(), role, Label.of(name), Math.max(1, count), replaced)));
    if (replaced) {
      inARow.put(role, 0);
      replace(role, name);
    }
    return new Failed(role, e);
  }

  private void replace(AdviserRole role, String name) {
    switch (role) {
      case POLICY -> {
        // The default, or, should that one be broken, the simplest there is.
        policy = Policies.byName(name.equals("atll") ? "leveled" : "atll", seed);
        events.run(
            () ->
                events.emit(
                    new EngineEvent.PolicyChanged(
                        clock.nanoTime(), Label.of(name), Label.of(policy.name()))));
      }
      case PICKER -> picker = Pickers.byName("index", seed);
      case LEARNER -> tuner = new ThetaTuner(Learners.byName("off", seed), base, halfLifeOps);
    }
  }

  private String nameOf(AdviserRole role) {
    Supplier<String> name =
        switch (role) {
          case POLICY -> policy::name;
          case PICKER -> picker::name;
          case LEARNER -> () -> "learner";
        };
    try {
      return name.get();
    } catch (Throwable e) {
      return "unknown";
    }
  }
}
