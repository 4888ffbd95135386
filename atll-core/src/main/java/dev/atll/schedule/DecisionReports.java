package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.kernel.Action;
import dev.atll.policy.AdaptivityGain;
import dev.atll.policy.Candidate;
import dev.atll.policy.Chooser;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.tree.ReadState;
import dev.atll.tree.SlotHeat;
import dev.atll.version.Version;
import java.util.List;

/**
 * Tells of decisions, writes them down for those who ask for detail, and measures what they brought: for the
 * picker, which learns from it. Guarded by the decider's lock.
 */
final class DecisionReports {
  /** A look, as far as it has come. */
  record Look(
      ReadState state,
      TreeSnapshot now,
      double decay,
      List<Candidate> candidates,
      Chooser chooser,
      long operations,
      long beganNanos) {}

  private final Reports reports;
  private final Clock clock;
  private final DecisionEvents events;
  private final DecisionLog log;
  private final Advisers advisers;
  private final DecisionTerms terms;
  private final RewardBook<SlotHeat> rewards;
  private final long seed;

  DecisionReports(
      Options options,
      Reports reports,
      Clock clock,
      DecisionEvents events,
      Advisers advisers,
      DecisionTerms terms) {
    this.reports = reports;
    this.clock = clock;
    this.events = events;
    this.log = DecisionLog.of(reports, clock, options, advisers.picker().name());
    this.advisers = advisers;
    this.terms = terms;
    this.rewards = new RewardBook<>(heat -> heat.gets() + heat.seeks(), options.heatHalfLifeOps());
    this.seed = options.decisionSeed();
  }

  /** A look begins: what earlier merges brought by now is told before it chooses. */
  void begin(List<SlotHeat> gone, long operations, long nowNanos) {
    rewards.forget(gone);
    reports.run(() -> log.begin(advisers.policy(), advisers.picker()));
    for (RewardBook.Reward reward : rewards.due(operations, nowNanos)) {
      tell(reward);
    }
  }

  /** A candidate of the look under way could not be carried out. */
  void refused(int position) {
    log.refused(position);
  }

  /** A look came to nothing. */
  void nothing(Look look) {
    reports.run(() -> looked(0, look, -1));
  }

  private void looked(long decisionId, Look look, int chosen) {
    log.looked(
        decisionId,
        look.state().version(),
        look.now(),
        look.decay(),
        look.candidates().size(),
        chosen);
  }

  /** Tells of a decision, and notes what it should bring. Never throws: what was leased has an owner. */
  void made(long decisionId, Look look, int chosen) {
    reports.run(
        () -> {
          looked(decisionId, look, chosen);
          tellMade(decisionId, look, chosen);
        });
  }

  private void tellMade(long decisionId, Look look, int chosen) {
    Version version = look.state().version();
    TreeSnapshot now = look.now();
    Candidate candidate = look.candidates().get(chosen);
    events.made(
        decisionId,
        version,
        advisers.policy().name(),
        now,
        look.candidates(),
        chosen,
        now.theta(),
        terms.price(),
        advisers.tuner(),
        look.chooser(),
        seed,
        look.beganNanos());
    if (candidate.costNanos() > 0) {
      expectReward(decisionId, look, candidate);
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

  private void expectReward(long decisionId, Look look, Candidate chosen) {
    Action action = chosen.action();
    SlotFacts slot = look.now().level(action.level()).slots().get(action.slot());
    SlotHeat heat = look.state().tree().levels()[action.level() - 1].slots()[action.slot()].heat();
    for (RewardBook.Reward reward :
        rewards.open(
            decisionId,
            advisers.policy().name(),
            advisers.tuner().arm(),
            slot,
            heat,
            chosen,
            look.operations(),
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
}
